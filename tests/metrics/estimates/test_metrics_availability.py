"""Availability arithmetic against enumeration, exact fractions and published tables."""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.estimates.availability import (
    downtime_minutes,
    downtime_minutes_from_unavailability,
    k_of_n,
    k_of_n_unavailability,
    parallel,
    parallel_unavailability,
    percent,
    series,
    series_unavailability,
    steady_availability,
    steady_unavailability,
)

# Computed apart from this package and published in part by Azure (30 d) and Google (28 d).
NINES_TABLE = [
    # availability, h a 365 d year, h a Gregorian year, min a 30 d month, min an average month, 28 d, week
    (0.99, 87.60, 87.66, 432.0, 438.3, 403.2, 100.8),
    (0.995, 43.80, 43.83, 216.0, 219.1, 201.6, 50.4),
    (0.999, 8.760, 8.766, 43.20, 43.83, 40.32, 10.08),
    (0.9995, 4.380, 4.383, 21.60, 21.91, 20.16, 5.04),
    (0.9999, 0.876, 0.8766, 4.32, 4.383, 4.03, 1.008),
    (0.99999, 5.256 / 60, 5.259 / 60, 25.9 / 60, 26.3 / 60, 24.2 / 60, 6.05 / 60),
]


@pytest.mark.parametrize("row", NINES_TABLE)
def test_minutes_agree_with_the_table_of_nines(row):
    a, year, gregorian, month, average, four_weeks, week = row
    assert downtime_minutes(a, "year") / 60 == pytest.approx(year, rel=1e-3)
    assert downtime_minutes(a, "gregorian year") / 60 == pytest.approx(gregorian, rel=1e-3)
    assert downtime_minutes(a, "month") == pytest.approx(month, rel=2e-3)
    assert downtime_minutes(a, "average month") == pytest.approx(average, rel=2e-3)
    assert downtime_minutes(a, "28 days") == pytest.approx(four_weeks, rel=2e-3)
    assert downtime_minutes(a, "week") == pytest.approx(week, rel=2e-3)


def test_uptime_is_prints_seven_hours_eighteen_for_two_nines_in_an_average_month():
    seconds = downtime_minutes(0.99, "average month") * 60
    assert round(seconds) == 7 * 3600 + 18 * 60 + 17


K_OF_N_TABLE = [
    (1, 2, 0.999900000000, 0.999999000000),
    (2, 3, 0.999702000000, 0.999997002000),
    (3, 4, 0.999407970000, 0.999994007997),
    (4, 5, 0.999019850400, 0.999990019985),
    (9, 10, 0.995733799757, 0.999955239371),
]


@pytest.mark.parametrize(("k", "n", "two_nines", "three_nines"), K_OF_N_TABLE)
def test_k_of_n_agrees_with_the_reference_table(k, n, two_nines, three_nines):
    assert k_of_n(k, n, 0.99) == pytest.approx(two_nines, abs=1e-12)
    assert k_of_n(k, n, 0.999) == pytest.approx(three_nines, abs=1e-12)


def test_composite_slas_agree_with_the_numbers_microsoft_prints():
    assert series([0.9995, 0.9999]) == pytest.approx(0.99940005, abs=1e-12)
    assert parallel([0.9999, 0.999]) == pytest.approx(0.9999999, abs=1e-12)
    assert series([0.9995, parallel([0.9999, 0.999])]) == pytest.approx(0.9994999, abs=1e-9)
    regions = parallel([0.9994, 0.9994])
    assert regions == pytest.approx(0.99999964, abs=1e-12)
    assert series([regions, 0.9999]) == pytest.approx(0.99989964, abs=1e-8)
    assert round(series([0.9998, 0.9995, 0.998, 0.9999]), 6) == 0.997202
    # Microsoft prints 99.45 % for this one.
    assert round(series([0.9968, 0.9986, 0.9995, 0.9995]), 4) == 0.9944


probabilities = st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=7)


@given(probabilities, st.data())
def test_k_of_n_agrees_with_enumeration_in_exact_fractions(downs, data):
    n = len(downs)
    k = data.draw(st.integers(1, n))
    exact = [Fraction(p) for p in downs]
    truth = Fraction(0)
    for states in product((True, False), repeat=n):
        if n - sum(states) < k:
            truth += math.prod(p if down else 1 - p for p, down in zip(exact, states, strict=True))
    assert k_of_n_unavailability(k, n, downs) == pytest.approx(float(truth), rel=1e-12)
    assert k_of_n(k, n, [1 - p for p in downs]) == pytest.approx(float(1 - truth), abs=1e-12)


@given(probabilities)
def test_series_and_parallel_are_the_two_ends_of_k_of_n(downs):
    n = len(downs)
    assert series_unavailability(downs) == pytest.approx(k_of_n_unavailability(n, n, downs), rel=1e-12)
    assert parallel_unavailability(downs) == pytest.approx(k_of_n_unavailability(1, n, downs), rel=1e-12)


def test_thirteen_nines_keep_their_digits():
    truth = 1 - (1 - Fraction(1.23456789e-13)) ** 3
    assert series_unavailability([1.23456789e-13] * 3) == pytest.approx(float(truth), rel=1e-14)
    assert k_of_n_unavailability(2, 3, 1e-8) == pytest.approx(3e-16 - 2e-24, rel=1e-14)
    assert downtime_minutes_from_unavailability(1e-13) == 525600 * 1e-13
    assert steady_unavailability(1e12, 6) == pytest.approx(1e-13, rel=1e-12)


@given(st.floats(1, 1e6), st.floats(0, 1e5))
def test_steady_availability_is_up_time_over_all_time(mtbf_hours, mttr_minutes):
    truth = Fraction(mtbf_hours) / (Fraction(mtbf_hours) + Fraction(mttr_minutes) / 60)
    assert steady_availability(mtbf_hours, mttr_minutes) == pytest.approx(float(truth), rel=1e-12)


def test_percent_never_rounds_a_failing_system_to_perfection():
    assert percent(unavailability=3e-16) == "99.99999999999997 %"
    assert percent(0.0) == "0 %"
    assert percent(0.123) == "12.3 %"


@pytest.mark.parametrize(
    "call",
    [
        lambda: downtime_minutes(99.9),
        lambda: downtime_minutes(float("nan")),
        lambda: downtime_minutes(0.9, "fortnight"),
        lambda: downtime_minutes(0.9, -3),
        lambda: k_of_n(3, 2, 0.9),
        lambda: k_of_n(0, 2, 0.9),
        lambda: k_of_n(1, 2, [0.9]),
        lambda: series([0.9, -0.1]),
        lambda: steady_availability(0, 10),
        lambda: steady_availability(10, -1),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(call):
    with pytest.raises(BadInput, match=r"\w+ \w+ \w+"):
        call()


def test_a_percentage_gets_the_remedy():
    with pytest.raises(BadInput, match=r"for 99.9 % write 0.999"):
        downtime_minutes(99.9)
