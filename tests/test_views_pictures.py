"""Pictures: readable by everyone, escaped, well formed, and true to the functions below them."""

import itertools
import xml.etree.ElementTree as ElementTree

import pytest

from faultlab.errors import BadInput
from faultlab.metrics import annual_loss, chance_looks_better, downtime_minutes
from faultlab.views import Axis, Chart, Picture, bars, figure, house_style, palette
from faultlab.views.error_budget import budget_decision
from faultlab.views.mttr_luck import observed_change
from faultlab.views.nines import PERIODS, allowed_downtime
from faultlab.views.outage_price import outage_price
from faultlab.views.page import folded_table, framed, table
from faultlab.views.repair_and_failure import two_ways_up

PICTURES = [
    allowed_downtime(99.95, "a week", 20_000),
    budget_decision(99.9, 50, 12),
    observed_change(50, 10),
    outage_price(2, 45, 50_000),
    outage_price(0.1, 5, 1_000),
    two_ways_up(30, 60),
]


def test_marks_and_texts_keep_their_contrast():
    for colour in palette.MARKS.values():
        assert palette.contrast(colour, palette.PAGE) >= 4.5, "every mark colour also writes text"
    for words, tint in itertools.product(palette.TEXTS.values(), palette.TINTS.values()):
        assert palette.contrast(words, tint) >= 4.5
    assert len(set(palette.DASHES)) == len(palette.DASHES)


def test_contrast_agrees_with_published_pairs():
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert palette.contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


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
    monkeypatch.setattr("faultlab.views.figures.display", lambda html: shown.append(html.data))
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
        shown = {r["Availability"]: r[f"Minutes {period}"] for r in allowed_downtime(99.9, period, 1000).rows}
        assert shown["99.9 %"] == pytest.approx(downtime_minutes(0.999, name), abs=5e-4)
    # 20,000 simulated years against the closed form; the same range a quarter to four times typical.
    mean = outage_price(6, 45, 50_000).rows[1]["EUR a year"]
    typical = 50_000 * 45 / 60
    assert mean == pytest.approx(annual_loss(6, typical / 4, typical * 4), rel=0.03)
    looks_better = chance_looks_better(12, 1.25)
    shown = observed_change(12, 0).rows[0]["Share of cases"]
    assert float(shown.rstrip(" %")) / 100 == pytest.approx(looks_better.value, abs=0.03)


@pytest.mark.parametrize(
    ("down", "day", "decision"), [(10, 15, "Go on"), (30, 15, "Slow down"), (44, 29, "Stop")]
)
def test_the_error_budget_decides(down, day, decision):
    assert budget_decision(99.9, down, day).sentence.startswith(decision)
