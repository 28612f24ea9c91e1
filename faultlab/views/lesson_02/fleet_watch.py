"""A live picture of a fleet, with buttons that answer while the kernel is busy.

Three things make the buttons answer. The fleet, its load and its faults live in processes of their own, so
that no cell has to be busy with them. A thread of the kernel pushes the picture, and the browser asks for
nothing. And JupyterLab 4.4 and ipykernel 7 deliver what a widget says on a thread of its own (a subshell),
so that a click arrives while a cell is running. Where none of that helps, the browser says so after two
seconds and names the way out.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from html import escape
from typing import TYPE_CHECKING

import traitlets
from IPython.display import HTML, display

from faultlab.errors import BadInput
from faultlab.live import Replay, recorded_run
from faultlab.views.kit.browser_side import HERE, View, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import folded_table, framed, image
from faultlab.views.lesson_02.fleet import fleet_picture, latest_events

if TYPE_CHECKING:
    from typing import Any

    from faultlab.live import Fleet, Load
    from faultlab.views.kit.picture import Picture


PUSHED_EVERY = 0.5

FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "kill it (SIGKILL)": ("kill", {}),
    "pause it (SIGSTOP)": ("pause", {}),
    "let it go on (SIGCONT)": ("resume", {}),
    "make it 200 ms slower": ("slow", {"ms": 200}),
    "let half of its work fail": ("fail", {"share": 0.5}),
    "let it leak memory": ("leak", {}),
    "cut its network, half-open": ("network", {"half_open": True}),
    "heal it": ("heal", {}),
}
"""What can be done to a worker from the picture: the method of the fleet, and what it is given."""

MOST_STARTED = 2
_started: list[Fleet] = []
"""Fleets that were started from a picture, oldest first; a cell that is run again forgets its old one."""

ONLY_POSIX = ("pause", "resume", "leak")


class _View(View):
    """What the browser holds of a watched fleet."""

    kind = "Fleet"
    _esm = script(HERE / "fleet_watch.js")
    workers = traitlets.Int().tag(sync=True)
    faults: traitlets.List[str] = traitlets.List().tag(sync=True)


class FleetView:
    """A fleet, or a recorded run, that can be watched and disturbed; see `watch`."""

    def __init__(
        self,
        source: Fleet | Replay,
        load: dict | None = None,
        title: str = "The fleet, now",
        recorded: str = "kill_one_of_four",
    ) -> None:
        self.source, self._load_wanted, self._title, self._recorded = source, load, title, recorded
        self._widget: _View | None = None
        self._thread: threading.Thread | None = None
        self._load: Load | None = None
        self._lock = threading.Lock()
        self._asked_for = False
        self.note = ""

    @property
    def picture(self) -> Picture:
        """The present `Picture`; before the start, that of a recorded run."""
        run = self._run()
        if run is None:
            return _still(self._recorded)
        return fleet_picture(run, self.source.running)

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            replay = isinstance(self.source, Replay)
            names = [n for n, (fault, _) in FAULTS.items() if os.name == "posix" or fault not in ONLY_POSIX]
            self._widget = _View(
                title=self._title,
                workers=0 if replay else self.source.settings["workers"],
                faults=[] if replay else names,
                frame=self._frame(),
            )
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
            self._follow()
        return self._widget

    def stop(self) -> None:
        """End the fleet, or stop the recorded run."""
        self.source.stop()
        self._push()

    def reset(self) -> None:
        """Take every fault back; start the fleet where it isn't running, and its load."""
        try:
            if not self.source.running:
                self._make_room()
            self.source.reset()
        except BadInput as error:
            if isinstance(self.source, Replay) or "recorded run" not in str(error):
                raise
            self.note = str(error)
            self.source = Replay(recorded_run(self._recorded))
        if self._load_wanted and not isinstance(self.source, Replay):
            seconds = 60 * self.source.settings["minutes"]
            with contextlib.suppress(BadInput):  # a load is running already
                self._load = self.source.load(seconds, **self._load_wanted)
        self._follow()
        self._push()

    def disturb(self, worker: int, fault: str) -> None:
        """Do to a worker one of the things in `FAULTS`."""
        if fault not in FAULTS or isinstance(self.source, Replay):
            raise BadInput(f"{fault!r} can't be done here.")
        method, details = FAULTS[fault]
        getattr(self.source, method)(worker, **details)
        self._push()

    def recording(self) -> tuple[str, str, float, list[tuple[float, dict[str, Any]]]]:
        """The recorded run, for a page without a kernel.

        Returns
        -------
        (str, str, float, list of (float, dict))
            Its date and machine; the second that stands before it is played; and for every half second what
            the browser would get.
        """
        run = recorded_run(self._recorded)
        moments = [PUSHED_EVERY * (i + 1) for i in range(int(run.length / PUSHED_EVERY) + 1)]
        frames = [(t, self._frame_of(run.until(t), t < moments[-1])) for t in moments]
        return run.started.date().isoformat(), run.machine, _after_first_fault(run), frames

    def _answer(self, _widget, content, _buffers):
        """Answer a button; whatever happens, the browser gets an answer."""
        if content.get("do") == "look":
            self._push()
            return
        self.note = ""
        try:
            if content.get("do") == "stop":
                self.stop()
            elif content.get("do") == "reset":
                self.reset()
            elif content.get("do") == "fault":
                self.disturb(content.get("worker"), content.get("fault"))
        except BadInput as error:
            self.note = str(error)
        except Exception as error:
            self.note = f"That did not work: {type(error).__name__}."
        finally:
            assert self._widget is not None  # it was heard
            self._widget.send({"answered": content.get("number"), "note": self.note})
            self._push()

    def _make_room(self):
        """End the oldest fleet that was started from a picture, where two others are running."""
        if isinstance(self.source, Replay):
            return
        _started[:] = [fleet for fleet in _started if fleet.running and fleet is not self.source]
        while len(_started) >= MOST_STARTED:
            _started.pop(0).stop()
        _started.append(self.source)

    def _run(self):
        try:
            return self.source.run()
        except BadInput:
            return None

    def _frame(self):
        return self._frame_of(self._run(), self.source.running)

    def _frame_of(self, run, running):
        picture = _still(self._recorded) if run is None else fleet_picture(run, running)
        return {
            "svg": picture.svg,
            "sentence": picture.sentence,
            "table": folded_table(list(picture.rows)),
            "events": [] if run is None else latest_events(run),
            "running": running,
            "recorded": run is None or run.recorded,
            "begun": run is not None,
            "ask": self._asked_for,
        }

    def _push(self):
        if self._widget is not None:
            with self._lock:
                self._widget.frame = self._frame()

    def _follow(self):
        """Push pictures from a thread of their own for as long as there is something new to see."""
        if self._widget is not None and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._push_until_the_end, daemon=True)
            try:
                self._thread.start()
            except RuntimeError:  # Python in the browser has no threads: the page asks for each picture
                self._asked_for = True

    def _push_until_the_end(self):
        while self.source.running and self._widget is not None and self._widget.comm is not None:
            self._push()
            time.sleep(PUSHED_EVERY)
        self._push()

    def _ipython_display_(self):
        """Show a recorded picture, which stays where there is no kernel, and then the live one."""
        picture = _still(self._recorded)
        name = escape(self._recorded.replace("_", " "))
        inside = image(picture.svg.encode(), "svg+xml", picture.alt)
        still = framed(inside, f"{picture.sentence} ({name})", list(picture.rows))
        display(HTML(f"<div class='faultlab-still'>{still}</div>"))
        display(self.widget)


def watch(
    source: Fleet | Replay,
    load: dict | None = None,
    title: str = "The fleet, now",
    recorded: str = "kill_one_of_four",
) -> FleetView:
    """Watch a fleet: its workers, what customers see, and buttons to disturb, reset and stop it.

    The cell ends at once. Press Start to start the fleet, or give one that is running.

    Parameters
    ----------
    source : faultlab.live.Fleet or faultlab.live.Replay
    load : dict, optional
        What `Fleet.load` takes beside `seconds`, such as ``{"rate": 100}``: sent from start to end.
    title : str
    recorded : str
        The recorded run that is shown where there is no kernel, and played where no processes can be
        started.

    Returns
    -------
    FleetView
        Driven from code by `reset`, `disturb` and `stop`.

    Examples
    --------
    >>> view = watch(Replay(recorded_run("gray_failure")))
    >>> view.picture.sentence.startswith("Recorded run")
    True
    """
    return FleetView(source, load, title, recorded)


def _still(name):
    """The picture of a recorded run in the moment after its first fault."""
    run = recorded_run(name)
    return fleet_picture(run.until(_after_first_fault(run)))


def _after_first_fault(run):
    return next((e.t for e in run.events if e.kind in ("kill", "pause", "fault")), run.length) + 1.6
