"""Figures in a lesson's text: they are what the model of today computes, or the text has to change."""

import re
from pathlib import Path

import nbformat
import pytest

from faultlab.analysis.systems.system import System
from faultlab.views.lesson_05.journey_loss import AS_IT_IS, loss_explorer
from faultlab.views.lesson_05.proposals import proposal

COURSE = Path(__file__).parents[2] / "course"
KESTREL = System.read(COURSE / "kestrel.yaml")
REGIONS = System.read(COURSE / "data" / "kestrel_two_regions.yaml")


def text_of(lesson):
    """A lesson's own words, without its code and its outputs."""
    (path,) = COURSE.glob(f"{lesson}_*.ipynb")
    cells = nbformat.read(path, 4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def offer():
    rows = proposal(KESTREL, REGIONS, "checkout", price=750_000).rows
    return {row["Counted"]: row for row in rows}


def test_what_part_by_part_forgets(offer):
    exact, naive = (offer[f"Today, {how}"]["Loss, EUR a year"] for how in ("exact", "part by part"))
    assert f"{round(exact - naive, -3):,.0f} EUR" in text_of("05")
    hour = KESTREL.journeys["checkout"].worth_per_hour
    likely = getattr(hour, "likely", hour)
    minutes = re.search(r"(\d+) minutes a year, 89,000 EUR", text_of("05"))
    assert int(minutes.group(1)) == pytest.approx(60 * (exact - naive) / float(likely), abs=0.6)


def test_what_the_offer_really_brings(offer):
    words = text_of("05")
    assert "3 minutes, or 10 hours?" in words
    assert offer["Offer, part by part"]["Down a year"].startswith("3.")
    assert offer["Offer, exact"]["Down a year"].startswith("10.")
    assert offer["Today, exact"]["Loss, EUR a year"] - offer["Offer, exact"]["Loss, EUR a year"] < 750_000


def test_what_is_left_with_a_second_region():
    draw = loss_explorer(KESTREL, "checkout", {"a second region": (REGIONS, 750_000)})
    option = next(name for name in draw.options if name.startswith("a second region"))
    rows = draw(option=option, part=AS_IT_IS, availability=99.99).rows
    shares = {row["Block"]: float(row["Share of the down time"].split()[0]) for row in rows}
    left = shares["CDN"] + shares["identity"]
    assert 85 <= left < 90, "nearly nine tenths"
