"""Fault trees as plain lines: `name = expression`, in Python's own notation, read and never run."""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from dataclasses import replace
from pathlib import Path

from faultlab.analysis.engine.gates import KINDS, Gate
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.errors import BadInput
from faultlab.input_files import text_of

MOST_CHARACTERS = 1_000_000
MOST_DEPTH = 100
_OPERATORS = {ast.And: "and", ast.Or: "or"}
_CALLS = {kind: kind for kind in KINDS if kind not in ("and", "or", "not")} | {"all": "and", "any": "or"}
_DEFINITION = re.compile(
    r"""\s*(?P<name>[^\W\d]\w*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*=(?!=)(?P<value>.*)"""
)


def read_tree(path: str | Path, top: str | None = None) -> FaultTree:
    """Read a fault tree from a file of lines; see `tree_from_text`.

    Parameters
    ----------
    path : str or Path
    top : str, optional
        The top, where it is not the first line's.

    Returns
    -------
    FaultTree
    """
    try:
        tree = tree_from_text(text_of(path, MOST_CHARACTERS, "a tree in lines"))
        return tree if top is None else replace(tree, top=top)
    except BadInput as wrong:
        said, name = str(wrong), Path(path).name
        raise BadInput(said if name in said else f"{name}, {said}") from None


def tree_from_text(text: str) -> FaultTree:
    """Return the fault tree that lines describe; the first line is the top.

    Parameters
    ----------
    text : str
        A line a name: `name = expression` for a gate, `name = 0.001` for the probability of a basic
        event, `name = True` or `False` for a house event. An expression is made of names, `and`, `or`,
        `not`, brackets, and `atleast(2, a, b, c)`, `xor(a, b)`, `nand(...)`, `nor(...)`, `iff(a, b)`,
        `imply(a, b)`, `all(...)`, `any(...)`. A name with other
        characters than letters, digits and `_` stands in quotes. What follows a `#` is a remark.

    Returns
    -------
    FaultTree

    Raises
    ------
    BadInput
        With the line and the remedy. The text is only ever parsed: no name in it is looked up and
        nothing is called.

    Examples
    --------
    >>> tree = tree_from_text(\"\"\"
    ... dark = grid and atleast(2, lamps, torch, 'candle 1')
    ... lamps = bulb or switch
    ... bulb = 0.1
    ... switch = 0.02
    ... grid = 0.01
    ... torch = 0.5
    ... 'candle 1' = 0.3
    ... \"\"\")
    >>> tree.top, tree.gates["lamps"]
    ('dark', Gate(kind='or', inputs=('bulb', 'switch'), k=None))
    >>> tree_from_text("dark = __import__('os').system('reboot')")
    Traceback (most recent call last):
    ...
    faultlab.errors.BadInput: line 1: there is no gate "__import__('os').system"; use one of atleast, xor, ...
    """
    if len(text) > MOST_CHARACTERS:
        raise BadInput(f"the text has over {MOST_CHARACTERS:,} characters; write the tree in Open-PSA XML.")
    gates, events, house = {}, {}, {}
    for line, name, written in _definitions(text):
        if name in gates or name in events or name in house:
            raise BadInput(f"line {line}: {name!r} is defined twice; remove one.")
        value = _parsed(written, line)
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            house[name] = value.value
        elif isinstance(value, ast.Constant) and isinstance(value.value, (int, float)):
            events[name] = value.value
        else:
            formula = _formula(value, line, written)
            # A name alone is an OR of one, as in Open-PSA.
            gates[name] = formula if isinstance(formula, Gate) else Gate("or", (formula,))
    if not gates:
        raise BadInput("there is no gate; the first line is the top, as in `top = a or b`.")
    return FaultTree(next(iter(gates)), gates, events, house)


def _definitions(text):
    """The lines of a text as (number, name, text of the value)."""
    # Line by line, so that a mistake is found where it stands and a bracket can't swallow the rest.
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _DEFINITION.match(line)
        if not found:
            raise BadInput(f"line {number} isn't of the form `name = expression`; name what it defines.")
        name = _parsed(found["name"], number)
        if not isinstance(name, (ast.Name, ast.Constant)) or not isinstance(getattr(name, "value", ""), str):
            raise BadInput(f"line {number}: {found['name']!r} can't be a name; put it in quotes.")
        yield number, name.id if isinstance(name, ast.Name) else name.value, found["value"].strip()


def _parsed(text, line):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes, which are only read
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # MemoryError: what Python's parser says of brackets too deep for it.
        raise BadInput(
            f"line {line} isn't of the form `name = expression`; check brackets and quotes."
        ) from None


def _formula(node, line, text, depth=0):
    if depth > MOST_DEPTH:
        raise BadInput(f"line {line} nests over {MOST_DEPTH} deep; give the inner gates names.")
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BoolOp):
        kind, k, inside = _OPERATORS[type(node.op)], None, node.values
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        kind, k, inside = "not", None, [node.operand]
    elif isinstance(node, ast.Call):
        kind, k, inside = _call(node, line, text)
    else:
        said = (ast.get_source_segment(text, node) or "")[:40]
        raise BadInput(f"line {line}: {said!r} is no name and no gate; use names, and, or, not.")
    inputs = tuple(_formula(one, line, text, depth + 1) for one in inside)
    try:
        return Gate(kind, inputs, k)
    except BadInput as wrong:
        raise BadInput(f"line {line}: {wrong}") from None


def _call(node, line, text):
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name not in _CALLS:
        said = (ast.get_source_segment(text, node.func) or "")[:40]
        raise BadInput(f"line {line}: there is no gate {said!r}; use one of {', '.join(_CALLS)}.")
    if node.keywords:
        raise BadInput(f"line {line}: {name} takes its inputs without `name=`.")
    if name != "atleast":
        return _CALLS[name], None, node.args
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and type(first.value) is int):
        raise BadInput(f"line {line}: atleast begins with a whole number, as in `atleast(2, a, b, c)`.")
    return "atleast", first.value, node.args[1:]


def tree_as_text(tree: FaultTree) -> str:
    """Return a tree of constant probabilities as lines that `tree_from_text` reads back to an equal tree.

    Parameters
    ----------
    tree : FaultTree

    Returns
    -------
    str

    Raises
    ------
    BadInput
        For what lines have no form for: other models, common causes.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> print(tree_as_text(FaultTree("t", {"t": OR("a", AND("b", "c d"))}, {"a": 0.1, "b": 0.2, "c d": 0.3})))
    t = a or (b and 'c d')
    a = 0.1
    b = 0.2
    'c d' = 0.3
    """
    if tree.common_causes:
        raise BadInput("lines have no form for common causes; write the tree in Open-PSA XML.")
    lines = [_line(name, _text(tree.gates[name])) for name in dict.fromkeys((tree.top, *tree.gates))]
    for name, model in tree.events.items():
        if not hasattr(model, "probability"):
            raise BadInput(f"lines have no form for the model of {name!r}; write the tree in Open-PSA XML.")
        lines.append(_line(name, repr(model.probability)))
    return "\n".join(lines + [_line(name, str(given)) for name, given in tree.house.items()])


def _line(name, value):
    return f"{_text(name)} = {value}"


def _text(one, inside=False):
    if not isinstance(one, Gate):
        # Python reads some letters as others, and keeps some words to itself.
        return one if one.isascii() and one.isidentifier() and not keyword.iskeyword(one) else repr(one)
    if one.kind in ("and", "or") and len(one.inputs) > 1:
        said = f" {one.kind} ".join(_text(part, True) for part in one.inputs)
        return f"({said})" if inside else said
    if one.kind == "not":
        return f"not {_text(one.inputs[0], True)}"
    call = {"and": "all", "or": "any"}.get(one.kind, one.kind)
    start = f"{one.k}, " if one.kind == "atleast" else ""
    return f"{call}({start}{', '.join(_text(part) for part in one.inputs)})"
