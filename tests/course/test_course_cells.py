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
