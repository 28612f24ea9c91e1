"""Confine this process: what it may read, write, start and signal. Linux does all of it, others a part.

Landlock (Linux 5.13) takes away the file system except for Python, the system's libraries and the
submission's own folder; from its version 4 on also the network, from 6 on signals to other processes.
It needs no rights, so it works in a container and for an ordinary user.
"""

import contextlib
import ctypes
import os
import struct
import sys

READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
WRITES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
CREATE, ADD, RESTRICT = 444, 445, 446
NO_NEW_PRIVILEGES, KEEP_CAPABILITIES = 38, 8
MAY_READ_ANY_FOLDER = 2  # CAP_DAC_READ_SEARCH


def confine(own, root, limits):
    """Confine this process for good.

    Parameters
    ----------
    own : str
        The folder that may be written.
    root : str
        The folder that holds the real package, which may not be read.
    limits : dict
        `seconds`, `memory` and `file` in bytes, `processes`, `user` (an id to change to, for root).

    Returns
    -------
    bool
        Whether files outside are out of reach.
    """
    _limit(limits)
    closed = False
    with contextlib.suppress(OSError, AttributeError):
        closed = _landlock(own, root)
    if limits["user"] and hasattr(os, "setuid"):
        _change_user(limits["user"])
    return closed


def _limit(limits):
    try:
        import resource
    except ImportError:
        return
    wanted = {
        "RLIMIT_CPU": int(limits["seconds"]) + 5,
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_FSIZE": limits["file"],
        "RLIMIT_NPROC": limits["processes"],
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            if value is not None:
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(kind, (value, value))


def _landlock(own, root):
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE, None, 0, 1)
    if version < 1:
        return False
    everything = WRITES[min(version, 5)]
    network = 3 if version >= 4 else 0
    scopes = 3 if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("QQQ", everything, network, scopes)
    rules = libc.syscall(CREATE, attributes, size, 0)
    if rules < 0:
        return False
    for path in _readable(root):
        _allow(libc, rules, path, READ)
    _allow(libc, rules, own, everything)
    for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
        _allow(libc, rules, device, 1 << 1 | 1 << 2)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return done


def _readable(root):
    """Python's own folders and the system's, without the project wherever it lies.

    `root` is the folder that holds the real package: a checkout, of which nothing is left readable but
    an environment inside it, or `site-packages`, of which only the package is taken out.
    """
    checkout = os.path.isfile(os.path.join(root, "pyproject.toml"))
    hidden = os.path.realpath(root if checkout else os.path.join(root, "faultlab"))
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, *(p for p in sys.path if p)}
    system = {"/usr", "/lib", "/lib64", "/bin", "/etc", "/proc"}
    return [
        part
        for path in sorted({os.path.realpath(path) for path in python | system})
        if path != hidden and os.path.isdir(path)
        for part in _without(path, hidden)
    ]


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
