"""What a lesson shows is the last line of its cell: what stands before it in the cell is shown to nobody."""

import ast
import json
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_part_of_a_lesson_is_shown(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        for line in ast.parse("".join(cell["source"])).body[:-1]:
            lost = isinstance(line, ast.Expr) and ast.unparse(line).startswith("lesson.")
            assert not lost, f"cell {cell['id']}: {ast.unparse(line)[:60]} stands before the last line"


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_is_not_run_on_opening_is_shown_already_and_needed_by_nobody(path):
    cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    saved = [cell for cell in cells if "as-saved" in cell["metadata"].get("tags", ())]
    made = {name for cell in cells if cell not in saved for name in _names(cell, ast.Store)}
    for cell in saved:
        shown = [output.get("data", {}) for output in cell["outputs"]]
        assert shown, f"cell {cell['id']} has nothing saved"
        assert not any("application/vnd.jupyter.widget-view+json" in data for data in shown)
        own = _names(cell, ast.Store) - made
        for other in cells:
            assert other is cell or not own & (_names(other, ast.Load) - _names(other, ast.Store))


def _names(cell, context):
    """The names that a cell takes, or those that it makes."""
    found = set()
    for node in ast.walk(ast.parse("".join(cell["source"]))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            found.add(node.id)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and context is ast.Store:
            found |= {one.asname or one.name for one in node.names}
    return found
