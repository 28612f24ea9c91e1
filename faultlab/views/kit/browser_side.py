"""What the browser gets of a widget or a page: modules put together to one script, and where the look is.

A widget's script and a page opened from disk may not load other files. So modules are put together here: each
becomes a function that runs once, after those that it imports from.
"""

from __future__ import annotations

import re
from pathlib import Path

from faultlab.errors import BadInput

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "labextension/share/jupyter/labextensions/faultlab/static"
"""What JupyterLab's extension serves: the reading mode and the look."""
LOOK = STATIC / "look.css"
"""The look of everything that is seen."""

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.M)
DECLARED = re.compile(r"^export ((?:async )?(?:function\*?|const|let|class) +(\w+))", re.M)
LISTED = re.compile(r"^export \{([^}]*)\};\n?", re.M)
DEFAULT = re.compile(r"^export default ", re.M)
LEFT = re.compile(r"^(?:import\b|export\b).*", re.M)


def script(path: Path) -> str:
    """The script of a widget as one ES module, with what it imports inside.

    Parameters
    ----------
    path : Path
        The widget's own file; it has a default export.
    """
    return f"{bundled([path])}export default module_0.default;\n"


def bundled(paths: list[Path]) -> str:
    """Several modules and what they import as statements of one script, each in a constant `module_N`.

    The modules asked for are `module_0`, `module_1` and so on, in the order of `paths`.

    Raises
    ------
    BadInput
        If a module imports or exports in a way that isn't known here.
    """
    order: list[Path] = []
    for path in paths:
        _collect(path.resolve(), order, ())
    return "".join(_wrapped(path, paths, order) for path in order)


def _collect(path, order, above):
    if path in order:
        return
    if path in above:
        raise BadInput(f"{path.name} imports itself by way of {above[-1].name}: no page can be made of it.")
    for _, target in IMPORT.findall(_read(path)):
        _collect((path.parent / target).resolve(), order, (*above, path))
    order.append(path)


def _wrapped(path, paths, order):
    wanted = [one.resolve() for one in paths]
    inner = [one for one in order if one not in wanted]
    names = {one: f"module_{i}" for i, one in enumerate(wanted)} | {
        one: f"inner_{i}" for i, one in enumerate(inner)
    }

    def taken(found):
        listed = ", ".join(part.strip().replace(" as ", ": ") for part in found[1].split(",") if part.strip())
        return f"const {{ {listed} }} = {names[(path.parent / found[2]).resolve()]};\n"

    text = _read(path)
    given = [name for _, name in DECLARED.findall(text)]
    text = DECLARED.sub(r"\1", IMPORT.sub(taken, text))
    for listed in LISTED.findall(text):
        given += [
            ": ".join(reversed(part.strip().split(" as "))) for part in listed.split(",") if part.strip()
        ]
    text = LISTED.sub("", text)
    text, count = DEFAULT.subn("const default_export = ", text)
    given += ["default: default_export"] * count
    if left := LEFT.search(text):
        raise BadInput(f"{path.name}: {left[0]!r} can't be put into a page; import and export by name.")
    return f"const {names[path]} = (() => {{\n{text.rstrip()}\nreturn {{ {', '.join(given)} }};\n}})();\n"


def _read(path):
    return path.read_text(encoding="utf-8")
