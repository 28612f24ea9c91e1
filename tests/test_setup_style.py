"""The style of the code and the floors of the package, held by ruff, import-linter and the syntax tree."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_other_floors_are_entered_by_their_front_door(file):
    tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
    own = file.relative_to(PACKAGE).parts[0]
    assert back_doors(tree, own) == []


def test_back_doors_are_found():
    code = """
import faultlab.metrics.money
from faultlab.metrics.money import annual_loss
from faultlab.metrics import money
from faultlab.metrics import k_of_n
from faultlab.views.palette import INK
from faultlab.errors import BadInput
def late():
    from faultlab.design.retry import retry
"""
    found = back_doors(ast.parse(code), own="views", modules={("metrics", "money")})
    assert found == [
        "line 2: faultlab.metrics.money",
        "line 3: faultlab.metrics.money",
        "line 4: faultlab.metrics.money",
        "line 9: faultlab.design.retry",
    ]


def back_doors(tree, own, modules=None):
    """Imports that reach past another floor's `__init__.py`, as "line N: module"."""
    if modules is None:
        modules = {(path.parent.name, path.stem) for path in PACKAGE.glob("*/*.py")}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            # `from faultlab.metrics import money` takes the room, not what is in it
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            rooms = [name for name in inside if tuple(name.split(".")[1:]) in modules]
            names = [node.module, *rooms]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "faultlab" and len(parts) > 2 and parts[1] in FLOORS and parts[1] != own:
                found.append(f"line {node.lineno}: {name}")
    return sorted(found, key=lambda line: int(line[len("line ") :].split(":")[0]))


@pytest.mark.parametrize("floor", ["metrics", "analysis", "design"])
def test_ground_floors_load_neither_jupyter_nor_matplotlib(floor):
    code = f"import sys, faultlab.{floor}; print(*sys.modules)"
    loaded = set(said_by(sys.executable, "-c", code).split())
    assert f"faultlab.{floor}" in loaded
    assert loaded.isdisjoint({"matplotlib", "IPython", "ipywidgets", "anywidget", "pandas", "scipy", "numba"})
