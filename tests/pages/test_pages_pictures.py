"""Pictures that are drawn beforehand: packed small, and unpacked in the browser to the same letters."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.pages.pictures import pack, packed, states
from faultlab.views.kit import Choice, Explorer, Picture, Slider

UNPACK = """
import {{ frameAt, pictureOf }} from {script};
import {{ readFileSync }} from "node:fs";
const {{ packed, states }} = JSON.parse(readFileSync(0, "utf-8"));
const frames = Array.from({{ length: packed.count }}, (_, i) => frameAt(packed, i));
console.log(JSON.stringify(states ? states.map((state) => pictureOf(packed, state)) : frames));
"""
SCRIPT = (Path(__file__).parents[2] / "faultlab" / "pages" / "scripts" / "pictures.js").as_uri()
NODE = shutil.which("node")


def unpacked(form, of=None):
    """What the browser makes of packed frames."""
    said = subprocess.run(
        [NODE, "--input-type=module", "-e", UNPACK.format(script=json.dumps(SCRIPT))],
        input=json.dumps({"packed": form, "states": of}),
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return json.loads(said.stdout)


def drawn(side, colour):
    marks = "".join(f"<path d='M{i} {side * i:.3f}'/>" for i in range(4))
    return Picture(
        f"<svg fill='{colour}'>{marks}</svg>", "A square.", f"{side * side:g} units", [{"side": side}]
    )


@pytest.mark.skipif(not NODE, reason="needs Node: install it")
def test_the_browser_unpacks_every_state():
    shown = Explorer(
        drawn, [Slider("side", "S", -1, 1, 0, 0.25), Choice("colour", "C", ("red", "blue"), "red")], "?"
    )
    form = packed(shown, "00, cell 1")
    every = list(states(form["controls"]))
    assert len(every) == 18
    assert unpacked(form, every) == [shown.frame(state) for state in every]


@pytest.mark.skipif(not NODE, reason="needs Node: install it")
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text("<p>/0123456789.-, aé", max_size=24)] * 2).map(list), min_size=1, max_size=12
    )
)
def test_any_text_survives_the_packing(frames):
    assert unpacked(pack(frames)) == frames


def test_alike_pictures_weigh_little():
    frames = [[f"<svg><path d='M{i} {i * i}'/></svg>", f"{i} of 100", ""] for i in range(200)]
    assert len(json.dumps(pack(frames))) < len(json.dumps(frames)) / 2


def test_a_picture_that_differs_when_drawn_again_is_refused():
    count = iter(range(10_000))
    shown = Explorer(
        lambda side: Picture(f"<svg>{next(count)}</svg>", "A.", "One."),
        [Slider("side", "S", 0, 3, 0)],
        "How?",
    )
    with pytest.raises(BadInput, match=r"08_metrics, cell 7: 'How\?' draws .* differently the second time"):
        packed(shown, "08_metrics, cell 7")
