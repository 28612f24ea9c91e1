"""What lesson 00 says of a year of outages, over twenty seeds, of trust, and of added services."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

from faultlab.analysis.systems import read_system
from faultlab.metrics.customers import CHECKOUT_HOUR, Risk, simulate_annual_losses
from faultlab.views.lesson_00.added_parts import UP, added_parts
from faultlab.views.lesson_00.outage_price import YEARS, outage_price
from faultlab.views.lesson_08.trust import beside_the_hours

(LESSON,) = (Path(__file__).parents[2] / "course").glob("00_*.ipynb")
TEXT = "\n".join(cell.source for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "markdown")


def years(outages, minutes):
    typical = 50_000 * minutes / 60
    risk = Risk("outages", outages, typical / 4, typical * 4)
    return [simulate_annual_losses(risk, years=YEARS, seed=seed) for seed in range(20)]


def bad_years(outages, minutes):
    return [float(np.quantile(losses, 0.9)) for losses in years(outages, minutes)]


def test_the_bad_year_in_the_words():
    six, twelve, longer = bad_years(6, 45), bad_years(12, 45), bad_years(6, 90)
    for found, said in ((six, 565_000), (twelve, 989_000), (longer, 1_130_000)):
        assert all(one == pytest.approx(said, rel=0.03) for one in found)
    assert "from 565,000 to 989,000 EUR" in TEXT
    assert max(twelve) < 1.9 * min(six), "twice as many outages don't quite double the bad year"
    assert outage_price(6, 45, 50_000).rows[2]["EUR a year"] == pytest.approx(565_000, abs=500)


def test_six_typical_outages_are_too_small_a_budget():
    short = [1 - 6 * 50_000 * 45 / 60 / losses.mean() for losses in years(6, 45)]
    assert all(0.28 < one < 0.32 for one in short)
    assert "about 30 % too little" in TEXT


@pytest.mark.parametrize("loosened", [0, 90])
def test_added_services_by_hand(loosened):
    stopped = (1 - UP) * (1 - loosened / 100)
    for row in added_parts(17, loosened).rows:
        by_hand = 8760 * (1 - UP * (1 - stopped) ** row["Services added"])
        assert row["Loosened"] == pytest.approx(by_hand, abs=0.06)


def test_trust_stands_beside_the_hours_and_changes_nothing_in_them():
    alone, beside = outage_price(6, 45, 50_000), outage_price(6, 45, 50_000, 10_000)
    assert beside.rows[:-1] == alone.rows
    assert beside.rows[-1]["EUR a year"] == 6 * 10_000
    assert "up to 60,000 EUR more in an average year, or nothing" in beside.sentence
    assert beside.svg.count("<polyline") == 1


def test_the_trust_of_lesson_00_is_that_of_lesson_08():
    (row,) = (row for row in beside_the_hours(45, 5_000, 2, 100).rows if row["What"] == "Trust")
    assert row["At most"] == "10,000 EUR"
    journey = read_system(LESSON.parent / "kestrel.yaml").journeys["checkout"].worth_per_hour
    assert (journey.low, journey.likely, journey.high) == CHECKOUT_HOUR
