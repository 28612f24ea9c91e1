"""Refuse sockets of every kind to this process and all that it starts, by a filter of system calls (seccomp).

Landlock knows TCP alone. The filter is what prctl(2) calls SECCOMP_MODE_FILTER: a few steps that look at the
number of each call. See seccomp(2) and Documentation/userspace-api/seccomp_filter.rst of Linux.
"""

import contextlib
import ctypes
import platform
import struct

NO_NEW_PRIVILEGES, SET_FILTER, FILTER_MODE = 38, 22, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # the second gives EPERM
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, MACHINE = 0, 4  # where these stand in what the filter is given
OTHER_NUMBERS = 0x40000000  # from here on the calls of x32
# A machine's name in the kernel, and its numbers of socket and io_uring_setup.
MACHINES = {"x86_64": (0xC000003E, (41, 425)), "aarch64": (0xC00000B7, (198, 425))}


def refuse_sockets() -> bool:
    """Refuse every new socket from now on; pairs of sockets inside one process stay.

    Returns
    -------
    bool
        Whether the kernel does.
    """
    known = MACHINES.get(platform.machine())
    if known is None:
        return False
    name, refused = known
    steps = _steps(name, refused)
    code = ctypes.create_string_buffer(b"".join(steps))
    program = struct.pack("HL", len(steps), ctypes.addressof(code))
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return libc.prctl(SET_FILTER, FILTER_MODE, ctypes.create_string_buffer(program), 0, 0) == 0
    return False


def _steps(name, refused):
    """The filter: calls of another machine's numbering and the refused ones fail, all others pass."""
    tests = [(AT_LEAST, OTHER_NUMBERS), *((EQUAL, number) for number in refused)]
    last = len(tests)
    return [
        _step(LOAD, MACHINE),
        _step(EQUAL, name, 0, last + 2),  # another machine's: to the refusal
        _step(LOAD, NUMBER),
        *(_step(test, number, last - place, 0) for place, (test, number) in enumerate(tests)),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _step(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)
