"""The Explorer: a function from a state to a picture, with controls that move it.

The function runs in the kernel; the controls and the picture live in the browser. While nobody moves
anything, the browser asks for the pictures around the present state and keeps them, so that a slider
answers at once even where the kernel is far away. So the function must be pure: the same state, the
same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import traitlets
from IPython.display import HTML, display

from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import HERE, View, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import folded_table, framed, image

if TYPE_CHECKING:
    from faultlab.views.kit.picture import Picture


@dataclass(frozen=True)
class Slider:
    """A number that can be moved, by a slider or typed into the box beside it.

    Parameters
    ----------
    name : str
        The parameter of the drawing function.
    label : str
        What it is, as the reader knows it, without the unit.
    low, high, value : float
        The ends and the start.
    step : float
        The distance between two values. Whole steps from whole numbers give an integer.
    unit : str
        Written behind the box.
    """

    name: str
    label: str
    low: float
    high: float
    value: float
    step: float = 1
    unit: str = ""

    def values(self) -> list[float]:
        """Every value that the slider can take, lowest first."""
        count = int((self.high - self.low) / self.step + 1e-9)
        found = [round(self.low + i * self.step, 10) for i in range(count + 1)]
        return [int(v) for v in found] if all(v == int(v) for v in found) else found

    def read(self, value: object) -> float:
        """The value, held to the slider's steps; BadInput where it is no number or outside."""
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not self.low <= value <= self.high
        ):
            raise BadInput(f"{self.name} takes a number from {self.low:g} to {self.high:g}, not {value!r}.")
        return min(self.values(), key=lambda v: abs(v - value))


@dataclass(frozen=True)
class Stops:
    """A slider over given values, for scales that are not even, such as nines.

    Parameters
    ----------
    name, label, unit : str
        As in `Slider`.
    stops : tuple of float
        The values, lowest first.
    value : float
        The start, one of the stops.
    between : bool
        Whether a typed value between two stops is taken as it is, for functions that take any value.
    """

    name: str
    label: str
    stops: tuple[float, ...]
    value: float
    unit: str = ""
    between: bool = False

    def values(self) -> list[float]:
        """Every value that the slider can take, lowest first."""
        return list(self.stops)

    def read(self, value: object) -> float:
        """The nearest stop, or the value itself with `between`; BadInput where it is no number or outside."""
        low, high = self.stops[0], self.stops[-1]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise BadInput(f"{self.name} takes a number from {low:g} to {high:g}, not {value!r}.")
        return value if self.between else min(self.stops, key=lambda v: abs(v - value))


@dataclass(frozen=True)
class Choice:
    """One of several named options.

    Parameters
    ----------
    name, label : str
        As in `Slider`.
    options : tuple of str
        What can be chosen.
    value : str
        The start, one of the options.
    """

    name: str
    label: str
    options: tuple[str, ...]
    value: str

    def values(self) -> list[str]:
        """Every option, in the order given."""
        return list(self.options)

    def read(self, value: object) -> str:
        """The option; BadInput where it isn't one."""
        if not isinstance(value, str) or value not in self.options:
            raise BadInput(f"{self.name} takes one of {', '.join(self.options)}, not {value!r}.")
        return value


@dataclass(frozen=True)
class BetMark:
    """Which of the learner's bets an Explorer marks on its picture, once its answer has been turned.

    Parameters
    ----------
    id : str
        The bet's name in its lesson.
    along : str
        The axis on which it stands, "x" or "y".
    times : float
        How many of the axis's units make one of the bet's: 60 for a bet in hours on an axis of minutes.
    """

    id: str
    along: str = "x"
    times: float = 1


class _View(View):
    """What the browser holds of an Explorer."""

    kind = "Explorer"
    _esm = script(HERE / "explorer.js")
    controls: traitlets.List[dict] = traitlets.List().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    bet = traitlets.Dict().tag(sync=True)


class Explorer:
    """A picture with controls; in code, each control is an attribute.

    Parameters
    ----------
    draw : callable
        From the state, as keyword arguments, to a `Picture`. Pure.
    controls : sequence of Slider, Stops or Choice
        What can be moved, in the order in which it is shown.
    title : str
        The question that the picture answers.
    bet : BetMark, optional
        The bet that the picture answers, for a picture that is a `Chart` or begins with `bars`.

    Raises
    ------
    BadInput
        For a value outside a control, a name that isn't a control, or a name that is taken.

    Examples
    --------
    >>> from faultlab.views.kit.picture import Picture
    >>> def square(side):
    ...     return Picture("<svg/>", "A square.", f"The area is {side * side}.")
    >>> explorer = Explorer(square, [Slider("side", "Side", 1, 9, 2)], title="How large?")
    >>> explorer.side = 3
    >>> explorer.sentence
    'The area is 9.'
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        controls: Sequence[Slider | Stops | Choice],
        title: str,
        bet: BetMark | None = None,
    ) -> None:
        taken = set(dir(Explorer)) & {control.name for control in controls}
        if taken:
            raise BadInput(f"A control can't be called {sorted(taken)[0]!r}: an Explorer has that already.")
        vars(self).update(
            _draw=draw,
            _controls={control.name: control for control in controls},
            _title=title,
            _bet=asdict(bet) if bet else {},
            _widget=None,
        )
        vars(self)["_state"] = {control.name: control.read(control.value) for control in controls}
        vars(self)["_picture"] = draw(**self._state)

    @property
    def state(self) -> dict[str, float | str]:
        """The present value of every control."""
        return dict(self._state)

    @property
    def picture(self) -> Picture:
        """The present `Picture`."""
        return self._picture

    @property
    def sentence(self) -> str:
        """The present result in one sentence."""
        return self._picture.sentence

    @property
    def rows(self) -> list[dict]:
        """The numbers behind the present picture."""
        return list(self._picture.rows)

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            controls = [_described(control) for control in self._controls.values()]
            widget = _View(
                title=self._title,
                controls=controls,
                state=self.state,
                frame=_frame(self._picture),
                bet=self._bet,
            )
            widget.on_msg(self._answer)
            answer_while_busy(widget)
            vars(self)["_widget"] = widget
        return self._widget

    def frame(self, state: dict[str, float | str]) -> dict[str, str]:
        """What the browser gets of the picture in a state; the present one stays."""
        return _frame(self._draw(**{name: self._controls[name].read(state[name]) for name in self._controls}))

    def set(self, **state: float | str) -> None:
        """Move several controls at once and draw one picture."""
        self._take(state)
        if self._widget is not None:
            with self._widget.hold_sync():
                self._widget.state, self._widget.frame = self.state, _frame(self._picture)

    def __getattr__(self, name):
        if name in vars(self).get("_state", {}):
            return self._state[name]
        raise AttributeError(f"This Explorer has no {name!r}. Its controls: {', '.join(self._controls)}.")

    def __setattr__(self, name, value):
        self.set(**{name: value})

    def __dir__(self):
        return [*super().__dir__(), *self._controls]

    def _take(self, state):
        unknown = set(state) - set(self._controls)
        if unknown:
            raise BadInput(
                f"This Explorer has no {sorted(unknown)[0]!r}. Its controls: {', '.join(self._controls)}."
            )
        read = {name: self._controls[name].read(value) for name, value in state.items()}
        picture = self._draw(**(self._state | read))
        self._state.update(read)
        vars(self)["_picture"] = picture

    def _answer(self, _widget, content, _buffers):
        """Answer the browser: `move` makes a state the present one, `ask` only wants its picture."""
        if "move" in content:
            self._take(content["move"])
            self._widget.send({"state": self.state, "frame": _frame(self._picture)})
        elif "ask" in content:
            for asked in content["ask"]:
                read = {name: self._controls[name].read(asked[name]) for name in self._controls}
                self._widget.send({"state": read, "frame": self.frame(asked), "ahead": True})

    def _ipython_display_(self):
        """Show the still picture, which stays where there is no kernel, and then the live one."""
        picture = self._picture
        still = framed(
            image(picture.svg.encode(), "svg+xml", picture.alt), picture.sentence, list(picture.rows)
        )
        display(HTML(f"<div class='faultlab-still'>{still}</div>"))
        display(self.widget)


def _frame(picture):
    return {
        "svg": picture.svg,
        "sentence": picture.sentence,
        "table": folded_table(list(picture.rows)),
    }


def _described(control):
    return asdict(control) | {"kind": type(control).__name__.lower(), "values": control.values()}
