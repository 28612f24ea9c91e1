"""Is everything in place? Said in one box, with the remedy where something is not."""

from __future__ import annotations

import importlib.util

from faultlab.classroom.learner import progress
from faultlab.classroom.notebook.showing import Box, show

NEEDED = ("anywidget", "ipywidgets", "matplotlib", "networkx", "numpy", "openpyxl", "yaml")


def check_setup(saved: progress.Progress | None = None) -> None:
    """Show whether the packages are there and progress can be saved; the same text on every good day.

    Examples
    --------
    >>> import tempfile
    >>> check_setup(progress.Progress(tempfile.mkdtemp()))
    ✓ Your set-up works
    The packages are here, and your progress is saved as you go.
    """
    faults = []
    for name in NEEDED:
        if importlib.util.find_spec(name) is None:  # found, and not loaded: that would take 30 MB
            faults.append(f"The package {name} is missing: close this and run `python3 start.py` again.")
    saved = saved or progress.Progress()
    saved.change(lambda data: None)
    if not saved.saved:
        faults.append(f"{saved.remark} Keep your resume code before you close the lesson.")
    words = "The packages are here, and your progress is saved as you go."
    if faults:
        show(Box("try again", "Set-up", "\n".join(faults)))
    else:
        show(Box("correct", "", words, head="Your set-up works"))
