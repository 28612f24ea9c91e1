"""Run a submission's cells and hand over plain data: `python -I runner.py FOLDER`.

Nothing that happens here is believed. What comes out are values, one line of JSON each; the grader
compares them in a process that never ran a learner's line.
"""

import contextlib
import json
import os
import pickle
import signal
import sys
import types
from pathlib import Path


class _CellTooSlow(BaseException):
    pass


def main(folder):
    """Confine this process, run the cells of `job.json`, write answers to `work/answers.jsonl`."""
    folder = Path(folder)
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    sys.path.insert(0, str(folder))
    from faultlab.classroom import confine, plain, sandbox

    cases = pickle.loads((folder / "cases.pickle").read_bytes())
    # A file that stays open: what a learner does to the path does not matter.
    answers = os.open(folder / "work" / "answers.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    closed = confine.confine(str(folder / "work"), job["root"], job["limits"])

    def tell(**line):
        os.write(answers, json.dumps(line).encode() + b"\n")

    tell(started=True, closed=closed)
    os.chdir(folder / "work" / "labs")
    learner = types.ModuleType("__main__")
    learner.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = learner
    display = types.SimpleNamespace(run_line_magic=_ignore, run_cell_magic=_ignore, system=_ignore)
    learner.get_ipython = lambda: display
    for cell in job["cells"]:
        error = _run_cell(cell, learner.__dict__, job["limits"]["cell"])
        if error:
            tell(cell=cell["number"], error=error)
        for name in cell["tasks"]:
            tell(
                task=name, **_answer(job["answers"][name], learner.__dict__, cases.get(name), plain, sandbox)
            )
    tell(finished=True)
    os._exit(0)


def _ignore(*args):
    return None


def _run_cell(cell, names, seconds):
    def too_slow(_signal, _frame):
        raise _CellTooSlow

    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, too_slow)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        exec(compile(cell["source"], f"<cell {cell['number']}>", "exec"), names)
    except _CellTooSlow:
        return f"had not ended after {seconds:g} seconds"
    except SystemExit:
        return "ended the program (exit)"
    except BaseException as error:
        with contextlib.suppress(BaseException):
            return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        return "raised an error"
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def _answer(expression, names, work, plain, sandbox):
    """The plain value of an answer, or what a function gave in each case."""
    try:
        value = eval(expression, names)
    except BaseException:
        return {"missing": True}
    if work is None:
        try:
            return {"value": plain.encode(value)}
        except BaseException as odd:
            return {"odd": str(odd)[:200]}
    if value is None or value is ...:
        return {"value": None}
    if not callable(value):
        return {"odd": "a value, where a function is asked for"}
    results = sandbox.run_cases(value, work["cases"], work["seconds"], work["drive"])
    lines = [[one.kind, plain.encode(one.value), one.words[:300], one.printed] for one in results]
    return {"results": lines}


if __name__ == "__main__":
    main(sys.argv[1])
