"""The kinds of task, each named by how its answer is checked: Number, Choice, Names, Table, Function.

A task is a value: what is asked, the numbers that a team gets, the reference that is computed from
them, hints in steps, and the misconceptions, each with the hint that speaks to it.
"""

from __future__ import annotations

import copy
import inspect
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from faultlab.classroom.answers import plain, sandbox, typed
from faultlab.classroom.answers.plain import shown
from faultlab.classroom.answers.sandbox import Case, Result
from faultlab.classroom.learner.seeds import Draw, numbers_draw

if TYPE_CHECKING:
    from faultlab.views.kit import Picture


NOT_STARTED, TRY_AGAIN, CORRECT = "not started", "try again", "correct"
_GIVEN: dict[tuple[Callable[..., Any], Callable[..., Any] | None, str], list[Result]] = {}


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Parameters
    ----------
    state : str
        "not started", "try again" or "correct".
    message : str
        One or two sentences for the learner.
    misconception : str
        The name of the misconception that was recognised, or "".
    earned : float
        The share of the task's points, from 0 to 1.
    """

    state: str
    message: str
    misconception: str = ""
    earned: float = 0.0


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people give, and the hint that speaks to it.

    Parameters
    ----------
    name : str
        What is believed ("adds the MTTRs").
    answer : callable
        From the team's numbers to the wrong answer; for a `Function` task, the wrong function itself.
    hint : str
        What to say to it. May name the team's numbers in braces.
    """

    name: str
    answer: Callable[..., Any]
    hint: str


@dataclass(frozen=True, kw_only=True)
class Task:
    name: str
    title: str
    question: str
    reference: Callable[..., Any]
    hints: tuple[str, ...]
    misconceptions: tuple[Misconception, ...]
    solution: Any = ""
    points: int = 1
    draw: Callable[[Draw], dict[str, Any]] = field(default=lambda draw: {})
    stream: str = ""
    why: str = ""
    """Said when an answer is right: why it is, and what to do with it at work. May name numbers in braces."""

    def numbers(self, team: str, lab: str) -> SimpleNamespace:
        """The team's own numbers, as attributes."""
        return SimpleNamespace(**self.draw(numbers_draw(team, lab, self.stream or self.name)))

    def asked(self, numbers: SimpleNamespace) -> str:
        """The question with the team's numbers in it."""
        return self.filled(self.question, numbers)

    def filled(self, text: str, numbers: SimpleNamespace, **more: object) -> str:
        """A text with the team's numbers in it."""
        return text.format_map(vars(numbers) | more) if "{" in text else text

    def hint(self, step: int, numbers: SimpleNamespace) -> str | None:
        """The hint of a step, counted from 0; None after the last."""
        return self.filled(self.hints[step], numbers) if step < len(self.hints) else None

    def explained(self, numbers: SimpleNamespace) -> str:
        """The solution in words, with the team's numbers and `{answer}` filled in."""
        answer = self.reference(numbers)
        return self.filled(self.solution or "{answer}", numbers, answer=self.as_text(answer))

    def as_text(self, answer: Any) -> str:
        """An answer as it is shown."""
        return shown(answer)

    def check(self, answer: object, numbers: SimpleNamespace) -> Outcome:
        """Check a plain answer.

        Parameters
        ----------
        answer : object
            Plain data: what the learner typed.
        numbers : SimpleNamespace
            From `numbers(team, lab)`.

        Returns
        -------
        Outcome
        """
        if typed.is_placeholder(answer):
            return Outcome(NOT_STARTED, "There is no answer yet.")
        try:
            given = self.read(answer)
        except typed.Unread as problem:
            return Outcome(TRY_AGAIN, str(problem))
        if self.same(given, self.reference(numbers)):
            return Outcome(
                CORRECT, f"{self.praise(given)} {self.filled(self.why, numbers)}".rstrip(), earned=1.0
            )
        for wrong in self.misconceptions:
            if self.same(given, wrong.answer(numbers)):
                return Outcome(TRY_AGAIN, self.filled(wrong.hint, numbers), wrong.name)
        return Outcome(TRY_AGAIN, self.miss(given, numbers))

    def read(self, answer: object) -> Any:
        """A plain answer as the task compares it; `typed.Unread` says what is wrong with it."""
        return answer

    def same(self, given: Any, expected: Any) -> bool:
        """Whether an answer is the expected one."""
        return given == expected

    def picture(self, answer: object) -> Picture | None:
        """A `Picture` of an answer, shown below what came out; None where there is none."""

    def praise(self, given: Any) -> str:
        return f"You answered {self.as_text(given)}."

    def miss(self, given: Any, numbers: SimpleNamespace) -> str:
        return f"You answered {self.as_text(given)}. That is not it yet: a hint helps."


@dataclass(frozen=True, kw_only=True)
class Number(Task):
    """A number, right within a tolerance.

    Parameters
    ----------
    unit : str
        What is asked for, such as "minutes", "EUR a year" or "%".
    tolerance : float
        Relative: 0.005 takes an answer that is rounded to three digits.
    absolute : float
        What is always allowed, for answers near zero and for percentages with nines.
    whole : bool
        Whether it is a whole number of something, which no tolerance applies to.
    decimals : int, optional
        How many decimals are asked for: the answer rounded to so many is right, and any nearer one.
    """

    unit: str = ""
    tolerance: float = 0.005
    absolute: float = 1e-9
    whole: bool = False
    decimals: int | None = None

    def read(self, answer: object) -> float:
        return typed.number(answer, self.unit, whole=self.whole, question=self.question)

    def same(self, given: float, expected: float) -> bool:
        if self.whole:
            return math.isclose(given, float(expected), rel_tol=1e-12)
        if self.decimals is not None:
            return abs(given - float(expected)) <= 0.500001 * 10**-self.decimals
        return math.isclose(given, float(expected), rel_tol=self.tolerance, abs_tol=self.absolute)

    def as_text(self, answer: float) -> str:
        number = f"{float(answer):,.10g}" if self.unit == "%" else typed.plainly(float(answer))
        return f"{number} {self.unit}".strip()

    def miss(self, given: float, numbers: SimpleNamespace) -> str:
        expected = float(self.reference(numbers))
        said = f"You answered {self.as_text(given)}."
        if self.whole and not given.is_integer():
            return f"{said} This asks for a whole number."
        if self.decimals is not None and abs(given - expected) < 10 ** (1 - self.decimals):
            return f"{said} That is close: round to {self.decimals} decimals or more, and don't cut off."
        slip = _slip(given, expected, self.same)
        if slip:
            return f"{said} {slip}"
        side = "high" if given > expected else "low"
        return f"{said} That is too {side}."


def _slip(given, expected, same):
    """Name a slip of units or of sign, where the answer shows one."""
    if same(-given, expected):
        return "Right size, wrong sign."
    for factor, what in (
        (60, "mix up minutes and hours, or seconds and minutes"),
        (3600, "mix up seconds and hours"),
        (24, "mix up hours and days"),
        (100, "mix up a fraction and a percentage"),
        (12, "mix up a month and a year"),
        (365, "mix up a day and a year"),
        (30, "mix up a day and a month"),
        (1000, "drop or add three zeros"),
    ):
        for direction in (factor, 1 / factor):
            if same(given * direction, expected):
                times = "too small" if direction > 1 else "too large"
                return f"Your answer is {factor:,} times {times}. Did you {what}?"
    if 0 <= given <= 1 and same(1 - given, expected):
        return "That is one minus the answer: you mixed up uptime and downtime."
    if 0 <= given <= 100 and same(100 - given, expected):
        return "That is 100 minus the answer: you mixed up uptime and downtime."
    return ""


@dataclass(frozen=True)
class Wrong:
    """An option that isn't right: its text, what is believed by whoever takes it, and the hint for them."""

    text: str
    belief: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Choice(Task):
    """One of several options, named by its letter.

    Parameters
    ----------
    options : dict
        Letter to text, or to a `Wrong` with what is said to whoever takes it; every wrong option deserves its
        own answer. Where the team's numbers decide which is right, `reference` and `misconceptions` say it.
    """

    options: dict[str, str | Wrong]
    reference: Callable[..., Any] = None  # type: ignore[assignment]  # set below, where it is left out
    misconceptions: tuple[Misconception, ...] = ()

    def __post_init__(self):
        wrong = {letter: one for letter, one in self.options.items() if isinstance(one, Wrong)}
        right = [letter for letter in self.options if letter not in wrong]
        said = [Misconception(one.belief, lambda n, to=to: to, one.hint) for to, one in wrong.items()]
        object.__setattr__(self, "misconceptions", (*said, *self.misconceptions))
        if self.reference is None:
            object.__setattr__(self, "reference", lambda n: right[0])

    @property
    def texts(self) -> dict[str, str]:
        """The options in words, by their letters."""
        return {letter: one.text if isinstance(one, Wrong) else one for letter, one in self.options.items()}

    def asked(self, numbers: SimpleNamespace) -> str:
        listed = "\n".join(f"{letter}) {self.filled(text, numbers)}" for letter, text in self.texts.items())
        return f"{self.filled(self.question, numbers)}\n{listed}"

    def read(self, answer: object) -> str:
        return typed.letter(answer, self.texts)

    def praise(self, given: str) -> str:
        return f"You answered {self.as_text(given)}".rstrip(".") + "."

    def as_text(self, answer: str) -> str:
        text = self.texts[answer]
        return f"{answer}) {text}" if "{" not in text else str(answer)


@dataclass(frozen=True, kw_only=True)
class Names(Task):
    """Several names in any order, as a list or one text with commas.

    Parameters
    ----------
    letters : str
        What can be chosen, where the names are letters.
    """

    letters: str = ""

    def read(self, answer: object) -> set[str]:
        return typed.words(answer, self.letters)

    def same(self, given: Iterable[str], expected: Iterable[str]) -> bool:
        return typed.same_names(given, typed.words(expected))

    def as_text(self, answer: Iterable[str]) -> str:
        named = sorted(typed.words(answer))
        shown_as = str.upper if self.letters else lambda name: name.replace("_", " ")
        return ", ".join(shown_as(name) for name in named) or "none"

    def miss(self, given: Iterable[str], numbers: SimpleNamespace) -> str:
        expected = {typed.name_key(name) for name in typed.words(self.reference(numbers))}
        extra = sorted(name for name in given if typed.name_key(name) not in expected)
        right = len({typed.name_key(name) for name in given} & expected)
        said = f"You named {self.as_text(given)}."
        if not right:
            return said + (" None of these is right yet." if len(extra) > 1 else " That isn't right yet.")
        part = f"{right} of the {len(expected)}" if right < len(expected) else "all the right ones"
        other = f", but “{self.as_text(extra[:1])}” doesn't belong" if extra else ""
        return f"{said} You have {part}{other}."


@dataclass(frozen=True, kw_only=True)
class Table(Task):
    """A list, dictionary or table of plain values; numbers right within a tolerance."""

    tolerance: float = 0.005
    absolute: float = 1e-9

    def same(self, given: object, expected: object) -> bool:
        return difference(given, expected, self.tolerance, self.absolute) == ""

    def miss(self, given: object, numbers: SimpleNamespace) -> str:
        where = difference(given, self.reference(numbers), self.tolerance, self.absolute, tell=False)
        return f"You gave {shown(given, 80)}. {where[:1].upper()}{where[1:]}."


@dataclass(frozen=True, kw_only=True)
class Function(Task):
    """A function, called on cases in a process with limits.

    Parameters
    ----------
    reference : callable
        From a case's arguments to what is expected: the package's own function.
    solution : callable
        The function as a learner would write it; its source is what `.solution()` shows, and mutants
        of it prove the cases.
    cases : callable
        From a `Draw` to a list of `Case`.
    drive : callable, optional
        `drive(function, *args)` runs instead of the function and returns plain data, for functions
        that are judged by what they do. It is defined outside `faultlab.classroom.tasks`.
    equivalent : tuple of str
        Mutants that no case can tell from the solution: a piece of each, as the proof prints it.
    """

    cases: Callable[[Draw], list[Case]]
    drive: Callable[..., Any] | None = None
    tolerance: float = 1e-6
    absolute: float = 1e-9
    seconds: float = 5.0
    equivalent: tuple[str, ...] = ()

    def explained(self, numbers: SimpleNamespace) -> str:
        return textwrap.dedent(inspect.getsource(self.solution))

    def cases_for(self, team: str, lab: str) -> list[Case]:
        """The cases of a team."""
        return self.cases(numbers_draw(team, lab, (self.stream or self.name) + " cases"))

    def expected(self, case: Case) -> Any:
        """What a case should give."""
        args, kwargs = copy.deepcopy((case.args, case.kwargs))
        found = self.drive(self.reference, *args, **kwargs) if self.drive else self.reference(*args, **kwargs)
        return plain.decode(plain.encode(found))

    def check_function(self, function: object, cases: Sequence[Case]) -> Outcome:
        """Run a learner's function and judge it."""
        if typed.is_placeholder(function):
            return Outcome(NOT_STARTED, "Write the function, then run this again.")
        if not callable(function):
            return Outcome(
                TRY_AGAIN,
                "Pass the function itself, that is, its name without brackets. "
                f"You passed {shown(function, 60)}.",
            )
        if is_stub(function):
            return Outcome(NOT_STARTED, "The function is still empty: write its lines, then run this again.")
        results = sandbox.run_cases(function, cases, self.seconds, self.drive)
        return self.judge(getattr(function, "__name__", self.name), cases, results)

    def judge(self, called: str, cases: Sequence[Case], results: Sequence[Result]) -> Outcome:
        """Compare what came back with what was expected."""
        failures: list[tuple[Case, Result | None, str]] = []
        for case, result in zip(cases, results, strict=False):
            message = self._failure(called, case, result)
            if message:
                failures.append((case, result, message))
        failures += [(case, None, "") for case in cases[len(results) :]]
        if not failures:
            return Outcome(CORRECT, f"{called} is right in all {len(cases)} cases.", earned=1.0)
        passed = len(cases) - len(failures)
        # One lucky case is no half of a function: points start where at least half of the cases pass.
        earned = passed / len(cases) if passed * 2 >= len(cases) else 0.0
        wrong = self._recognise(cases, results)
        words = failures[0][2] + (f" {wrong.hint}" if wrong else "")
        count = f" ({passed} of {len(cases)} cases are right.)"
        return Outcome(TRY_AGAIN, words + count, wrong.name if wrong else "", earned)

    def _failure(self, called, case, result):
        what = f"I called {case.written(called)} ({case.name})"
        expected = self.expected(case)
        wanted = f"Expected: {shown(expected, 120)}."
        if result.kind == "returned":
            where = difference(result.value, expected, self.tolerance, self.absolute)
            if not where:
                return ""
            print_hint = " It printed something: return the value instead." if result.printed else ""
            got = "nothing (None)" if result.value is None else shown(result.value, 120)
            return f"{what}; it returned {got}. {wanted}{print_hint}"
        if result.kind == "changed":
            return f"{what}; it changed the list or dictionary that it was given. Work on a copy."
        if result.kind == "odd":
            return f"{what}; it returned {result.words}. {wanted}"
        if result.kind == "raised":
            return f"{what}; it raised {result.words.rstrip('.')}. {wanted}"
        return f"{what}; {result.words}. {wanted}"

    def _recognise(self, cases, results):
        """The misconception whose function gives just what came back, in every case."""
        if len(results) < len(cases) or any(result.kind != "returned" for result in results):
            return None
        return next(
            (wrong for wrong in self.misconceptions if self._gives(wrong.answer, cases, results)), None
        )

    def _gives(self, function, cases, results):
        # Most are told apart by the first case, and a case may take its time.
        for part in (slice(1), slice(1, None)):
            theirs = self._known(function, cases[part]) if cases[part] else []
            if len(theirs) < len(cases[part]) or not all(
                one.kind == other.kind
                and not difference(one.value, other.value, self.tolerance, self.absolute)
                for one, other in zip(results[part], theirs, strict=True)
            ):
                return False
        return True

    def _known(self, function, cases):
        """What the function of a misconception gives: worked out once, since learners try more than once."""
        key = (function, self.drive, repr(cases))
        if key not in _GIVEN:
            given = sandbox.run_cases(function, cases, self.seconds, self.drive)
            if any(one.kind in ("slow", "stopped") for one in given):
                return given
            _GIVEN[key] = given
        return _GIVEN[key]


def is_stub(function: object) -> bool:
    """Return whether a function has no lines of its own yet: dots, `pass` or a docstring.

    >>> def empty(x):
    ...     '''Say what it does.'''
    ...     ...
    >>> is_stub(empty), is_stub(lambda x: x)
    (True, False)
    """
    import dis

    code = getattr(function, "__code__", None)
    if code is None:
        return False
    allowed = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS", "POP_TOP"}
    steps = list(dis.get_instructions(code))
    if any(step.opname not in allowed for step in steps):
        return False
    returned = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return not returned or returned[-1] is None or returned[-1] is ...


def difference(
    given: Any,
    expected: Any,
    tolerance: float = 1e-6,
    absolute: float = 1e-9,
    tell: bool = True,
    place: str = "",
) -> str:
    """Say in words where two plain values differ; "" where they are the same.

    Numbers agree within the tolerance; lists and tuples are the same thing here, True and 1 are not.

    Examples
    --------
    >>> difference([1, 2], [1, 2.0000000001]), difference({"a": 1}, {"a": 2})
    ('', "at 'a': 1 where 2 was expected")
    """
    at = f"at {place}: " if place else ""
    wanted = shown(expected, 60) if tell else "something else"
    if isinstance(expected, bool) or expected is None or isinstance(given, bool):
        same = type(given) is type(expected) and given == expected
        return "" if same else f"{at}{shown(given, 60)} where {wanted} was expected"
    if isinstance(expected, int | float):
        if not isinstance(given, int | float):
            return f"{at}{shown(given, 60)} where a number was expected"
        if given == expected or (given != given and expected != expected):
            return ""
        try:
            close = math.isclose(given, expected, rel_tol=tolerance, abs_tol=absolute)
        except OverflowError:
            close = False
        return "" if close else f"{at}{shown(given, 60)} where {wanted} was expected"
    if isinstance(expected, list | tuple):
        if not isinstance(given, list | tuple):
            return f"{at}{shown(given, 60)} where a list was expected"
        if len(given) != len(expected):
            return f"{at}{len(given)} items where {len(expected)} were expected"
        inside = (
            difference(one, other, tolerance, absolute, tell, f"{place}[{i}]")
            for i, (one, other) in enumerate(zip(given, expected, strict=True))
        )
        return next((words for words in inside if words), "")
    if isinstance(expected, dict):
        if not isinstance(given, dict):
            return f"{at}{shown(given, 60)} where a dictionary was expected"
        if set(given) != set(expected):
            odd = sorted(set(given) ^ set(expected), key=repr)[0]
            return f"{at}{odd!r} is {'missing' if odd in expected else 'one too many'}"
        inside = (
            difference(
                given[key],
                expected[key],
                tolerance,
                absolute,
                tell,
                f"{place}[{key!r}]" if place else repr(key),
            )
            for key in expected
        )
        return next((words for words in inside if words), "")
    same = type(given) is type(expected) and given == expected
    return "" if same else f"{at}{shown(given, 60)} where {wanted} was expected"
