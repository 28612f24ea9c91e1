"""Figures in a lesson's text: they are what the model of today computes, or the text has to change."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import numpy as np
import pytest

from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.system import Range
from faultlab.analysis.systems.system_ranges import down_samples, sampled
from faultlab.metrics.customers import answers_to_follow, chance_to_see, customer_months, promoter_score
from faultlab.metrics.incidents import read_incidents
from faultlab.views.lesson_05.journey_loss import AS_IT_IS, loss_explorer
from faultlab.views.lesson_05.proposals import proposal

COURSE = Path(__file__).parents[2] / "course"
KESTREL = read_system(COURSE / "kestrel.yaml")
REGIONS = read_system(COURSE / "data" / "kestrel_two_regions.yaml")


def text_of(lesson):
    """A lesson's own words, those of its bets and its decision included, without its code and its outputs."""
    (path,) = COURSE.glob(f"{lesson}_*.ipynb")
    cells = nbformat.read(path, 4).cells
    words = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return "\n".join([*words, path.with_suffix(".yaml").read_text(encoding="utf-8")])


@pytest.fixture(scope="module")
def offer():
    rows = proposal(KESTREL, REGIONS, "checkout", price=750_000).rows
    return {row["Counted"]: row for row in rows}


def test_what_part_by_part_forgets():
    # What hits all copies at once, and nothing else: the same model with independent copies.
    groups = {name: replace(one, shared_cause=Range.point(0.0)) for name, one in KESTREL.groups.items()}
    gap = replace(KESTREL, groups=groups).availability("checkout") - KESTREL.availability("checkout")
    minutes, loss = re.search(r"([\d]+) minutes a year, ([\d,]+) EUR", text_of("05")).groups()
    assert int(minutes) == pytest.approx(525_600 * gap, abs=0.5)
    worth = KESTREL.journeys["checkout"].worth_per_hour.likely
    assert int(loss.replace(",", "")) == round(8_760 * gap * worth, -4)


def test_what_the_offer_really_brings(offer):
    words = text_of("05")
    assert "three minutes a year" in words
    assert f"down {8_760 * (1 - KESTREL.availability('checkout')):.1f} hours a year" in words
    assert offer["Offer, multiplied part by part"]["Down a year"].startswith("3.")
    assert offer["Offer, exact"]["Down a year"].startswith("10.")
    assert offer["Today, exact"]["Loss, EUR a year"] - offer["Offer, exact"]["Loss, EUR a year"] < 750_000


def test_the_loss_and_its_range_over_twenty_seeds():
    # "1.17 million at the likely values, 1.3 on average, in nine cases of ten between 0.5 and 2.5 million."
    worth = KESTREL.journeys["checkout"].worth_per_hour
    for seed in range(20):
        down = down_samples(KESTREL, "checkout", seed=seed)
        hour = sampled(worth, "journey checkout.worth_per_hour", down.size, seed)
        loss = 8_760 * down * hour / 1e6
        low, high = np.quantile(loss, [0.05, 0.95])
        assert round(loss.mean(), 1) == 1.3
        assert round(low, 1) == pytest.approx(0.5, abs=0.11)
        assert round(high, 1) == pytest.approx(2.5, abs=0.21)


def test_what_is_left_with_a_second_region():
    draw = loss_explorer(KESTREL, "checkout", {"a second region": (REGIONS, 750_000)})
    option = next(name for name in draw.options if name.startswith("a second region"))
    rows = draw(option=option, part=AS_IT_IS, availability=99.99).rows
    shares = {row["Block"]: float(row["Share of the downtime"].split()[0]) for row in rows}
    left = shares["CDN"] + shares["identity"]
    assert 85 <= left < 90, "nearly nine tenths"


def test_what_a_promoter_score_hides():
    low, high = re.search(r"from (\d+) to (\d+) \(90 % range\)", text_of("08")).groups()
    split, calm = promoter_score(50, 20, 100), promoter_score(30, 0, 100)
    assert (f"{split.low:.0f}", f"{split.high:.0f}") == (low, high)
    assert split.value == pytest.approx(calm.value) == pytest.approx(30)


def test_how_long_five_failures_in_a_row_take():
    # Exactly, by the chance of each run of failures after each call; tests/design holds pybreaker's rule.
    said = re.search(
        r"after ([\d,]+) calls: one time in twenty within the first (\d+), and .+ only after ([\d,]+)",
        text_of("01"),
    )
    median, soon, late = (float(number.replace(",", "")) for number in said.groups())
    runs, opened, opened_by = [1.0, 0, 0, 0, 0], 0.0, [0.0]
    while opened < 0.96:
        opened += 0.2 * runs[-1]
        runs = [0.8 * sum(runs), *(0.2 * chance for chance in runs[:-1])]
        opened_by.append(opened)
    for calls, chance in ((soon, 0.05), (median, 0.5), (late, 0.95)):
        assert np.searchsorted(opened_by, chance) == pytest.approx(calls, rel=0.025)


def test_what_trust_can_cost_at_most():
    words = text_of("08")
    assert f"80,000 are {100 * 80_000 / 1.9e6:.1f} % of those" in words
    assert f"30,000 more than in the year before are {100 * 30_000 / 1.9e6:.1f} %" in words
    assert f"worth {330.2e6 / 80_000:,.0f}"[:-2] + "00 pounds" in words


def test_what_two_years_of_surveys_show():
    words, log = text_of("08"), read_incidents(COURSE / "data" / "kestrel_incidents.csv")
    years = datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    months = customer_months(log.of("checkout"), *years, 170_000)
    failed = [month.failed_share for month in months]
    days = (years[1] - years[0]).days
    one_in = 170_000 * days / sum(month.failed_journeys for month in months)
    assert f"one checkout in {round(one_in, -1):.0f} failed" in words
    assert round(100 * 0.4 * max(failed), 1) == 0.5
    assert f"need {round(answers_to_follow(failed, 0.4), -3):,} answers a month" in words
    assert chance_to_see(50, 0.4) > 0.95
