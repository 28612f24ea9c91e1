"""Keep a submission: start it apart, adopt its orphans, and end all of them: `python -I keeper.py FOLDER`.

The keeper runs no learner's line. On Linux it asks for namespaces of its own for processes and the network;
when the first process of such a namespace ends, the kernel ends every other in it. Where that is not allowed,
orphans come to the keeper, wherever they have hidden, and it ends them one by one. It ends all when its input
is closed, and so when the grader ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ADOPT_ORPHANS = 36
INPUT_CLOSED = 9
NEW_USER, NEW_PROCESSES, NEW_NETWORK, NEW_IPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000


def main(folder: str) -> int:
    """Run the submission in a folder, and return the exit status of its process."""
    command = [sys.executable, "-I", str(Path(folder) / "runner.py"), folder]
    if not hasattr(os, "fork"):
        return _without_fork(command)
    job = json.loads((Path(folder) / "job.json").read_text(encoding="utf-8"))
    apart = _go_apart()
    command = [*_bubblewrap(job, folder), *command, apart]
    # No thread can be started in a process whose children get a namespace: a pipe tells of their ends.
    ended, tell = os.pipe()
    os.set_blocking(tell, False)
    child = os.fork()
    if child == 0:
        os._exit(_first_process(command))
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    os.close(1)
    code = _wait(child, ended)
    _end_all()
    return code


def _wait(child, ended):
    """Wait for the child, or for the end of the input; return its exit status."""
    while True:
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == child:
                    return os.waitstatus_to_exitcode(found[1]) & 0xFF
        ready, _, _ = select.select([0, ended], [], [], 1.0)
        if 0 in ready and not os.read(0, 4096):
            return INPUT_CLOSED
        if ended in ready:
            os.read(ended, 4096)


def _first_process(command):
    """Start the runner and wait for it; in a namespace of processes, this is the one that all hang on."""
    runner = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    os.close(1)
    while True:
        process, status = os.wait()
        if process == runner.pid:
            return os.waitstatus_to_exitcode(status) & 0xFF


def _go_apart():
    """Adopt orphans, and leave the namespaces of the machine; return which were left."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
        user, group = os.getuid(), os.getgid()
        wanted = NEW_PROCESSES | NEW_NETWORK | NEW_IPC | (NEW_USER if user else 0)
        if libc.unshare(wanted) != 0:
            return "together"
    except (OSError, AttributeError):
        return "together"
    names = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in names.items() if user else ():
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(text, encoding="ascii")
    return "apart"


def _bubblewrap(job, folder):
    """The command that builds walls of bubblewrap's, where there is no Landlock."""
    if job["wall"] != "bubblewrap":
        return []
    sys.path.insert(0, folder)
    from faultlab.classroom.submission.confine import readable

    command = [job["bubblewrap"], "--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    for right in ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH") if os.getuid() == 0 else ():
        command += ["--cap-add", right]
    links = [name for name in ("/bin", "/lib", "/lib64", "/sbin") if os.path.islink(name)]
    for shown, real in readable(job["root"], job["package"]):
        if shown not in (*links, "/proc"):
            command += ["--ro-bind", real, shown]
    for name in links:
        command += ["--symlink", os.readlink(name), name]
    work = str(Path(folder) / "work")
    return [
        *command,
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--ro-bind",
        folder,
        folder,
        "--bind",
        work,
        work,
        "--",
    ]


def _end_all():
    """Stop, then kill, whatever still comes from here, until there is no child left."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        family = descendants(os.getpid())
        if not family:
            return
        for kind in (signal.SIGSTOP, signal.SIGKILL):
            for process in family:
                with contextlib.suppress(OSError):
                    os.kill(process, kind)
        time.sleep(0.005)


def descendants(ancestor: int) -> list[int]:
    """Return every process that comes from one, however far; Linux only, an empty list elsewhere."""
    parents: dict[int, list[int]] = {}
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                with (
                    contextlib.suppress(OSError, IndexError, ValueError),
                    open(f"/proc/{name}/stat", "rb") as stat,
                ):
                    parents.setdefault(int(stat.read().rpartition(b")")[2].split()[1]), []).append(int(name))
    found = list(parents.get(ancestor, []))
    for process in found:
        found += parents.get(process, [])
    return found


def _without_fork(command):
    """Windows: the runner alone can be ended, when the input is closed."""
    runner = subprocess.Popen([*command, "together"], stdin=subprocess.DEVNULL)

    def end_with_the_input():
        os.read(0, 1)
        runner.kill()

    threading.Thread(target=end_with_the_input, daemon=True).start()
    return runner.wait() & 0xFF


if __name__ == "__main__":
    os._exit(main(sys.argv[1]))  # standard output is closed by then
