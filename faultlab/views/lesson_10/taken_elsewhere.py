"""The board's page for other places: as Markdown for a wiki, and as a spreadsheet that works its sums out."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.systems import mean_of, spoken
from faultlab.views.lesson_10.board_words import headline

if TYPE_CHECKING:
    from faultlab.analysis.reviews import Losses, Review

_MARKS = re.compile(r"([\\`*_\[\]<>|#~]|&(?=#?\w+;))")


def in_markdown(page: str) -> str:
    """Return the board's page as Markdown: the same words, tables as tables, the picture in words.

    >>> in_markdown("<body><main><h1>Buy <span>two</span></h1><ol><li>1 * 2</li></ol></main></body>")
    '# Buy two\\n\\n1. 1 \\\\* 2\\n'
    """
    reader = _Reader()
    reader.feed(page)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.out)).strip() + "\n"


class _Reader(HTMLParser):
    """The text of the page's elements, between Markdown's signs. It reads what `board_page` writes."""

    def __init__(self):
        super().__init__()
        self.out, self.silent, self.list, self.cells = [], ["page"], "ul", 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "main":
            self.silent.clear()
        elif tag == "figure":
            self.out.append(f"{_plain(given['aria-label'])}\n\n")
            self.silent.append(tag)
        elif tag in ("ul", "ol"):
            self.list = tag
        elif tag in ("h1", "h2"):
            self.out.append("\n\n# " if tag == "h1" else "\n\n## ")
        elif tag == "li":
            self.out.append("1. " if self.list == "ol" else "- ")
        elif tag == "tr":
            self.cells = 0
        elif tag in ("th", "td"):
            self.cells += 1
            self.out.append("| ")
        elif tag == "small":
            self.out.append("; ")
        elif tag == "i":  # a bar, between its name and its number
            self.out.append(": ")

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()
        elif tag in ("p", "h1", "h2", "ul", "ol", "table"):
            self.out.append("\n\n")
        elif tag == "li":
            self.out.append("\n")
        elif tag in ("th", "td"):
            self.out.append(" ")
        elif tag == "tr":
            self.out.append("|\n")
        elif tag == "thead":
            self.out.append("|---" * self.cells + "|\n")

    def handle_data(self, data):
        if not self.silent:
            self.out.append(_plain(data))


def _plain(text):
    return _MARKS.sub(r"\\\1", " ".join(text.split("\n")))


def in_cells(review: Review, losses: Losses) -> bytes:
    """Return the review as a workbook: sums that are sums are formulas, the rest are figures.

    What scenarios cost adds up, and so does what options cost: these cells may be changed. What the parts
    cost comes from the block diagram, and savings overlap. Those are figures, and the first sheet says so.

    Parameters
    ----------
    review : Review
    losses : Losses
        Of the same system and seed.
    """
    import openpyxl

    book = openpyxl.Workbook()
    system, money = review.system, review.system.currency
    first = book.active
    assert first is not None
    first.title = "Read this first"
    rows: list[list[Any]] = [
        [f"{system.company or 'Our system'}: resilience review"],
        ["".join(headline(review))],
        [f"Model {review.model_hash}. Amounts {f'in {money}, ' if money else 'are '}means of a year."],
        ["Loss: change how often a scenario comes or what it costs, and the total follows."],
        ["Loss: what the parts cost is a figure, from the block diagram. No cell can work that out."],
        ["Loss: ranges are drawn by themselves and meet by chance: that stands on a line of its own."],
        [
            "Options: the gain follows the cost in the mean; the likely cost is the one on the page, and a "
            "budget is held against it. Savings are figures, and don't add up where two options end the same "
            "outage: the set has a line of its own."
        ],
    ]
    _fill(first, rows)
    sheet = book.create_sheet("Loss")
    rows = [["What", "Times a year", "Hours", "An hour costs", "Costs beyond the hours", "A year costs"]]
    scenarios = list(system.scenarios.values())
    for row, one in enumerate(scenarios, 2):
        rate = float(np.mean(losses.drawn(one.per_year, f"scenario {one.name}.per_year")))
        worth = float(sum(np.mean(losses.worth(name)) for name in one.journeys))
        rows.append(
            [
                spoken(one.name),
                rate,
                mean_of(one.hours),
                worth,
                mean_of(one.lasting_cost),
                _Formula(f"=B{row}*(C{row}*D{row}+E{row})"),
            ]
        )
    parts = float(np.mean(losses.of(()) - losses.of_scenarios(())))
    chance = review.loss.likely - parts - sum(map(losses.of_scenario, system.scenarios))
    rows += [["Outages of the parts", None, None, None, None, parts]]
    rows += [["Where samples meet by chance", None, None, None, None, chance]]
    rows += [["Together", None, None, None, None, _Formula(f"=SUM(F2:F{len(scenarios) + 3})")]]
    _fill(sheet, rows)
    sheet = book.create_sheet("Options")
    rows = [
        [
            "Option",
            "Costs in the mean",
            "Saves alone",
            "Gains alone",
            "Recommended",
            "Costs likely",
            "Why not",
        ]
    ]
    for row, line in enumerate(review.options, 2):
        alone = line.alone
        cost = float(np.mean(losses.cost(alone.options)))
        rows.append(
            [
                spoken(alone.options[0]),
                cost,
                alone.saved_per_year.likely,
                _Formula(f"=C{row}-B{row}"),
                int(line.bought),
                alone.cost_per_year.likely,
                line.why_not,
            ]
        )
    last, best = len(rows), review.portfolio.best
    rows.append(
        [
            "The recommended set",
            _Formula(f"=SUMPRODUCT(B2:B{last},E2:E{last})"),
            best.saved_per_year.likely,
            _Formula(f"=C{last + 1}-B{last + 1}"),
            None,
            _Formula(f"=SUMPRODUCT(F2:F{last},E2:E{last})"),
        ]
        if review.options
        else ["No options in the model"]
    )
    _fill(sheet, rows)
    sheet = book.create_sheet("A year that costs so much")
    rows = [["A year costs, or more", "Chance today", "Chance with the set"]]
    for loss in np.linspace(0.0, review.today.loss[-1], 41):
        rows.append([float(loss), review.today.chance_of(loss), review.with_best.chance_of(loss)])
    _fill(sheet, rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class _Formula(str):
    """A text that is a formula on purpose."""


def _fill(sheet, rows):
    """Write rows; a text of the model is never a formula, whatever it begins with."""
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str) and not isinstance(value, _Formula):
                cell.data_type = "s"
            elif isinstance(value, float):
                cell.number_format = "#,##0" if abs(value) >= 100 else "0.0000"
    sheet.column_dimensions["A"].width = 34
    for letter in "BCDEFG":
        sheet.column_dimensions[letter].width = 20
