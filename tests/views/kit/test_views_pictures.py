"""Pictures: readable by everyone, escaped, well formed, and true to the functions below them."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest

from faultlab.errors import BadInput
from faultlab.metrics.customers.money import annual_loss
from faultlab.metrics.estimates.availability import downtime_minutes
from faultlab.metrics.estimates.comparison import chance_looks_better
from faultlab.views.kit import palette
from faultlab.views.kit.chart import Axis, Chart, bars
from faultlab.views.kit.figures import figure, house_style
from faultlab.views.kit.page import folded_table, framed, table
from faultlab.views.kit.picture import Picture
from faultlab.views.lesson_00.outage_price import outage_price
from faultlab.views.lesson_08.error_budget import budget_decision
from faultlab.views.lesson_08.mttr_luck import observed_change
from faultlab.views.lesson_08.nines import PERIODS, allowed_downtime
from faultlab.views.lesson_08.repair_and_failure import two_ways_up

PICTURES = [
    allowed_downtime(99.95, "a week", 20_000),
    budget_decision(99.9, 50, 12),
    observed_change(50, 10),
    outage_price(2, 45, 50_000),
    outage_price(0.1, 5, 1_000),
    two_ways_up(30, 60),
]


def contrast(one, other):
    """Contrast ratio of two colours, from 1 (the same) to 21 (black on white).

    Parameters
    ----------
    one, other : str
        Colours as ``#rrggbb``.

    Returns
    -------
    float
        (lighter + 0.05) / (darker + 0.05) of their relative luminances: WCAG 2.2, "contrast ratio".

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 4)


def _luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_marks_and_texts_keep_their_contrast():
    marks = [getattr(palette, name) for name in ("BLUE", "ORANGE", "GREEN", "RED", "PURPLE", "TEAL")]
    tints = [getattr(palette, name) for name in dir(palette) if name.endswith("_TINT")]
    assert len(tints) == 5
    for colour in marks:
        assert contrast(colour, palette.PAGE) >= 4.5, "every mark colour also writes text"
    for words, tint in itertools.product([palette.INK, palette.QUIET, *marks], tints):
        assert contrast(words, tint) >= 4.5
    assert len(set(palette.DASHES)) == len(palette.DASHES)


def test_contrast_agrees_with_published_pairs():
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.sentence[:30])
def test_every_picture_is_well_formed_and_says_what_it_shows(picture):
    root = ElementTree.fromstring(picture.svg)
    assert root.get("aria-label") == picture.alt
    assert len(picture.alt) > 30
    assert picture.sentence.endswith(".")
    assert picture.rows
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height
        assert float(text.get("font-size")) >= 13


def test_what_is_written_is_escaped():
    hostile = "<script>alert('&')</script>"
    drawn = bars([(hostile, 1, hostile, palette.BLUE)], hostile)
    assert "<script" not in drawn
    assert ElementTree.fromstring(drawn).get("aria-label") == hostile
    chart = Chart(Axis(0, 1, hostile), Axis(0, 1, hostile))
    chart.dot(0, 0, label=hostile)
    assert "<script" not in chart.svg(hostile)
    assert "<script" not in table([{hostile: hostile}]) + framed("", hostile, [{hostile: 1}])
    assert folded_table([]) == ""


def test_a_column_of_amounts_has_commas_in_every_row_and_one_of_years_has_none():
    html = table([{"Of": "a", "EUR": 4590, "Year": 2024}, {"Of": "b", "EUR": 824_125, "Year": 2025}])
    assert re.findall(r"number'>([\d,]+)<", html) == ["4,590", "2024", "824,125", "2025"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.64e-6, "1.64\xa0×\xa010⁻⁶"), (2e-12, "2\xa0×\xa010⁻¹²"), (0.05, "0.05"), (3.2e7, "3.2\xa0×\xa010⁷")],
)
def test_a_power_of_ten_in_a_table_is_written_as_by_hand(value, written):
    assert f">{written}<" in table([{"what": "a", "value": value}])


def test_a_picture_without_its_words_is_refused():
    with pytest.raises(BadInput, match="alt"):
        Picture("<svg/>", " ", "A sentence.")
    with pytest.raises(BadInput, match="sentence"):
        Picture("<svg/>", "Words.", "")


def test_a_figure_without_alternative_text_or_caption_is_refused(capsys):
    from matplotlib import pyplot

    with house_style():
        drawing, _ = pyplot.subplots()
    with pytest.raises(BadInput, match="alt="):
        figure(drawing, caption="A caption.")
    with pytest.raises(BadInput, match="caption="):
        figure(drawing, alt="Words.")
    pyplot.close(drawing)


def test_a_figure_is_drawn_alike_every_time(monkeypatch):
    from matplotlib import pyplot

    shown = []
    monkeypatch.setattr("faultlab.views.kit.figures.display", lambda html: shown.append(html.data))
    for _ in range(2):
        with house_style():
            drawing, axes = pyplot.subplots()
            axes.plot([1, 2, 3], [3, 1, 2])
        figure(drawing, alt="A line.", caption="It falls and rises.", data=[{"x": 1}])
    assert shown[0] == shown[1]
    assert "alt='A line.'" in shown[0]
    assert "It falls and rises." in shown[0]
    assert "<details" in shown[0]
    assert not pyplot.get_fignums()


def test_pictures_show_the_numbers_of_the_metrics_floor():
    for period, name in PERIODS.items():
        shown = {
            r["Availability"]: r[f"Minutes down {period}"] for r in allowed_downtime(99.9, period, 1000).rows
        }
        assert shown["99.9 %"] == pytest.approx(downtime_minutes(0.999, name), abs=5e-4)
    # 20,000 simulated years against the closed form; the same range a quarter to four times typical.
    mean = outage_price(6, 45, 50_000).rows[1]["EUR a year"]
    typical = 50_000 * 45 / 60
    assert mean == pytest.approx(annual_loss(6, typical / 4, typical * 4), rel=0.03)
    looks_better = chance_looks_better(12, 1.25)
    shown = observed_change(12, 0).rows[0]["Share of pairs"]
    assert float(shown.rstrip(" %")) / 100 == pytest.approx(looks_better.value, abs=0.03)


@pytest.mark.parametrize(
    ("down", "day", "decision"), [(10, 15, "Carry on"), (30, 15, "Slow down"), (44, 29, "Fix first")]
)
def test_the_error_budget_decides(down, day, decision):
    assert budget_decision(99.9, down, day).sentence.startswith(decision)
