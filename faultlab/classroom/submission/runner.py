"""Run a submission's cells and hand over plain data: `python -I runner.py FOLDER apart`.

Nothing that happens here is believed. What comes out are values, one line of JSON each; the grader
compares them in a process that never ran a learner's line.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import sys
import types
from pathlib import Path

ANSWER_SECONDS = 5.0
NOT_CONFINED = 7


class _TooSlow(BaseException):
    pass


def main(folder: str | Path, apart: str) -> None:
    """Confine this process, run the cells of `job.json`, and write answers to what is standard output now."""
    folder, leave = Path(folder), os._exit
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    sys.path.insert(0, str(folder))
    from faultlab.classroom.answers import plain, sandbox
    from faultlab.classroom.submission import confine
    from faultlab.classroom.submission.shell import Shell
    from faultlab.classroom.submission.stand_in import fill_in

    cases = pickle.loads((folder / "cases.pickle").read_bytes())
    out = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    closed = confine.confine(str(folder / "work"), job, apart == "apart")
    if not closed and not job["unconfined"]:
        leave(NOT_CONFINED)

    def tell(**line):
        text = json.dumps(line).encode() + b"\n"
        while text:
            text = text[os.write(out, text) :]

    tell(closed=closed)  # the first line, which no learner's line can have written
    os.chdir(folder / "work" / "labs")
    learner = types.ModuleType("__main__")
    names = learner.__dict__
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = learner
    shell = Shell(names)
    shell.install()
    fill_in(names)
    answered = set()
    for cell in job["cells"]:
        tell(begins=cell["number"])
        error = _run_cell(shell, cell, job["limits"]["cell"])
        if error:
            tell(cell=cell["number"], error=error)
        for name in cell["tasks"]:
            if name not in answered:
                found = _answer(job["answers"][name], names, cases.get(name), plain, sandbox)
                tell(task=name, **found)
                if not _is_open(found):
                    answered.add(name)
    leave(0)


@contextlib.contextmanager
def _limited(seconds):
    def too_slow(_signal, _frame):
        raise _TooSlow

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, too_slow)
    # More than once: what a learner catches the first time comes again.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run_cell(shell, cell, seconds):
    try:
        with _limited(seconds):
            shell.run(cell["source"], f"<cell {cell['number']}>")
    except _TooSlow:
        return f"had not ended after {seconds:g} seconds"
    except SystemExit:
        return "ended the program (exit)"
    except BaseException as error:
        with contextlib.suppress(BaseException), _limited(ANSWER_SECONDS):
            return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        return "raised an error"
    return ""


def _answer(expression, names, work, plain, sandbox):
    """The plain value of an answer, or what a function gave in each case."""
    try:
        with _limited(ANSWER_SECONDS):
            value = eval(expression, names)
            if work is None:
                return _plain_value(value, plain)
            if value is None or value is ...:
                return {"value": None}
            if not callable(value):
                return {"odd": "a value, where a function is asked for"}
    except _TooSlow:
        return {"odd": "something that can't be had in five seconds"}
    except BaseException:
        return {"missing": True}
    try:
        results = sandbox.run_cases(value, work["cases"], work["seconds"], work["drive"])
        return {
            "results": [[one.kind, plain.encode(one.value), one.words[:300], one.printed] for one in results]
        }
    except BaseException:
        return {"odd": "a function that can't be tried"}


def _is_open(found):
    """Whether nothing was answered yet, or a `...` is left in it; then the task's check is looked at too."""
    if "results" in found:
        return all(kind == "returned" and value is None for kind, value, _, _ in found["results"])
    value = found.get("value")
    return "odd" not in found and (value is None or json.dumps({"~": "dots"}) in json.dumps(value))


def _plain_value(value, plain):
    try:
        return {"value": plain.encode(value)}
    except _TooSlow:
        raise
    except BaseException as odd:
        return {"odd": str(odd)[:200]}


if __name__ == "__main__":
    main(*sys.argv[1:])
