"""Node, for the tests that run JavaScript without a browser."""

import functools
import shutil
import subprocess

import pytest

OLDEST = (20, 19)  # takes a file with `export` in it for a module, whatever its name


@functools.cache
def node():
    """The path of a Node that is new enough: the system's, or the one that drives a browser."""
    found = [shutil.which("node")]
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        pass
    else:
        found.append(compute_driver_executable()[0])
    for program in filter(None, found):
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2]) >= OLDEST:
            return program
    pytest.skip("runs JavaScript: install Node 20.19 or later, or the extra `dev`")
