"""What every form in a notebook is: a widget, and a plain form of it for those without a kernel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from faultlab.views.kit import answer_while_busy, script

if TYPE_CHECKING:
    from typing import Any

HERE = Path(__file__).parent


class Form(anywidget.AnyWidget):
    """What the browser holds of a bet, a reveal or a quiz."""

    _esm = script(HERE / "forms.js")
    form = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode(help="As it is heard, where the title says something else").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    options: traitlets.List[str] = traitlets.List().tag(sync=True)
    questions: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    answer = traitlets.Any(None, allow_none=True).tag(sync=True)
    closed = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        answer_while_busy(self)

    def __repr__(self):
        # The text beside a widget's view is compared by nbval, so it says nothing of the learner.
        return f"<{self.title}>"


class OwnForm(anywidget.AnyWidget):
    """What the browser holds of the learner's own: the company, a decision, Monday's questions, My page."""

    _esm = script(HERE / "own_forms.js")
    form = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    css = traitlets.Unicode().tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        answer_while_busy(self)

    def __repr__(self):
        return f"<{self.title}>"


class Shown(ABC):
    """Something with a widget and a plain form of it for those without a kernel."""

    widget: Form | OwnForm

    @abstractmethod
    def _still(self) -> str: ...

    def _ipython_display_(self):
        from IPython.display import HTML, display

        if still := self._still():
            display(HTML(f"<div class='faultlab-still'>{still}</div>"))
        display(self.widget)
