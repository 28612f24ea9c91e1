"""Widgets that answer while a cell is running, for lessons in which a cell takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipywidgets import Widget


def answer_while_busy(widget: Widget) -> None:
    """Have a widget's messages handled by the subshell that the browser sends them to.

    JupyterLab 4.4 and ipykernel 7 deliver what a widget says on a thread of its own (a subshell). But
    ipykernel 7.4 hands it to the thread from which the widget last spoke instead. That is the thread of the
    cells, which may be busy. Other versions don't have this device, and then there is nothing to do.

    Parameters
    ----------
    widget : ipywidgets.Widget
    """
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = lambda data, chosen: chosen
