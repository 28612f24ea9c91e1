"""Answers typed into code as people write them: `minutes = 86.4 minutes` is no Python, yet an answer."""

from __future__ import annotations

import ast
import re

LINE = re.compile(r"(?P<head>[A-Za-z_]\w*[ \t]*=)(?!=)[ \t]*(?P<typed>[^#]*?)[ \t]*(?P<comment>#.*)?")


def quoted(source: str) -> str:
    r"""Return a cell's source with an answer that isn't Python as a text; any other source as it is.

    Only a cell of one line, `name = something`, is changed, and only where it would be a syntax error and
    looks like no attempt at code. Nothing at all behind the `=` becomes the dots of an unanswered task.
    What the text means is then for the task to read.

    Parameters
    ----------
    source : str

    Examples
    --------
    >>> quoted("minutes = 86.4 minutes  # in minutes")
    "minutes = '86.4 minutes'  # in minutes"
    >>> quoted("minutes = 86.4"), quoted("minutes =")
    ('minutes = 86.4', 'minutes = ...')
    """
    lines = source.split("\n")
    own = [place for place, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    if len(own) != 1:
        return source
    found = LINE.fullmatch(lines[own[0]].rstrip())
    if not found or re.search(r"[=()\[\]{}\"'\\!?`$;:]", found["typed"]) or found["typed"].startswith("%"):
        return source
    if _is_python(lines[own[0]]):
        return source
    typed = repr(found["typed"]) if found["typed"] else "..."
    comment = f"  {found['comment']}" if found["comment"] else ""
    lines[own[0]] = f"{found['head']} {typed}{comment}"
    return "\n".join(lines)


def read_unquoted() -> None:
    """Let the notebook read such answers from now on; nothing outside of one."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and _transform not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(_transform)


def _transform(lines):
    return quoted("".join(lines)).splitlines(keepends=True)


def _is_python(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
