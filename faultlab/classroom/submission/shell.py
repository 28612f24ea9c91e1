"""What a cell finds where a notebook has IPython: its way of reading a cell, and the magics that matter.

Magics that run Python run it; a shell command runs with the submission's own few rights, unless it installs
something; whatever else only shows something does nothing.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import re
import subprocess
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from faultlab.classroom.answers.unquoted import quoted
from faultlab.classroom.submission.stand_in import Nothing

if TYPE_CHECKING:
    import asyncio
    from typing import Any


AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
RUN_PYTHON = ("time", "timeit", "capture", "prun")
INSTALLS = re.compile(r"\s*(sudo\s+)?(\S*python\S*\s+-m\s+)?(pip|pip3|conda|mamba|uv|apt|apt-get|brew|npm)\b")
COMMAND_SECONDS = 10


def as_python(source: str) -> str:
    r"""Return a cell as Python: as it is, with its typed answer as a text, or as IPython reads it.

    Parameters
    ----------
    source : str

    Returns
    -------
    str

    Examples
    --------
    >>> as_python("x = !ls")
    "x = get_ipython().getoutput('ls')\n"
    >>> as_python("minutes = 86.4 minutes")
    "minutes = '86.4 minutes'"
    """
    source = quoted(source)
    try:
        compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | AWAIT)
        return source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(source)
    except (SyntaxError, ValueError, RuntimeError, RecursionError):
        return source


class Shell:
    """Stands where `get_ipython()` gives the notebook's shell."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names
        self._loop: asyncio.AbstractEventLoop | None = None

    def install(self) -> None:
        """Put into the learner's names what IPython has there."""
        self.user_ns.update(get_ipython=lambda: self, display=Nothing(), In=[""], Out={})

    def run(self, source: str, name: str) -> None:
        """Run a cell as a notebook would: with `await` where it stands, in a loop where it asks for one."""
        code = compile(as_python(source), name, "exec", AWAIT)
        if "get_ipython" in source and "import" in source:
            with contextlib.suppress(ImportError):
                import IPython

                IPython.get_ipython = IPython.core.getipython.get_ipython = self.user_ns["get_ipython"]
        if not code.co_flags & inspect.CO_COROUTINE and "asyncio" not in source:
            exec(code, self.user_ns)
            return
        import asyncio  # here, because few notebooks need it and it takes a while

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._in_loop(code))

    async def _in_loop(self, code):
        waiting = eval(code, self.user_ns)
        if inspect.iscoroutine(waiting):
            await waiting

    def run_line_magic(self, name: str, line: str = "", *_: object) -> object:
        """Run `%time`, `%timeit`, `%cd`, `%pwd` and `%run` on their Python; pass over all others."""
        if name in ("time", "prun"):
            return self._python(line)
        if name == "timeit":
            return self._timed(line)
        if name == "pwd":
            return os.getcwd()
        if name == "cd":
            os.chdir(os.path.expanduser(line.strip().strip("\"'")) or ".")
        if name == "run":
            with open(line.split()[0], encoding="utf-8") as file:
                exec(compile(file.read(), line.split()[0], "exec"), self.user_ns)
        if name in ("sx", "system", "!"):
            return self.getoutput(line)
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> object:
        """Run the Python below `%%time` and its like, write `%%writefile`; pass over all others."""
        if name == "timeit":
            return self._timed(line, cell)
        if name in RUN_PYTHON:
            if name == "capture" and line.split() and not line.startswith("-"):
                self.user_ns[line.split()[0]] = SimpleNamespace(
                    stdout="", stderr="", outputs=[], show=Nothing()
                )
            return self._python(cell)
        if name in ("writefile", "file"):
            with open(
                line.split()[-1].strip("\"'"), "a" if "-a" in line.split() else "w", encoding="utf-8"
            ) as file:
                file.write(cell)
        return None

    def magic(self, line: str) -> object:
        """The older name of `run_line_magic`."""
        name, _, rest = line.partition(" ")
        return self.run_line_magic(name, rest)

    def system(self, command: str) -> None:
        """Run a shell command for what it does."""
        self.getoutput(command)

    def getoutput(self, command: str, *_: object, **__: object) -> list[str]:
        """Run a shell command and return its lines; it installs nothing and has ten seconds."""
        if INSTALLS.match(command):
            return []
        try:
            done = subprocess.run(
                command,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=COMMAND_SECONDS,
                text=True,
                errors="replace",
                check=False,
            )
            return done.stdout.splitlines()
        except (subprocess.TimeoutExpired, OSError):
            return []

    def _python(self, source):
        source = as_python(re.sub(r"^\s*(-\w+\s+)*", "", source) if "\n" not in source else source)
        try:
            code = compile(source.strip(), "<cell>", "eval")
        except SyntaxError:
            self.run(source, "<cell>")
            return None
        return eval(code, self.user_ns)

    def _timed(self, line, cell=""):
        """Run once what `%timeit` runs many times; names that it binds are gone afterwards."""
        found = re.match(r"\s*((-[a-z]+\s*\d*\s+)*)", line + " ")
        options = found[1] if found else ""
        names = dict(self.user_ns)
        start = time.perf_counter()
        exec(compile(as_python(cell or line[len(options) :]), "<cell>", "exec"), names)
        seconds = time.perf_counter() - start
        if "o" not in re.sub(r"[^a-z]", "", options):
            return None
        return SimpleNamespace(
            average=seconds, best=seconds, worst=seconds, stdev=0.0, loops=1, repeat=1, compile_time=0.0,
            all_runs=[seconds], timings=[seconds],
        )  # fmt: skip

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()
