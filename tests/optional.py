"""Peers to compare with that a learner lacks: only the tests that use one are skipped there."""

from importlib import import_module

import pytest


def peer(name: str):
    """Return a module, or a stand-in that skips whatever test asks it for something.

    An optional package is imported in tests with this function or with `pytest.importorskip`, so that every
    other test of the file runs with requirements.txt alone.
    """
    try:
        return import_module(name)
    except ImportError:
        return _Absent(name)


class _Absent:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        if attribute.startswith("_") and attribute != "__file__":  # pytest looks at what a module holds
            raise AttributeError(attribute)
        package = self._name.partition(".")[0]
        pytest.skip(f"compares with {package}: install the extra `dev`", allow_module_level=True)
