"""The style of the code and the floors of the package, held by ruff, import-linter and the syntax tree."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "faultlab"
NEEDED = "holds the style: install the extra `dev`"
FLOORS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def said_by(*command):
    """What a tool says when it finds nothing wrong; a failure with its findings otherwise."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_ruff_finds_nothing():
    pytest.importorskip("ruff", reason=NEEDED)
    said_by(sys.executable, "-m", "ruff", "check", ".")


def test_code_is_formatted():
    pytest.importorskip("ruff", reason=NEEDED)
    said_by(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_imports_point_down_only():
    pytest.importorskip("importlinter", reason=NEEDED)
    assert "1 kept, 0 broken" in said_by("lint-imports")


def test_types_fit():
    pytest.importorskip("mypy", reason=NEEDED)
    assert "Success" in said_by(sys.executable, "-m", "mypy")


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_other_floors_are_entered_by_their_front_door(file):
    tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
    assert back_doors(tree, own=file.relative_to(PACKAGE).parts[0]) == []


def test_back_doors_are_found():
    code = """
import faultlab.metrics.customers.money
from faultlab.metrics.customers.money import annual_loss
from faultlab.metrics.customers import money
from faultlab.metrics.customers import annual_loss
from faultlab.views.kit.palette import INK
from faultlab.errors import BadInput
def late():
    from faultlab.design.calls.policies import retry
"""
    assert back_doors(ast.parse(code), own="views") == [
        "line 2: faultlab.metrics.customers.money",
        "line 3: faultlab.metrics.customers.money",
        "line 4: faultlab.metrics.customers.money",
        "line 9: faultlab.design.calls.policies",
    ]


def back_doors(tree, own):
    """Imports that reach past the door of another floor's room, as "line N: module".

    What only the type checker imports may come from anywhere below.
    """
    found = []
    checked = [
        node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    only_types = {inner for node in checked for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if node in only_types:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            # `from faultlab.metrics.customers import money` takes the file, not what is in it
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [node.module, *(name for name in inside if is_file(name))]
        else:
            continue
        for name in names:
            parts = name.split(".")
            elsewhere = parts[0] == "faultlab" and len(parts) > 2 and parts[1] in FLOORS and parts[1] != own
            if elsewhere and is_file(name):
                found.append(f"line {node.lineno}: {name}")
    return sorted(found, key=lambda line: int(line[len("line ") :].split(":")[0]))


def is_file(dotted):
    """Whether a dotted name is a file of the package: a room is a folder."""
    return ROOT.joinpath(*dotted.split(".")).with_suffix(".py").is_file()


def test_no_room_is_crowded():
    for folder in {file.parent for kind in ("py", "js") for file in PACKAGE.rglob(f"*.{kind}")}:
        files = [file for file in folder.iterdir() if file.is_file()]
        assert len(files) <= 20, f"{folder.relative_to(ROOT)}: which room is missing?"


def test_every_public_function_says_its_types():
    bare = []
    for file in PACKAGE.rglob("*.py"):
        public = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if is_public(node)]
        for one in public:
            inside = [node for node in getattr(one, "body", []) if isinstance(one, ast.ClassDef)]
            for function in [one, *filter(is_public, inside)]:
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and without_types(function):
                    bare.append(f"{file.relative_to(PACKAGE)}: {function.name}")
    solved = "classroom/tasks/"  # the solutions of functions are in a learner's own style
    assert [one for one in sorted(bare) if not one.startswith(solved)] == []


def test_bare_functions_are_found():
    code = """
def a(x: int, *more: int) -> int: ...
def b(x, y: int) -> int: ...
def c(x: int): ...
"""
    assert [without_types(one) for one in ast.parse(code).body] == [[], ["x"], ["return"]]


def is_public(node):
    """Whether a definition is one that others may use."""
    return not getattr(node, "name", "_").startswith("_")


def without_types(function):
    """The arguments of a function that have no type, and "return" where that has none."""
    kinds = function.args
    arguments = [*kinds.posonlyargs, *kinds.args, *kinds.kwonlyargs, kinds.vararg, kinds.kwarg]
    bare = [one.arg for one in arguments if one and not one.annotation and one.arg not in ("self", "cls")]
    return bare if function.returns else [*bare, "return"]


def test_what_is_public_is_used():
    """Every function, class and constant is reached from a notebook, a command or start.py."""
    reached = {"main", "__getattr__", "__dir__", "__all__", "__version__"} | words_outside()
    waiting = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names, defined = words_in(node), defined_by(node)
            if defined:
                waiting.setdefault(f"{file.relative_to(PACKAGE)}: {defined[0]}", (set(defined), names))
            else:
                reached |= names
    while found := [key for key, (defined, _) in waiting.items() if defined & reached]:
        for key in found:
            reached |= waiting.pop(key)[1]
    assert sorted(waiting) == []


def test_every_method_is_called_outside_the_tests():
    """Methods and properties of classes without a base: what a base asks for is called by its name there."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")}
    reached = set().union(*map(words_in, trees.values())) | words_outside()
    reached |= {"run_cell_magic", "magic", "create_module", "exec_module"}  # what IPython and Python call
    unused = [
        f"{file.relative_to(PACKAGE)}: {one.name}.{method.name}"
        for file, tree in trees.items()
        for one in ast.walk(tree)
        if isinstance(one, ast.ClassDef) and not one.bases
        for method in one.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        if method.name not in reached and not method.name.startswith("_")
    ]
    assert unused == []


def words_outside():
    """The names in notebooks, bets and questions, what runs in the browser, and start.py."""
    notebooks = [file for room in ("course", "labs", "solutions") for file in (ROOT / room).glob("*.ipynb")]
    words = set()
    for file in [*notebooks, *(ROOT / "course").glob("*.yaml"), *PACKAGE.rglob("*.js"), ROOT / "start.py"]:
        text = file.read_text(encoding="utf-8")
        if file in notebooks:
            code = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
            text = "\n".join("".join(lines) for lines in code)
        words |= set(re.findall(r"[A-Za-z_]\w+", text))
    return words


def defined_by(node):
    """The names that a statement at the top of a file defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return [target.id for target in targets if isinstance(target, ast.Name)]


def words_in(node):
    """The names that a statement uses, those in short texts included: some are looked up by name."""
    words = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            words.add(part.id)
        elif isinstance(part, ast.Attribute):
            words.add(part.attr)
        elif isinstance(part, ast.keyword) and part.arg:
            words.add(part.arg)
        elif isinstance(part, ast.ImportFrom):
            words |= {alias.name for alias in part.names}
        elif isinstance(part, ast.Constant) and re.fullmatch(r"[\w.]+", str(part.value)):
            words |= set(str(part.value).split("."))
    return words - set(defined_by(node))


@pytest.mark.parametrize("floor", ["metrics", "analysis", "design"])
def test_ground_floors_load_neither_jupyter_nor_matplotlib(floor):
    code = f"import sys, faultlab.{floor}; print(*sys.modules)"
    loaded = set(said_by(sys.executable, "-c", code).split())
    assert f"faultlab.{floor}" in loaded
    assert loaded.isdisjoint({"matplotlib", "IPython", "ipywidgets", "anywidget", "pandas", "scipy", "numba"})


def test_opening_a_lesson_loads_no_more_than_its_widgets_need():
    code = "import sys; from faultlab.classroom import open_lesson; print(*sys.modules)"
    loaded = set(said_by(sys.executable, "-c", code).split())
    assert loaded.isdisjoint({"matplotlib", "networkx", "openpyxl", "pandas", "scipy", "numba", "nbformat"})
