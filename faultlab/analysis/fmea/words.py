"""The heads of worksheets: which words stand for which field, in English and German.

To teach the reader another head, add it to `HEADS` in lower case, without brackets and signs.
"""

import difflib
import functools
import re
import unicodedata

# A field's heads, the better ones first. Heads in one line mean the same, and a sheet has one of them;
# of two heads in different lines the earlier is the field, and the other column is carried through.
HEADS = {
    "item": (
        "item, items, item function, process step function, element, bauelement",
        "component, part, asset, module, unit, equipment, machine, komponente, bauteil, teil, baugruppe",
        "focus element, fokuselement, betrachtungseinheit, einheit",
        "subsystem, teilsystem, service, dienst",
        "process step, process, prozessschritt, arbeitsgang, prozess",
        "system element, systemelement, system",
    ),
    "function": (
        "function, functions, funktion, funktionen",
        "process function, process function requirements, requirement, requirements, anforderung, "
        "anforderungen",
    ),
    "failure_mode": (
        "failure mode, failure modes, fehlerart, fehlerarten, fehlermodus, ausfallart, versagensart",
        "mode, modes, failure, failures, fehler",
    ),
    "effect": (
        "effect, effects, failure effect, failure effects, effects of failure, effect of failure, "
        "failure mode effect, failure mode effects, effects of failure mode, "
        "fehlerfolge, fehlerfolgen, folge, folgen, fehlerauswirkung, auswirkung, auswirkungen",
        "end effect, end effects, system effect",
        "next level effect, next higher effect",
        "local effect, local effects",
    ),
    "cause": (
        "cause, causes, failure cause, failure causes, causes of failure, cause of failure, root cause, "
        "root causes, cause mechanism, causes mechanisms, cause mechanism of failure, "
        "causes mechanisms of failure, cause s mechanism s of failure, "
        "fehlerursache, fehlerursachen, ursache, ursachen",
    ),
    "controls": (
        "controls, control, current control, process controls, design controls, process control, "
        "design control, massnahmen, aktuelle massnahmen, derzeitige massnahmen",
    ),
    "prevention_controls": (
        "prevention controls, prevention control, controls prevention, control prevention, "
        "preventive controls, preventive control, prevention, design controls prevention, "
        "process controls prevention, vermeidungsmassnahme, vermeidungsmassnahmen",
    ),
    "detection_controls": (
        "detection controls, detection control, controls detection, control detection, "
        "detective controls, detective control, design controls detection, process controls detection, "
        "entdeckungsmassnahme, entdeckungsmassnahmen",
    ),
    "severity": ("severity, sev, s, schwere, bedeutung, bedeutung der folge",),
    "occurrence": (
        "occurrence, occ, o, occurance, probability of occurrence, auftreten, "
        "auftretenswahrscheinlichkeit, probability, likelihood, likelihood of occurrence",
    ),
    "detection": (
        "detection, det, d, detectability, detectibility, entdeckung, "
        "entdeckungswahrscheinlichkeit, likelihood of detection",
    ),
    "action": (
        "recommended action, recommended actions, action recommended, actions recommended, "
        "empfohlene massnahme, empfohlene massnahmen",
        "action, actions, corrective action, corrective actions, abstellmassnahme, abstellmassnahmen",
        "prevention action, preventive action, preventive actions",
        "detection action",
    ),
    "action_taken": (
        "action taken, actions taken, taken action, taken actions, completed action, completed actions, "
        "getroffene massnahme, getroffene massnahmen, umgesetzte massnahme, umgesetzte massnahmen",
    ),
    "rpn": ("rpn, risk priority number, rpz, risikoprioritatszahl",),
    "action_priority": ("action priority, ap, aufgabenprioritat",),
    "frequency": ("frequency, haufigkeit",),
    "monitoring": ("monitoring, uberwachung",),
    "section": ("section, abschnitt",),
    "sheet": ("sheet, worksheet",),
}
# Letters that are ratings only if the head has all of them.
GERMAN_LETTERS = {"b": "severity", "a": "occurrence", "e": "detection"}
# Words of a head that say: after the action. They make "new severity" the field severity_after.
AFTER = frozenset(
    (
        *("after", "new", "revised", "resulting", "result", "results", "residual", "final", "post"),
        *("improved", "optimized", "optimised", "optimization", "optimisation"),
        *("nach", "nachher", "neu", "neue", "neuer", "verbessert", "verbesserter", "danach"),
    )
)
_ALSO_AFTER = ("severity", "occurrence", "detection", "rpn", "action_priority")
# Words that say nothing more: before and behind the head.
_BEFORE = frozenset(
    (
        *(
            "the",
            "dfmea",
            "pfmea",
            "fmea",
            "potential",
            "possible",
            "current",
            "existing",
            "present",
            "initial",
        ),
        *("mogliche", "potenzielle", "aktuelle"),
    )
)
_BEHIND = frozenset(
    ("rating", "ratings", "rank", "ranking", "score", "value", "name", "description", "bewertung")
)
_CLOSE = 0.84  # how alike a long word and a misspelt one are, from 0 to 1
_LONGEST = 500  # letters: what is longer is text and no head
_LONG = 6  # letters: shorter words are too alike to be corrected


def plain_head(head: str) -> str:
    r"""Return a head as the table has it: lower case, without brackets, signs and accents.

    Parameters
    ----------
    head : str

    Returns
    -------
    str

    Examples
    --------
    >>> [plain_head(one) for one in ("Potential failure mode(s)", "failureMode", "Severity\n(S)", "(S)")]
    ['potential failure modes', 'failure mode', 'severity', 's']
    """
    text = unicodedata.normalize("NFKD", head.replace("ß", "ss"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    text = re.sub(r"(?<=\w)\((s|es|n|en)\)", r"\1", text)
    without = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", _kept_of_brackets, text)
    text = without if re.search(r"\w", without) else text
    return " ".join(re.findall(r"[^\W_]+", text))


def _kept_of_brackets(found):
    """What stands in brackets only explains, but for "after" and its like."""
    return f" {found[0]} " if AFTER & set(re.findall(r"\w+", found[0])) else " "


@functools.lru_cache(maxsize=10_000)
def fields_of(head: str) -> tuple[tuple[str, int], ...]:
    """Return the fields that a head may stand for.

    Parameters
    ----------
    head : str

    Returns
    -------
    tuple of (str, int)
        A field, and how far off the head is: 0 for a field's best words, more for others.

    Examples
    --------
    >>> fields_of("Potential Failure Mode(s)"), fields_of("Occurence"), fields_of("Revised Sev")
    ((('failure_mode', 0),), (('occurrence', 200),), (('severity_after', 0),))
    >>> fields_of("Cost")
    ()
    """
    if len(head) > _LONGEST:
        return ()
    words = plain_head(head).split()
    found = _matches(words)
    numbered = re.fullmatch(r"([a-z]+)([12])", words[-1]) if words else None  # S1 and S2: before and after
    if not found and numbered:
        words = [*words[:-1], numbered[1], *(["after"] if numbered[2] == "2" else [])]
        found = [one for one in _matches(words) if one[0] in _ALSO_AFTER]
    if not found and AFTER & set(words):
        rest = [word for word in words if word not in AFTER]
        rated = [word for word in rest if word not in ("action", "actions", "massnahme")]
        found = [
            (f"{field}_after", far)
            for field, far in _matches(rest) or _matches(rated)
            if field in _ALSO_AFTER
        ]
    return tuple(found)


def _matches(words):
    far = 0
    while words and (words[-1].isdigit() or words[-1] in _BEHIND) and " ".join(words) not in _EXACT:
        words, far = words[:-1], 10
    kept = [word for word in words if word not in _BEFORE]
    places = [
        place for place, word in enumerate(kept) if word in ("of", "to", "der", "des") or word.isdigit()
    ]
    cut = kept[: places[0]] if places else []  # without whose failure mode it is, or what 1 and 10 mean
    for tried, farther in ((words, 0), (kept, 0), (cut, 100)):
        found = _EXACT.get(" ".join(tried))
        if found:
            return [(found[0], found[1] + far + farther)]
    close = _corrected(kept)
    return [(close[0], close[1] + 200)] if close else []


def _corrected(words):
    """The field whose head has the same words but for misspelt long ones."""
    best, alike = None, _CLOSE
    for known, found in _BY_LENGTH.get(len(words), ()):
        least = min(_alike(word, right) for word, right in zip(words, known, strict=True))
        if least >= alike and (best is None or least > alike):
            best, alike = found, least
    return best


def _alike(word, right):
    """How alike two words are, from 0 to 1; of different short ones, or from another letter on, 0."""
    if word == right:
        return 1.0
    if min(len(word), len(right)) < _LONG or word[0] != right[0] or abs(len(word) - len(right)) > 2:
        return 0.0
    return difflib.SequenceMatcher(None, word, right, autojunk=False).ratio()


_NEVER_GUESSED = ("section", "sheet", "action", "action_taken", "frequency", "monitoring")
_EXACT = {
    word.strip(): (field, far)
    for field, lines in HEADS.items()
    for far, line in enumerate(lines)
    for word in line.split(",")
}
_BY_LENGTH: dict[int, list] = {}
for _head, _found in _EXACT.items():
    if _found[0] not in _NEVER_GUESSED:
        _BY_LENGTH.setdefault(len(_head.split()), []).append((_head.split(), _found))
