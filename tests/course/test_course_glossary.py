"""The course's words: each is used and has one sentence, and none goes without one at its first use."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]_*.ipynb"))
FORMS = {
    form: sentence
    for names, sentence in yaml.safe_load((COURSE / "glossary.yaml").read_text(encoding="utf-8")).items()
    for form in names.split(", ")
}
NAMES = {
    "EUR",
    "US",
    "TSB",
    "AWS",
    "CNBC",
    "VDA",
    "AIAG",
    "CSV",
    "XLSX",
    "II",
    "III",
    "AD",
    "SQL",
    "MFA",
    "WAN",
}
"""Not words of the course: money, people, files, products, outages by name, Roman numbers."""
DEFINED = re.compile(r"(?<!\*)(\*{1,2})([A-Za-z][\w -]{1,30})\1(?!\*)")
NO_TERMS = set(
    re.split(
        r",\s+",
        """and, or, because, before, bet, fix, file, kill, more, new, none, number, start, terminal, was,
    your, how much, in this lesson, you will be able to decide, a year of outages, may fail, must
    work, keep good, with one retry, retries undo that, be chaos monkey yourself, steps were left
    out, loses orders during failover, at the end you sign, at the end you decide, run it again,
    two of eight, only the worksheet, the block diagram, root cause, union, criticality, tasks,
    job, limit, production, promises, in series, in parallel, timeouts""",
    )
)
"""Emphasised for the weight of it, because it is pressed, or with a plain meaning of its own elsewhere."""


def prose(path):
    """What a lesson says in its own text, without code and without its sources."""
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
    body = "\n\n".join(cells).partition("## Sources")[0]
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|(?m:^#+ [^\n]*$)", " ", body, flags=re.S)


def uses(text, form):
    return re.search(rf"(?<![\w-]){re.escape(form)}s?(?![\w-])", text, 0 if form.isupper() else re.IGNORECASE)


TEXTS = {path.stem: prose(path) for path in LESSONS}


def test_every_word_of_the_glossary_is_used_by_a_lesson():
    names = yaml.safe_load((COURSE / "glossary.yaml").read_text(encoding="utf-8"))
    idle = [
        word
        for word in names
        if not any(uses(text, form) for form in word.split(", ") for text in TEXTS.values())
    ]
    assert idle == []


def test_every_word_has_one_sentence_in_one_plain_line():
    words = list(yaml.safe_load((COURSE / "glossary.yaml").read_text(encoding="utf-8")))
    assert words == sorted(words, key=lambda names: names.split(", ")[0].lower())
    for line in (COURSE / "glossary.yaml").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            assert re.fullmatch(r"[A-Za-z][\w ,-]*: [A-Z][^:#\"]*[^. ]\.", line), line
    assert len(FORMS) == len({form.lower() for form in FORMS}), "a form stands for one word"


@pytest.mark.parametrize("name", TEXTS)
def test_an_acronym_is_explained_where_a_lesson_uses_it_first(name):
    text, bare = TEXTS[name], {}
    for acronym in set(re.findall(r"(?<!-)\b[A-Z]{2,6}\b", text)) - NAMES - FORMS.keys():
        first = re.search(rf"\b{acronym}\b", text).start()
        near = text[max(0, first - 40) : first + len(acronym) + 40]
        if not re.search(rf"\*{acronym}\*|{acronym}\*{{0,2}} ?\(|\(\*{{0,2}}{acronym}", near):
            bare[acronym] = near
    assert bare == {}


def test_a_term_that_one_lesson_defines_is_in_the_glossary_if_another_uses_it():
    homes = {}
    for name, text in TEXTS.items():
        for found in DEFINED.finditer(text):
            homes.setdefault(found[2].strip().lower(), set()).add(name)
    known = NO_TERMS | {f"{form.lower()}{plural}" for form in FORMS for plural in ("", "s")}
    lacking = {
        term: [name for name, text in TEXTS.items() if name not in homes[term] and uses(text, term)]
        for term in homes.keys() - known
    }
    assert {term: where for term, where in lacking.items() if where} == {}
