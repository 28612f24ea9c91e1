"""What the browser gets of a widget or a page: modules put together to one script, and where the look is.

A widget's script and a page opened from disk may not load other files. So modules are put together here: each
becomes a function that runs once, after those that it imports from. Of a module only those declarations go
along that somebody needs, directly or by way of others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import anywidget
import traitlets

from faultlab.errors import BadInput

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "labextension/share/jupyter/labextensions/faultlab/static"
"""What JupyterLab's extension serves: the reading mode and the look."""
LOOK = STATIC / "look.css"
"""The look of everything that is seen."""

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async |function|const|let|class))", re.M)
DEFAULT = re.compile(r"^export default ", re.M)
LEFT = re.compile(r"^(?:import|export)\b.*", re.M)
REMARK = re.compile(r"^(?://.*|/\*[\s\S]*?\*/)?\n", re.M)
BEGINS = re.compile(r"^(?=[A-Za-z_])", re.M)
"""A statement begins at a line with a letter first; what closes one, or stands in a template, has none."""
DECLARED = re.compile(r"(?:async )?(?:function\*?|const|let|class) +(?:(\w+)|[\[{]([^\]}]*)[\]}] = )")
NAME = re.compile(r"(?:(?<![\w$.])|(?<=\.\.\.))[A-Za-z_$][\w$]*(?![\w$]|:)")
"""What may be a variable: no property of anything and no key. Too many are found rather than too few."""
PAGE = "the page"


@dataclass
class Statement:
    """A statement of a module: what it declares, and the names in it."""

    text: str
    declares: tuple[str, ...]
    names: frozenset[str]
    kept: bool = False


@dataclass
class Module:
    """A file: its statements, what it imports by the name that it has here, and what others take of it."""

    path: Path
    statements: list[Statement]
    imports: dict[str, tuple[Path, str]]
    exported: dict[str, str]
    taken: dict[str, None] = field(default_factory=dict)

    def text(self, names: dict[Path, str]) -> str:
        """What is kept of it, after what it takes from others."""
        kept = [one for one in self.statements if one.kept]
        needed = frozenset().union(*(one.names for one in kept))
        lines: dict[Path, list[str]] = {}
        for here, (path, there) in self.imports.items():
            if here in needed:
                lines.setdefault(path, []).append(here if here == there else f"{there}: {here}")
        heads = [f"const {{ {', '.join(listed)} }} = {names[path]};\n" for path, listed in lines.items()]
        return "".join(heads + [one.text for one in kept])


def script(path: Path) -> str:
    """The script of a widget as one ES module, with what it imports inside.

    Parameters
    ----------
    path : Path
        The widget's own file; it has a default export.
    """
    entry = f'import {{ default as widget }} from "./{path.name}";\nwidget;\n'
    return re.sub(r"^widget;$", "export default widget;", bundled(entry, path.parent), flags=re.M)


def bundled(entry: str, folder: Path) -> str:
    """A module and all that it needs, as statements of one script.

    Parameters
    ----------
    entry : str
        The module's text.
    folder : Path
        Where it stands, or might.

    Raises
    ------
    BadInput
        If a module imports or exports in a way that isn't known here.
    """
    modules: dict[Path, Module] = {}
    top = _collected(folder.resolve() / PAGE, entry, modules, ())
    _reach(top, modules)
    parts = [one for one in modules.values() if one is not top and any(part.kept for part in one.statements)]
    names = {one.path: f"module_{i}" for i, one in enumerate(parts)}
    wrapped = []
    for one in parts:
        given = [
            name if one.exported[name] == name else f"{name}: {one.exported[name]}" for name in one.taken
        ]
        inside = f"{one.text(names)}return {{ {', '.join(given)} }};"
        wrapped.append(f"const {names[one.path]} = (() => {{\n{inside}\n}})();\n")
    return "".join(wrapped) + top.text(names)


def _collected(path, text, modules, above):
    """A module, after all that it imports from."""
    imports = {}
    for listed, target in IMPORT.findall(text):
        other = (path.parent / target).resolve()
        if other in (path, *above):
            raise BadInput(f"{other.name} imports itself by way of {path.name}: no page can be made of it.")
        if other not in modules:
            _collected(other, other.read_text(encoding="utf-8"), modules, (*above, path))
        for part in filter(None, map(str.strip, listed.split(","))):
            there, _, here = part.partition(" as ")
            imports[here or there] = (other, there)
    text = REMARK.sub("", IMPORT.sub("", text))
    exported: dict[str, str] = {}
    statements = []
    for piece in BEGINS.split(DEFAULT.sub("export const default_export = ", text)):
        bare = EXPORT.sub("", piece)
        if left := LEFT.search(bare):
            raise BadInput(f"{path.name}: {left[0]!r} can't be put into a page; import and export by name.")
        found = DECLARED.match(bare)
        declares = tuple(NAME.findall(found[1] or found[2])) if found else ()
        if bare != piece:
            exported |= {"default" if name == "default_export" else name: name for name in declares}
        if bare.strip():
            statements.append(Statement(bare.rstrip() + "\n", declares, frozenset(NAME.findall(bare))))
    modules[path] = Module(path, statements, imports, exported)
    return modules[path]


def _reach(top, modules):
    """Keep what runs by itself, and what that needs."""
    waiting = [(top, one) for one in top.statements if not one.declares]
    while waiting:
        module, statement = waiting.pop()
        if statement.kept:
            continue
        statement.kept = True
        for name in sorted(statement.names):
            there, wanted = module, name
            if name in module.imports:
                path, exported = module.imports[name]
                there = modules[path]
                if exported not in there.exported:
                    raise BadInput(f"{path.name} has no {exported!r}, which {module.path.name} imports.")
                wanted = there.exported[exported]
                there.taken[exported] = None
            waiting += [(there, one) for one in there.statements if wanted in one.declares]
            if there is not module:
                waiting += [(there, one) for one in there.statements if not one.declares]


class View(anywidget.AnyWidget):
    """What the browser holds of something that moves: its title, and what is shown of it just now."""

    kind = ""
    title = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.title}>"
