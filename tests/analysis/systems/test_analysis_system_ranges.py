"""Ranges, carried through from parts to minutes and money: against closed forms and other arithmetic."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optional import peer

from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.analysis.systems.system_options import option_report
from faultlab.analysis.systems.system_ranges import down_samples
from faultlab.analysis.systems.system_views import journey_report, journey_times
from faultlab.errors import BadInput
from faultlab.metrics.estimates.availability import steady_availability

stats = peer("scipy.stats")

KESTREL = read_system(Path(__file__).parents[3] / "course" / "kestrel.yaml")


HOUR = Range.point(1000.0)


def shop(components, needs=None, worth=HOUR, groups=None, **rooms):
    return System(
        "Shop",
        "EUR",
        {one.name: one for one in components},
        groups or {},
        journeys={"buy": Journey("buy", needs or tuple(one.name for one in components), worth)},
        **rooms,
    )


def test_one_part_of_known_worth_has_its_own_range():
    system = shop([Component("disk", Range(0.99, 0.995, 0.999))])
    report = journey_report(system, "buy", samples=20_000)
    assert report.minutes_down_range.low == pytest.approx(0.001 * 525_600, rel=1e-3)
    assert report.minutes_down_range.likely == pytest.approx(0.005 * 525_600, rel=1e-9)
    assert report.minutes_down_range.high == pytest.approx(0.01 * 525_600, rel=1e-3)
    assert report.cost_per_year.high == pytest.approx(0.01 * 8760 * 1000, rel=1e-3)
    assert report.availability_range.low == pytest.approx(0.99, abs=1e-5)


def test_lognormal_parts_times_a_lognormal_worth_have_the_products_range():
    """A product of two lognormals is lognormal; its deviation is the root of the sum of squares."""
    z = stats.norm.ppf(0.95)
    system = shop([Component("disk", Range(0.96, 0.98, 0.99))], worth=Range(500.0, 1000.0, 2000.0))
    found = journey_report(system, "buy", samples=40_000).cost_per_year
    spread = math.exp(z * math.hypot(math.log(2) / z, math.log(2) / z))
    assert found.likely == pytest.approx(0.02 * 8760 * 1000)
    assert found.low == pytest.approx(found.likely / spread, rel=0.02)
    assert found.high == pytest.approx(found.likely * spread, rel=0.02)


def test_a_part_that_stands_twice_is_drawn_once():
    """Two copies of one uncertain component are as good, or as bad, as each other."""
    part = Component("disk", Range(0.9, 0.95, 0.99))
    pair = {"pair": Group("pair", "disk", 1, 2)}
    twice = shop([part], ("pair",), groups=pair)
    drawn = np.quantile(down_samples(twice, "buy", 20_000), (0.05, 0.95))
    assert drawn == pytest.approx([0.01**2, 0.1**2], rel=2e-3)
    found = journey_report(twice, "buy", samples=20_000).minutes_down_range
    assert (found.low, found.high) == (53, 5260), "two digits, and three: the samples carry no more"


def test_mtbf_and_mttr_are_drawn_each_on_its_own():
    z = stats.norm.ppf(0.95)
    part = Component.of_life("disk", mtbf_hours=Range(5e4, 1e5, 2e5), mttr_hours=Range(0.5, 1.0, 2.0))
    found = journey_report(shop([part]), "buy", samples=40_000).minutes_down_range
    spread = math.exp(z * math.hypot(math.log(2) / z, math.log(2) / z))  # MTTR / MTBF is lognormal, nearly
    assert found.likely / found.low == pytest.approx(spread, rel=0.02)
    assert found.high / found.likely == pytest.approx(spread, rel=0.02)
    assert part.availability.low == pytest.approx(steady_availability(5e4, 120))
    assert part.availability.high == pytest.approx(steady_availability(2e5, 30))


def test_the_same_seed_gives_the_same_samples_and_another_seed_nearly_the_same_range():
    first, again = (down_samples(KESTREL, "checkout", seed=1) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, down_samples(KESTREL, "checkout", seed=2))
    one, other = (journey_report(KESTREL, "checkout", seed=seed).cost_per_year for seed in (1, 2))
    assert one.low == pytest.approx(other.low, rel=0.05)
    assert one.high == pytest.approx(other.high, rel=0.05)


@pytest.mark.parametrize("journey", list(KESTREL.journeys))
def test_nine_in_ten_lie_inside_all_ends_at_once(journey):
    report = journey_report(KESTREL, journey)
    down = report.minutes_down_range
    best, worst = (525_600 * KESTREL.up_and_down(journey, at)[1] for at in ("high", "low"))
    assert best < down.low < down.likely < down.high < worst
    samples = 525_600 * down_samples(KESTREL, journey)
    assert np.mean((samples >= down.low) & (samples <= down.high)) == pytest.approx(0.9, abs=0.005)
    ends = np.quantile(samples, (0.05, 0.95))
    assert [down.low, down.high] == pytest.approx(ends, rel=0.02), "rounded, and no more"


def test_the_samples_agree_with_samples_of_a_plain_loop():
    """A journey by hand, from its own random numbers: the quantiles are the same within their error."""
    rng = np.random.default_rng(7)
    z95 = stats.norm.ppf(0.95)

    def drawn(low, likely, high):
        z = rng.standard_normal(100_000) / z95
        return likely * np.exp(z * np.where(z < 0, math.log(likely / low), math.log(high / likely)))

    provider, identity = drawn(0.0003, 0.0008, 0.002), drawn(0.0002, 0.0005, 0.001)
    entrance = [
        drawn(1 - 0.99999, 1 - 0.99995, 1 - 0.9998),
        drawn(0.0001, 0.0005, 0.001),
        drawn(0.00005, 0.0001, 0.0005),
    ]
    web, database = 1.5 / 701.5, 2 / 2002
    web_beta, database_beta = drawn(0.01, 0.05, 0.1), drawn(0.02, 0.1, 0.2)
    own = (1 - web_beta) * web
    webs = 1 - (1 - web_beta * web) * ((1 - own) ** 3 + 3 * own * (1 - own) ** 2)
    databases = 1 - (1 - database_beta * database) * (1 - ((1 - database_beta) * database) ** 2)
    up = np.prod([1 - one for one in (provider, identity, *entrance, webs, databases)], axis=0)
    low, high = np.quantile(525_600 * (1 - up), (0.05, 0.95))
    found = journey_report(KESTREL, "payments", samples=20_000).minutes_down_range
    assert found.low == pytest.approx(low, rel=0.02)
    assert found.high == pytest.approx(high, rel=0.02)


def test_an_option_is_compared_under_the_same_luck():
    system = shop(
        [Component("disk", Range(0.9, 0.95, 0.99)), Component("net", Range(0.9, 0.95, 0.99))],
        options={
            "nothing": Option("nothing", Range.point(1.0), {}),
            "disk": Option("disk", Range.point(0.0), {"disk": {"availability": Range.point(1.0)}}),
        },
    )
    nothing = option_report(system, "nothing")
    assert nothing.saved_per_year == Range(0.0, 0.0, 0.0)
    assert nothing.gain_per_year == Range(-1.0, -1.0, -1.0)
    assert (nothing.chance_of_paying, nothing.minutes_saved) == (0.0, {})
    disk = option_report(system, "disk")
    assert disk.minutes_saved["buy"] == pytest.approx(525_600 * 0.95 * 0.05)
    assert disk.saved_per_year.likely == pytest.approx(8760 * 1000 * 0.95 * 0.05)
    assert disk.saved_per_year.low > 0
    assert disk.chance_of_paying == 1.0


def test_kestrels_options_save_what_the_model_says_before_and_after():
    for name in KESTREL.options:
        report = option_report(KESTREL, name)
        bought = KESTREL.with_option(name)
        saved = sum(
            8760
            * one.worth_per_hour.likely
            * (KESTREL.up_and_down(journey)[1] - bought.up_and_down(journey)[1])
            for journey, one in KESTREL.journeys.items()
        )
        assert report.saved_per_year.likely == pytest.approx(saved)
        assert report.gain_per_year.likely == pytest.approx(saved - report.cost_per_year.likely)
        assert all(minutes > 0 for minutes in report.minutes_saved.values())


def test_lives_by_rate_and_by_weibull():
    rate = Component.of_life("a", failures_per_hour=Range.point(1e-3), mission_hours=Range.point(1000.0))
    worn = Component.of_life(
        "b",
        scale_hours=Range.point(1000.0),
        shape=Range(1.5, 2.0, 3.0),
        mission_hours=Range.point(500.0),
    )
    assert rate.availability.likely == pytest.approx(math.exp(-1))
    assert worn.availability.likely == pytest.approx(stats.weibull_min.sf(500, 2, scale=1000))
    assert worn.availability.low == pytest.approx(stats.weibull_min.sf(500, 1.5, scale=1000))
    assert worn.availability.high == pytest.approx(stats.weibull_min.sf(500, 3, scale=1000))
    assert worn.down_and_up("low") == pytest.approx((1 - worn.availability.low, worn.availability.low))


def test_an_availability_that_was_replaced_stands_for_itself():
    part = Component.of_life("a", mtbf_hours=Range.point(99.0), mttr_hours=Range.point(1.0))
    changed = replace(part, availability=Range.point(0.5))
    assert changed.life == {"availability": Range.point(0.5)}
    assert changed.down_and_up() == (0.5, 0.5)


def test_how_often_a_journey_fails_and_for_how_long():
    """k of n repairable parts in parallel and in series, by the textbook's failure frequencies."""
    part = Component.of_life("a", mtbf_hours=Range.point(99.0), mttr_hours=Range.point(1.0))
    times = journey_times(shop([part], ("pair",), groups={"pair": Group("pair", "a", 1, 2)}), "buy")
    # Two in parallel: down q^2 of the time, repaired at twice the rate.
    assert times.mttr_hours == pytest.approx(0.5)
    assert times.availability == pytest.approx(1 - 0.01**2)
    assert times.failures_per_year == pytest.approx(8760 * 0.01**2 / 0.5)
    for journey in KESTREL.journeys:
        found = journey_times(KESTREL, journey)
        assert found.availability == pytest.approx(KESTREL.availability(journey))
        assert found.mtbf_hours / (found.mtbf_hours + found.mttr_hours) == pytest.approx(found.availability)


def test_a_part_without_a_repair_time_is_named():
    with pytest.raises(BadInput, match="how long 'a' takes to repair is not known; give it `mttr_hours`"):
        journey_times(shop([Component("a", Range.point(0.9))]), "buy")
    sure = shop([Component("a", Range.point(1.0)), KESTREL.components["web_server"]])
    assert journey_times(sure, "buy").mtbf_hours == pytest.approx(700)


def test_faster_repair_by_an_option_is_a_change_of_the_life():
    bought = KESTREL.with_option("faster_search_rollback")
    assert bought.components["search_index"].life["mttr_hours"] == Range.point(0.4)
    second = KESTREL.with_option("second_payment_provider")
    assert second.components["payment_provider"].life["mttr_hours"] == Range.point(1.5)


def test_too_few_samples_are_refused():
    with pytest.raises(BadInput, match="at least 100"):
        journey_report(KESTREL, "web", samples=99)


def test_a_range_that_touches_zero_is_drawn_too():
    part = Component("a", Range(0.9, 0.95, 1.0))
    found = journey_report(shop([part]), "buy", samples=20_000).minutes_down_range
    assert found.low == pytest.approx(0, abs=525.6)
    assert found.high == pytest.approx(52_560, rel=0.01)
    services = {"s": Service("s", ("a",))}
    assert down_samples(shop([part], ("s",), services=services), "buy").min() >= 0
