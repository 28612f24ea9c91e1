"""Every `[n]` in a lesson has its source in the list, and every source its `[n]`."""

import re
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).parents[2] / "course"


@pytest.mark.parametrize("path", sorted(COURSE.glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.stem)
def test_every_source_is_cited_and_every_citation_has_its_source(path):
    cells = nbformat.read(path, 4).cells
    body, _, sources = "\n".join(c.source for c in cells if c.cell_type == "markdown").partition("## Sources")
    listed = re.findall(r"^(\d+)\. ", sources, re.M)
    assert listed == [str(n) for n in range(1, len(listed) + 1)]
    shown = " ".join(
        output.get("data", {}).get("text/html", "") for c in cells for output in c.get("outputs", ())
    )
    said = body + " ".join(re.findall(r">([^<]*)<", shown)) + re.sub(r"^\d+\. .*$", "", sources, flags=re.M)
    groups = re.findall(r"\[(\d+(?:, ?\d+)*)\]", said)
    assert set(listed) == {number for group in groups for number in re.findall(r"\d+", group)}
