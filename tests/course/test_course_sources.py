"""Every `[n]` in a lesson has its source in the list, and every source its `[n]`."""

import re
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).parents[2] / "course"


@pytest.mark.parametrize("number", ["00", "01", "02", "03"])
def test_every_source_is_cited_and_every_citation_has_its_source(number):
    (path,) = COURSE.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, 4).cells
    body, _, sources = "\n".join(c.source for c in cells if c.cell_type == "markdown").partition("## Sources")
    listed = re.findall(r"^(\d+)\. ", sources, re.M)
    assert listed == [str(n) for n in range(1, len(listed) + 1)]
    assert set(listed) == set(re.findall(r"\[(\d+)\]", body))
