"""The review of a system for its board: a page to decide on, and its figures.

With --json: `loss` (`mean`, `low`, `high`, `one_in_ten`, and `exceedance`, a list of `loss`, `chance`, `low`,
`high` and `chance_with_portfolio`), `journeys`, `contributors`, `options`, `portfolio`,
`information_value` (`noise`, and `worth` by the number's name) and `origins` (of every number, and of what is
promised: `kind`, `source`, `solid`); besides `model` (its hash), `changes` with --against, `alerts` with
--slo, and `remarks`.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import faultlab
from faultlab.analysis.reviews import Losses, changes_since, mean_loss, review
from faultlab.analysis.systems import Component, Origin, Range, System, read_system, unneeded
from faultlab.classroom import Unread, number
from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting
from faultlab.metrics.alerts import ServiceLevel, read_open_slo
from faultlab.metrics.incidents import read_incidents, read_window
from faultlab.metrics.reports import measure
from faultlab.views.lesson_10 import (
    alert_words,
    board_page,
    headline,
    in_cells,
    in_markdown,
    listed,
    named,
)

POINTS, MOST = 60, 1e12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the model, what is known besides, and the page."""
    parser.add_argument("file", help="a system in YAML, such as course/kestrel.yaml")
    parser.add_argument("--out", metavar="FILE", help="write the board's page there, as HTML")
    parser.add_argument("--markdown", metavar="FILE", help="write the page there as Markdown, for a wiki")
    parser.add_argument(
        "--sheet", metavar="FILE", help="write the figures there as a spreadsheet, its sums as formulas"
    )
    parser.add_argument("--budget", metavar="N", help="a year, for the options to recommend: 100000 or 100k")
    parser.add_argument(
        "--incidents",
        metavar="FILE",
        help="measure the parts that are named there as services; with --from, --to",
    )
    parser.add_argument("--from", dest="start", metavar="TIME", help="first moment of the incidents' period")
    parser.add_argument("--to", dest="end", metavar="TIME", help="its end, itself outside")
    parser.add_argument(
        "--slo", metavar="FILE", help="OpenSLO, for what is promised of the journeys named there"
    )
    parser.add_argument(
        "--against", metavar="FILE", help="the model of the last review: say what has changed"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the samples behind the ranges (0)")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of the review, and write the page."""
    if arguments.seed < 0:
        raise BadInput(f"--seed is a whole number from 0, not {arguments.seed}.")
    budget = None if arguments.budget is None else budget_of(arguments.budget)
    refuse_overwriting(
        [arguments.file, arguments.incidents, arguments.slo, arguments.against],
        [arguments.out, arguments.markdown, arguments.sheet],
    )
    system = read_system(arguments.file)
    remarks: list[str] = []
    last = None if arguments.against is None else read_system(arguments.against)
    if last is not None and last.currency != system.currency and last.currency and system.currency:
        raise BadInput(
            f"{Path(arguments.against).name} is in {last.currency} and {Path(arguments.file).name} in "
            f"{system.currency}: their amounts can't be compared; give both in one `currency`."
        )
    if arguments.incidents is not None:
        system, remarks = measured(system, arguments.incidents, arguments.start, arguments.end)
    levels: dict[str, ServiceLevel] = {}
    if arguments.slo is not None:
        system, levels, more = promised(system, arguments.slo)
        remarks = [*remarks, *more]
    idle = unneeded(system)
    if idle:
        remarks = [*remarks, f"No journey needs {listed(idle)}: in this review it counts for nothing."]
    try:
        found = review(system, budget, seed=arguments.seed)
    except BadInput as wrong:
        raise BadInput(f"{Path(arguments.file).name}: {wrong}") from None
    changes = () if last is None else changes_since(system, last, seed=arguments.seed)
    before = None if last is None else mean_loss(last, seed=arguments.seed)
    page = board_page(found, date.today(), faultlab.__version__, changes, before, levels)
    if arguments.out is not None:
        Path(arguments.out).write_text(page, encoding="utf-8")
    if arguments.markdown is not None:
        Path(arguments.markdown).write_text(in_markdown(page), encoding="utf-8")
    if arguments.sheet is not None:
        Path(arguments.sheet).write_bytes(in_cells(found, Losses(system, seed=arguments.seed)))
    result = _figures(found) | {
        "sentence": "".join(headline(found)),
        "page": arguments.out,
        "remarks": remarks,
        "alerts": {name: alert_words(level) for name, level in levels.items()},
    }
    if last is not None:
        result["changes"] = {"mean_before": before, "changed": [asdict(one) for one in changes]}
    return result


def budget_of(text: str) -> float:
    """Return what --budget says, read as bets are; 100.000 is asked back in every currency.

    >>> budget_of("100k"), budget_of("100,000"), budget_of("99.5")
    (100000.0, 100000.0, 99.5)
    """
    try:
        return number(text, low=0, high=MOST, whole=True)
    except Unread as problem:
        raise BadInput(f"--budget: {problem}") from None


def measured(system: System, path: str, start: str | None, end: str | None) -> tuple[System, list[str]]:
    """The system with the parts that a file of incidents names as services at what it says, and remarks."""
    if start is None or end is None:
        raise BadInput(
            "--incidents asks for --from and --to: the file can't tell when watching began and ended."
        )
    window = read_window(start, end)
    log = read_incidents(path)
    components, origins, remarks = dict(system.components), dict(system.origins), []
    services = sorted({one.service for one in log.incidents if one.service})
    name = Path(path).name
    for service in services:
        if service not in components:
            remarks.append(
                f"{name}: {service!r} is no component of the model, so its incidents are not used."
            )
            continue
        found = measure(log.of(service), *window)
        up, down = found.mtbf_hours, found.mttr_minutes
        if None in (up.low, up.value, up.high, down.low, down.value, down.high):
            remarks.append(
                f"{name}: too few incidents of {service!r} to measure it; the model's figures stay."
            )
            continue
        life = {
            "mtbf_hours": _range(up),
            "mttr_hours": _range(down, 60),
        }
        components[service] = Component.of_life(service, **life)
        origins |= {f"{service}.{key}": Origin("measured", name) for key in life}
    return replace(system, components=components, origins=origins), remarks


def _range(estimate, unit=1.0):
    value, low, high = estimate.numbers()
    return Range(low / unit, min(max(value, low), high) / unit, high / unit)


def promised(system: System, path: str) -> tuple[System, dict[str, ServiceLevel], list[str]]:
    """The system with the objectives of an OpenSLO file for the journeys that it names; these; remarks."""
    journeys, levels, remarks = dict(system.journeys), {}, []
    origins, file = dict(system.origins), Path(path).name
    for level in read_open_slo(path):
        name = level.name if level.name in journeys else level.service
        if name not in journeys:
            remarks.append(f"{file}: {level.name!r} names no journey of the model, so it is not used.")
            continue
        levels[name] = level
        objectives = replace(journeys[name].objectives, availability=level.objective)
        journeys[name] = replace(journeys[name], objectives=objectives)
        origins[f"journey {name}.availability"] = Origin("measured", file)
    return replace(system, journeys=journeys, origins=origins), levels, remarks


def _figures(found):
    losses = np.linspace(0.0, found.today.loss[-1], POINTS)
    best = found.portfolio.best
    numbers, origins = (*found.system.numbers(), *found.system.promises()), found.system.origins
    return {
        "company": found.system.company,
        "currency": found.system.currency,
        "model": found.model_hash,
        "loss": {
            "mean": found.loss.likely,
            "low": found.loss.low,
            "high": found.loss.high,
            "one_in_ten": found.today.one_in(10),
            "mean_with_portfolio": found.loss_with_best.likely,
            "one_in_ten_with_portfolio": found.with_best.one_in(10),
            "exceedance": [
                {
                    "loss": float(loss),
                    "chance": found.today.chance_of(loss),
                    "low": found.today.bounds(loss)[0],
                    "high": found.today.bounds(loss)[1],
                    "chance_with_portfolio": found.with_best.chance_of(loss),
                }
                for loss in losses
            ],
        },
        "journeys": {one.journey: _without(one, "journey") for one in found.journeys},
        "contributors": [{**asdict(one), "reached": one.reached} for one in found.contributors],
        "untouched": [one.name for one in found.untouched],
        "options": {
            one.alone.options[0]: _without(one.alone, "options") | _without(one, "alone")
            for one in found.options
        },
        "portfolio": asdict(best)
        | {
            "budget": found.portfolio.budget,
            "sets_compared": found.portfolio.sets,
            "gap": found.portfolio.gap,
            "chance_of_being_best": found.portfolio.chance_of_being_best,
            "likeliest": asdict(found.portfolio.likeliest),
            "more": None if found.portfolio.more is None else asdict(found.portfolio.more),
            "together": found.portfolio.together,
            "pareto": [
                {"options": names, "cost": cost, "saved": saved}
                for names, cost, saved in found.portfolio.pareto
            ],
            "chances": [
                {"options": names, "of_paying": pays, "of_being_best": wins}
                for names, (pays, wins) in found.portfolio.chances.items()
            ],
        },
        "information_value": {"noise": found.noise, "worth": found.information},
        "origins": {
            name: {
                "kind": origins[name].kind if name in origins else "unknown",
                "source": origins[name].source if name in origins else "",
                "solid": name in origins and origins[name].solid,
            }
            for name in numbers
        },
    }


def _without(one, key):
    return {name: value for name, value in asdict(one).items() if name != key}


def describe(result: dict[str, Any]) -> str:
    """Say it in a few lines."""
    money, loss, best = f" {result['currency']}".rstrip(), result["loss"], result["portfolio"]
    lines = [
        f"{result['sentence']}.",
        f"A year costs {loss['mean']:,.0f}{money} in the mean ({loss['low']:,.0f} to {loss['high']:,.0f}); "
        f"one in ten costs {loss['one_in_ten']:,.0f} or more",
    ]
    if best["options"]:
        lines.append(
            f"recommended: {', '.join(best['options'])}; best in {best['chance_of_being_best']:.0%} of what "
            f"the ranges allow, of {best['sets_compared']:,} sets"
        )
    for one in result["contributors"][:5]:
        lines.append(f"  {one['name']} ({one['kind']}) carries {one['loss']:,.0f}{money} a year")
    for name, worth in list(result["information_value"]["worth"].items())[:3]:
        if worth > max(result["information_value"]["noise"], 1):
            lines.append(f"  to know {name} before buying is worth {worth:,.0f}{money} a year")
    for one in result.get("changes", {}).get("changed", [])[:20]:
        moved = "" if not one["moves"] else f"; alone it moves the loss by {one['moves']:+,.0f}{money}"
        lines.append(f"  since the last review: {named(one['name'])}: {one['why']}{moved}")
    lines += result["remarks"]
    if result["page"] is not None:
        lines.append(f"The page stands in {result['page']}.")
    return "\n".join(lines)
