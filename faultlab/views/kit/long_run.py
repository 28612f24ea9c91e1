"""A computation that takes its time: a button that starts it, how far it is, and a button that stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from IPython.display import HTML, display

from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import HERE, View, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import wide_table

if TYPE_CHECKING:
    from faultlab.views.kit.picture import Picture

TOLD_EVERY = 0.2


class Stopped(Exception):
    """Raised inside a computation that was asked to stop."""


class _View(View):
    """What the browser holds of a long run."""

    kind = "Long run"
    _esm = script(HERE / "long_run.js")


class LongRun:
    """A long computation that shows its progress and can be stopped; nothing runs before it is started.

    Parameters
    ----------
    work : callable
        Gets `tell`, to be called often with the share that is done, the rows found so far and a `Picture` of
        them, where there are any; returns all rows, dictionaries with the same keys. Where it was stopped,
        `tell` raises `Stopped`.
    title : str
    lasts : str
        How long it takes, in words.

    Examples
    --------
    >>> def work(tell):
    ...     tell(0.5, [{"number": 1}])
    ...     return [{"number": 1}, {"number": 2}]
    >>> run = LongRun(work, "Two numbers", "no time")
    >>> run.state
    'not started'
    >>> run.start()
    >>> run.wait()
    >>> run.state, len(run.rows)
    ('done', 2)
    """

    def __init__(self, work: Callable[..., Iterable[dict]], title: str, lasts: str) -> None:
        self._work, self._title, self._lasts = work, title, lasts
        self.state, self.done, self.note = "not started", 0.0, ""
        self.rows: list[dict] = []
        self.picture: Picture | None = None
        self._asked_to_stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._widget: _View | None = None
        self._began = self._told = 0.0

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=self._title, frame=self._frame())
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
        return self._widget

    def start(self) -> None:
        """Start from the beginning.

        Raises
        ------
        BadInput
            If it is running.
        """
        if self.state == "running":
            raise BadInput("This is running already; stop it first.")
        self._asked_to_stop.clear()
        self.state, self.rows, self.picture, self.done, self.note = "running", [], None, 0.0, ""
        self._began = time.monotonic()
        self._push()
        self._thread = threading.Thread(target=self._run, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # Python in the browser has no threads: the page waits
            self._thread = None
            self._run()

    def stop(self) -> None:
        """Stop at the next step; what was found so far stays."""
        self._asked_to_stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self):
        try:
            self.rows = list(self._work(self._tell))
            self.state, self.done = "done", 1.0
        except Stopped:
            self.state = "stopped"
        except Exception as error:
            self.state, self.note = "failed", str(error) or type(error).__name__
        self._push()

    def _tell(self, done, rows=(), picture=None):
        if self._asked_to_stop.is_set():
            raise Stopped
        new, self.done, self.rows, self.picture = len(rows) > len(self.rows), done, list(rows), picture
        if new or time.monotonic() - self._told > TOLD_EVERY:
            self._told = time.monotonic()
            self._push()

    def _frame(self):
        passed = f"{time.monotonic() - self._began:.0f} s"
        words = {
            "not started": f"Not started. It takes {self._lasts}.",
            "running": f"Running for {passed}: {100 * self.done:.0f} % done.",
            "stopped": f"Stopped after {passed}, {100 * self.done:.0f} % done.",
            "done": f"Done in {passed}.",
            "failed": f"It did not work: {self.note}",
        }[self.state]
        frame = {"running": self.state == "running", "done": self.done, "sentence": words}
        frame["table"] = wide_table(self.rows, self._title) if self.rows else ""
        return frame | {"svg": self.picture.svg if self.picture else ""}

    def _push(self):
        if self._widget is not None:
            self._widget.frame = self._frame()

    def _answer(self, _widget, content, _buffers):
        if content.get("do") == "stop":
            self.stop()
        elif content.get("do") == "start" and self.state != "running":
            self.start()

    def _ipython_display_(self):
        words = f"{self._title}: {self._frame()['sentence']} In a running notebook a button starts it."
        display(HTML(f"<p class='faultlab-still'>{words}</p>"))
        display(self.widget)
