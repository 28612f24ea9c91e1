"""The Explorer from code and over the wire, without a browser."""

import base64
import json
import re
from pathlib import Path

import pytest

from faultlab.errors import BadInput
from faultlab.views.kit.explorer import Choice, Explorer, Slider, Stops
from faultlab.views.kit.picture import Picture

drawn = []


def draw(replicas, level, kind):
    drawn.append((replicas, level, kind))
    sentence = f"{replicas} {kind} replicas at {level} %."
    return Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", "A picture.", sentence, ({"n": replicas},))


@pytest.fixture
def explorer():
    controls = [
        Slider("replicas", "Replicas", 1, 6, 2),
        Stops("level", "Level", (90, 99, 99.9), 99, "%"),
        Choice("kind", "Kind", ("warm", "cold"), "warm"),
    ]
    return Explorer(draw, controls, "How many?")


def test_code_moves_the_controls(explorer):
    assert explorer.sentence == "2 warm replicas at 99 %."
    explorer.replicas = 3
    explorer.set(level=99.9, kind="cold")
    assert explorer.sentence == "3 cold replicas at 99.9 %."
    assert explorer.state == {"replicas": 3, "level": 99.9, "kind": "cold"}
    assert explorer.rows == [{"n": 3}]
    assert explorer.replicas == 3
    assert {"replicas", "level", "kind"} <= set(dir(explorer))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("replicas", 7, "1 to 6"),
        ("replicas", "many", "1 to 6"),
        ("replicas", True, "1 to 6"),
        ("level", 100, "90 to 99.9"),
        ("level", float("nan"), "90 to 99.9"),
        ("kind", "hot", "warm, cold"),
        ("racks", 2, "replicas, level, kind"),
    ],
)
def test_what_a_control_cannot_take_is_refused_and_changes_nothing(explorer, name, value, words):
    before = explorer.state, explorer.sentence
    with pytest.raises(BadInput, match=words):
        setattr(explorer, name, value)
    assert (explorer.state, explorer.sentence) == before


def test_a_name_that_is_no_control_says_which_there_are(explorer):
    with pytest.raises(AttributeError, match="replicas, level, kind"):
        _ = explorer.racks


def test_a_control_cannot_take_a_name_of_the_explorer():
    with pytest.raises(BadInput, match="sentence"):
        Explorer(draw, [Slider("sentence", "Sentence", 0, 1, 0)], "?")


def test_values_between_steps_are_held_to_the_nearest():
    assert Slider("x", "X", 0, 1, 0, step=0.1).values()[3] == 0.3
    assert Slider("x", "X", 0, 1, 0, step=0.1).read(0.33) == 0.3
    assert Slider("x", "X", 0, 10, 0, step=5).values() == [0, 5, 10]
    assert Stops("x", "X", (1, 10, 100), 1).read(60) == 100


def test_code_and_browser_share_one_state(explorer):
    explorer.replicas = 5
    assert explorer.widget.state["replicas"] == 5
    assert explorer.widget.frame["sentence"] == explorer.sentence
    explorer.kind = "cold"
    assert explorer.widget.state["kind"] == "cold"
    assert "How many?" in explorer.widget.title


def test_the_browser_is_answered_and_pictures_ahead_leave_the_state_alone(explorer, monkeypatch):
    sent = []
    monkeypatch.setattr(explorer.widget, "send", sent.append)
    explorer._answer(None, {"move": {"replicas": 4, "level": 99, "kind": "warm"}}, [])
    assert explorer.replicas == 4
    assert sent[0]["state"]["replicas"] == 4
    assert "ahead" not in sent[0]
    explorer._answer(None, {"ask": [{"replicas": 1, "level": 90, "kind": "cold"}]}, [])
    assert sent[1]["ahead"]
    assert sent[1]["frame"]["sentence"] == "1 cold replicas at 90 %."
    assert explorer.replicas == 4


def test_the_still_picture_stands_beside_the_live_one(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr("faultlab.views.kit.explorer.display", shown.append)
    explorer._ipython_display_()
    assert "faultlab-still" in shown[0].data
    assert "alt='A picture.'" in shown[0].data
    assert explorer.sentence in shown[0].data
    assert shown[1] is explorer.widget


def test_a_value_between_the_stops_is_taken_only_where_the_control_allows_it():
    stops = (1_000, 50_000, 100_000)
    assert Stops("worth", "Worth", stops, 50_000, between=True).read(75_500) == 75_500
    assert Stops("worth", "Worth", stops, 50_000).read(60_000) == 50_000
    with pytest.raises(BadInput, match="1000 to 100000"):
        Stops("worth", "Worth", stops, 50_000, between=True).read(100_001)


LESSONS = sorted((Path(__file__).parents[3] / "course").glob("[0-9]*.ipynb"))
MARKED = [
    (mark, str(cell["outputs"]))
    for path in LESSONS
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
    for mark in re.findall(r"BetMark\((.+?)\)", "".join(cell["source"]))
]


@pytest.mark.parametrize(("mark", "shown"), MARKED, ids=[mark for mark, _ in MARKED])
def test_every_picture_that_marks_a_bet_has_a_scale_for_it(mark, shown):
    along = "y" if 'along="y"' in mark else "x"
    svg = base64.b64decode(re.search(r"data:image/svg\+xml;base64,([^']+)", shown.replace("\\'", "'"))[1])
    scale = re.search(rf"^<svg [^>]*data-{along}='([^']+)'", svg.decode("utf-8"))[1].split()
    start, end, low, high = map(float, scale[:4])
    assert (start - end) * (low - high) != 0
