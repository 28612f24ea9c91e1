"""The pages of the whole course for the tests that look at them: every Explorer with few of its states."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from faultlab.pages import mounts, pictures, site

COURSE = site.Site(Path(__file__).parents[1] / "course")
LABS = [f"lab_{name}" for name in COURSE.labs]
PAGES = ["index", *COURSE.pages, *LABS]


def build_course(out, monkeypatch):
    """Build every page into a folder; drawing every state that a reader can see would take minutes."""

    def pool(workers, mp_context, **_):
        return ProcessPoolExecutor(workers, mp_context=mp_context, initializer=_with_few_states)

    monkeypatch.setattr(site, "ProcessPoolExecutor", pool)
    site.build(COURSE, (), out)


def _with_few_states():
    """A control keeps its start and one other value: its last, or its first where it starts there."""

    def packed(explorer, place):
        shown = explorer.widget
        shown.controls = [
            control | {"values": _few(control["values"], shown.state[control["name"]])}
            for control in shown.controls
        ]
        return pictures.packed(explorer, place)

    mounts.packed = packed


def _few(values, start):
    return [start, values[-1]] if start != values[-1] else [values[0], start]
