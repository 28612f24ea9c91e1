"""What a running submission has taken: memory of all its processes, room for its files. Linux tells it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from faultlab.classroom.submission.keeper import descendants


def numbers_in(folder: str) -> Iterator[int]:
    """The names in a folder of /proc that are numbers: processes, or open files."""
    with contextlib.suppress(OSError):
        yield from (int(name) for name in os.listdir(folder) if name.isdigit())


def memory_of(keeper: int) -> int:
    """Bytes in memory of all that come from a process."""
    total = 0
    for process in descendants(keeper):
        with (
            contextlib.suppress(OSError, IndexError, ValueError),
            open(f"/proc/{process}/statm", encoding="ascii") as statm,
        ):
            total += int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def bytes_on_disk(work: Path, keeper: int) -> int:
    """Bytes in the folder, and in files without a name that are still open or mapped."""
    found = {}
    for folder, _, files in os.walk(work):
        for name in files:
            with contextlib.suppress(OSError):
                details = os.lstat(os.path.join(folder, name))
                found[details.st_ino] = _size(details)
    for process in descendants(keeper):
        for handle in numbers_in(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                path = f"/proc/{process}/fd/{handle}"
                if os.readlink(path).endswith(" (deleted)"):
                    details = os.stat(path)
                    found[details.st_ino] = _size(details)
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/maps", "rb") as maps:
            for line in maps.read(5_000_000).split(b"\n"):
                if line.endswith(b" (deleted)"):
                    span, _, _, _, inode, _ = line.split(None, 5)
                    first, last = span.split(b"-")
                    found.setdefault(int(inode), int(last, 16) - int(first, 16))
    return sum(found.values())


def _size(details):
    """Bytes on the disk; Windows tells the length alone."""
    return details.st_blocks * 512 if hasattr(details, "st_blocks") else details.st_size
