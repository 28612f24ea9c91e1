"""Confine this process: what it may read, write, send and start. Linux alone can do it.

Landlock (Linux 5.13) takes away the file system except for Python, the system's libraries and the
submission's own folder; from its version 6 on also signals to other processes. Where a kernel has none, the
process was started inside walls of bubblewrap's. Sockets of every kind are refused by the kernel besides.
Landlock needs no rights, so it works in a container and for an ordinary user.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING

from faultlab.classroom.submission.sockets import refuse_sockets

if TYPE_CHECKING:
    from typing import Any


READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
WRITES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
CREATE, ADD, RESTRICT = 444, 445, 446
NO_NEW_PRIVILEGES, KEEP_CAPABILITIES = 38, 8
MAY_READ_ANY_FOLDER = 2  # CAP_DAC_READ_SEARCH


def landlock_version() -> int:
    """Return the version of Landlock that this kernel offers, 0 for none."""
    if sys.platform != "linux":
        return 0  # another system would end the process for a call that it doesn't know
    with contextlib.suppress(OSError, AttributeError):
        return max(0, ctypes.CDLL(None).syscall(CREATE, None, 0, 1))
    return 0


def confine(own: str, job: dict[str, Any], apart: bool) -> bool:
    """Confine this process for good.

    Parameters
    ----------
    own : str
        The folder that may be written.
    job : dict
        `wall`; `root` and `package`, which hold the real labs and the real package and may not be read;
        `limits`: `seconds`, `memory` and `file` in bytes, `processes`, those already `running` besides,
        `user` (an id to change to, for root).
    apart : bool
        Whether this process has a network of its own already.

    Returns
    -------
    bool
        Whether files outside and every network are out of reach.
    """
    _limit(job["limits"])
    files = job["wall"] == "bubblewrap"
    if job["wall"] == "landlock":
        with contextlib.suppress(OSError, AttributeError):
            files = _landlock(own, job["root"], job["package"])
    if job["limits"]["user"]:
        _change_user(job["limits"]["user"])
    return (refuse_sockets() or apart) and files


def _limit(limits):
    try:
        import resource
    except ImportError:
        return
    wanted = {
        "RLIMIT_CPU": int(limits["seconds"]) + 5,
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_FSIZE": limits["file"],
        "RLIMIT_NPROC": limits["processes"] + limits["running"],
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def _landlock(own, root, package):
    libc = ctypes.CDLL(None, use_errno=True)
    version = landlock_version()
    everything = WRITES[min(version, 5)]
    network = 3 if version >= 4 else 0
    scopes = 3 if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("QQQ", everything, network, scopes)
    rules = libc.syscall(CREATE, attributes, size, 0)
    if rules < 0:
        return False
    for _, path in readable(root, package):
        _allow(libc, rules, path, READ)
    _allow(libc, rules, own, everything)
    for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
        _allow(libc, rules, device, 1 << 1 | 1 << 2)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return done


def readable(root: str, package: str) -> list[tuple[str, str]]:
    """Return Python's own folders and the system's, without the project wherever it lies.

    Parameters
    ----------
    root : str
        The folder that holds the course, of which nothing is left but an environment inside it.
    package : str
        The folder that holds the real package: a clone, which is treated alike, or `site-packages`, of which
        only the package is taken out.

    Returns
    -------
    list of (str, str)
        The name that each has, and where it really is.
    """
    clone = os.path.isfile(os.path.join(package, "pyproject.toml"))
    ours = {
        os.path.realpath(root),
        os.path.realpath(package if clone else os.path.join(package, "faultlab")),
    }
    hidden = [path for path in sorted(ours) if os.path.basename(path) != "site-packages"]
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, *(p for p in sys.path if p)}
    system = {"/usr", "/lib", "/lib64", "/bin", "/etc", "/proc"}
    found = []
    for name in sorted(python | system):
        real = os.path.realpath(name)
        parts = [real] if os.path.isdir(real) and real not in hidden else []
        for secret in hidden:
            parts = [inside for part in parts for inside in _without(part, secret)]
        found += [(name, real)] if parts == [real] else []
        found += [(part, part) for part in parts]
    return sorted(set(found))


def _without(path, hidden):
    """The parts of a folder that don't hold the hidden one."""
    if path == hidden:
        return []
    if not hidden.startswith(path.rstrip(os.sep) + os.sep):
        return [path]
    parts = []
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                parts += _without(entry.path, hidden)
            elif entry.is_file(follow_symlinks=False):
                parts.append(entry.path)
    return parts


def _allow(libc, rules, path, rights):
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                rights &= 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14  # what a single file can be allowed
            libc.syscall(ADD, rules, 1, struct.pack("=Qi", rights, handle), 0)
        finally:
            os.close(handle)


def _change_user(user):
    """Stop being root: the limit on processes does not hold for root.

    One right is kept, to pass through folders on the way to Python; what may be read is Landlock's.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    header = struct.pack("II", 0x20080522, 0)
    bit = 1 << MAY_READ_ANY_FOLDER
    libc.capset(header, struct.pack("IIIIII", bit, bit, 0, 0, 0, 0))
