"""XML read safely, and the few things that every Open-PSA element has: a name, contents, numbers."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from xml.parsers import expat

from faultlab.errors import BadInput

MOST_DEPTH = 200
IGNORED = {"label", "attributes"}
# XML Schema, part 2: what Python reads beside it (1_000, other digits) is no number in XML.
_DOUBLE = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_SPACES = " \t\r\n"
_SPACE = re.compile(f"[{_SPACES}]+")


def parsed(content: bytes, name: str) -> ET.Element:
    """The root element of a document without a document type (so without entities) or endless nesting.

    Parameters
    ----------
    content : bytes
    name : str
        Of the file, for messages.

    Returns
    -------
    xml.etree.ElementTree.Element

    Raises
    ------
    BadInput
        For XML that does not parse, a document type, or what would include another file.
    """
    parser = expat.ParserCreate()
    builder = ET.TreeBuilder()
    depth = 0

    def start_doctype(*_):
        raise BadInput(
            f"{name} declares a document type or entities; remove the <!DOCTYPE> and what it holds."
        )

    def start(tag, attributes):
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise BadInput(f"{name} nests elements over {MOST_DEPTH} deep; name the inner gates instead.")
        if tag.endswith("include") and tag.rpartition(":")[2] == "include":
            raise BadInput(
                f"{name}: <{tag}> of {attributes.get('href', 'another file')!r} is not followed; remove it, "
                "and give both files one after the other, as in `fta A.xml B.xml`."
            )
        builder.start(tag, attributes)

    def end(tag):
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as wrong:
        raise BadInput(f"{name} is not XML that can be read ({wrong}); save it as Open-PSA XML.") from None
    except (ValueError, LookupError) as wrong:
        if isinstance(wrong, BadInput):
            raise
        raise BadInput(f"{name} is not XML that can be read ({wrong}); save it as UTF-8.") from None
    return builder.close()


def named(element: ET.Element) -> str:
    """The name of an element, without white space around it and with one space for any inside.

    Raises
    ------
    BadInput
        If it has none.
    """
    name = element.get("name", "")
    if not name.isidentifier() and _SPACE.search(name):  # the first is quick and true of most
        name = _SPACE.sub(" ", name.strip(_SPACES))
    if not name:
        raise BadInput(f"a <{element.tag}> has no name; give it one.")
    return name


def contents(element: ET.Element) -> list[ET.Element]:
    """What an element holds, but for labels and attributes."""
    return [child for child in element if child.tag not in IGNORED]


def written(element: ET.Element, attribute: str) -> str | None:
    """An attribute without white space around it; None where there is none."""
    value = element.get(attribute)
    return None if value is None else value.strip(_SPACES)


def integer(text: str | None) -> int | None:
    """The whole number that a text is in XML, or None."""
    # Python refuses to read thousands of digits; no count has as many.
    return int(text) if text is not None and len(text) < 400 and _INTEGER.fullmatch(text) else None


def number(element: ET.Element) -> float:
    """The value of a <float>, <int> or <bool>.

    Raises
    ------
    BadInput
        For what is no such number in XML, or not finite.
    """
    value, tag = written(element, "value"), element.tag
    if tag == "bool":
        if value not in ("true", "false", "1", "0"):
            raise BadInput(f"<bool> needs the value true or false, not {value!r}.")
        return float(value in ("true", "1"))
    if value is None or not (_INTEGER if tag == "int" else _DOUBLE).fullmatch(value):
        kind = "a whole number" if tag == "int" else "a finite number"
        raise BadInput(f"<{tag}> needs a value that is {kind}, not {value!r}.")
    found = float(value)
    if not math.isfinite(found):
        raise BadInput(f"{value!r} is no finite number.")
    if not found and re.search("[1-9]", re.split("[eE]", value)[0]):
        raise BadInput(
            f"{value!r} is below the smallest number here, 1e-308; write 0 for what never happens."
        )
    return found
