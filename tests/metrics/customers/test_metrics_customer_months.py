"""Months as the clock and as customers have them; and a correlation that SciPy knows too."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.customers.months import customer_months, moves_together
from faultlab.metrics.incidents.model import kestrel_incidents

FIRST, LAST = datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
CHECKOUT = [incident for incident in kestrel_incidents() if incident.service == "checkout"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ties", [False, True])
def test_the_coefficient_is_scipys(seed, ties):
    stats = pytest.importorskip("scipy.stats", reason="compares with SciPy's answers")
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, 24)
    others = values * rng.normal() + rng.normal(0, 1, 24)
    if ties:
        values, others = values.round(), others.round()
    assert moves_together(values, others).value == pytest.approx(stats.spearmanr(values, others).statistic)


def test_nine_intervals_in_ten_hold_the_truth():
    rng = np.random.default_rng(4)
    truth = 6 / np.pi * np.arcsin(0.6 / 2)  # of two normals with a correlation of 0.6
    held = 0
    for _ in range(1_000):
        one = rng.normal(0, 1, 24)
        found = moves_together(one, 0.6 * one + 0.8 * rng.normal(0, 1, 24))
        held += found.low <= truth <= found.high
    assert 870 <= held <= 940


def test_months_add_up_to_the_whole():
    months = customer_months(CHECKOUT, FIRST, LAST, 10_000)
    assert len(months) == 24
    assert sum(month.incidents for month in months) == len(CHECKOUT)
    for month in months:
        assert month.failed_share == pytest.approx(
            month.failed_journeys / (10_000 * _days(month.start)), rel=1e-6
        )
    # A bad month for the clock is mostly one for customers, and not always.
    found = moves_together([1 - m.availability for m in months], [m.failed_share for m in months])
    assert 0.5 < found.value < 1


def _days(start):
    return ((start + timedelta(days=32)).replace(day=1) - start) / timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "others", "says"),
    [
        ([1, 2, 3], [1, 2, 3], "five pairs"),
        ([1] * 6, range(6), "never changes"),
        ([1] * 5, [2] * 6, "five pairs"),
    ],
)
def test_what_can_not_be_compared_is_refused(values, others, says):
    with pytest.raises(BadInput, match=says):
        moves_together(values, others)


def test_journeys_that_make_no_sense_are_refused():
    with pytest.raises(BadInput, match="Journeys a day"):
        customer_months([], FIRST, LAST, 0)
