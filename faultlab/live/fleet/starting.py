"""Starting a supervisor from a notebook, and ending one that doesn't answer."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any

from faultlab.errors import BadInput
from faultlab.live.processes.children import command, pipes_of

NO_PROCESSES = "No processes can be started here{}: take a recorded run, recorded_run('kill_one_of_four')."
PATIENCE = 40.0


def start_supervisor(settings: dict[str, object]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start a supervisor and wait until its fleet is ready.

    Parameters
    ----------
    settings : dict
        With the token of its door.

    Returns
    -------
    popen : subprocess.Popen
        Its standard input is what keeps the fleet alive.
    said : dict
        The ports of its `door` and of the balancer (`port`).

    Raises
    ------
    BadInput
        If no process can be started, or the fleet can't. Whatever is raised, an interrupt too, nothing
        is left running.
    """
    if sys.platform in ("emscripten", "wasi") or not sys.executable:
        raise BadInput(NO_PROCESSES.format(" (in the browser)"))
    # A session of its own: an interrupt of the notebook's cell is no interrupt of the fleet.
    posix = os.name == "posix"
    with tempfile.TemporaryFile() as errors:
        try:
            popen = subprocess.Popen(
                command("fleet.supervisor"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                start_new_session=posix,
                creationflags=0 if posix else 0x200,
            )
        except OSError as error:
            raise BadInput(NO_PROCESSES.format(f" ({error.strerror})")) from None
        try:
            with contextlib.suppress(OSError):
                pipes_of(popen)[0].write(json.dumps(settings).encode() + b"\n")
            said = _first_report(popen, errors)
            if "trouble" in said:
                raise BadInput(said["trouble"])
        except BaseException:
            end_at_once(popen)
            raise
    return popen, said


def end_at_once(popen: subprocess.Popen[bytes]) -> None:
    """End a supervisor that is ours; its children end with it."""
    orders, reports = pipes_of(popen)
    with contextlib.suppress(OSError):
        orders.close()
    popen.kill()
    popen.wait(10)
    reports.close()


def _first_report(popen: subprocess.Popen[bytes], errors: IO[bytes]) -> dict[str, Any]:
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    _, reports = pipes_of(popen)
    threading.Thread(target=lambda: lines.put(reports.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=PATIENCE)
    except queue.Empty:
        raise BadInput("The fleet did not start in time; the machine is very busy, try again.") from None
    if not line:
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
        why = f" ({said[-1]})" if said else ""
        raise BadInput(f"The fleet's supervisor ended before the fleet had started{why}.")
    return json.loads(line)
