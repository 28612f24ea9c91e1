"""Everything below a folder or in a zip file, one by one, without following links or unpacking anything."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from faultlab.classroom.grading.notebook_file import MOST_BYTES
from faultlab.errors import BadInput
from faultlab.input_files import content_of

MOST_IN_A_ZIP = 2_000
"""Files in one zip file."""
MOST_UNPACKED = 400_000_000
"""Bytes that the files of one zip may have together."""
NOBODYS = {
    "__macosx": "what macOS adds to zip files",
    ".ipynb_checkpoints": "JupyterLab's own copies",
    "__pycache__": "Python's own copies",
    "thumbs.db": "what Windows adds to folders",
    "desktop.ini": "what Windows adds to folders",
}
_TOO_LARGE = f"{{}} is larger than {MOST_BYTES // 10**6} MB: ask for it with all outputs cleared."


@dataclass(frozen=True)
class Found:
    """Something below the folder: where, of which kind ("file", "folder", "link", "other"), what is in it."""

    parts: tuple[str, ...]
    kind: str
    read: Callable[[], bytes] = bytes
    inside: Callable[[], Iterable[Found]] = tuple

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def shown(self) -> str:
        return "/".join(self.parts)


def below(folder: Path, parts: tuple[str, ...]) -> Iterator[Found]:
    """What is in a folder, in order; `inside` of a folder in it gives the same of that one."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            inside = (*parts, _clean(entry.name))
            path = Path(entry.path)
            if entry.is_symlink():
                yield Found(inside, "link")
            elif entry.is_dir(follow_symlinks=False):
                yield Found(inside, "folder", inside=partial(below, path, inside))
            elif entry.is_file(follow_symlinks=False):
                yield Found(inside, "file", partial(_content, path, inside))
            else:
                yield Found(inside, "other")


def _content(path, parts):
    try:
        too_large = path.stat().st_size > MOST_BYTES
    except OSError as problem:
        raise BadInput(f"{'/'.join(parts)} can't be opened ({problem.strerror}).") from None
    if too_large:
        raise BadInput(_TOO_LARGE.format("/".join(parts)))
    return content_of(path, MOST_BYTES, "a notebook")


def unzipped(found: Found) -> Iterator[Found]:
    """What is in a zip file, read in memory: nothing is unpacked anywhere, so no name can lead out."""
    try:
        packed = zipfile.ZipFile(BytesIO(found.read()))
        members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OverflowError):
        raise BadInput(f"{found.shown} is no zip file, or a damaged one: ask for it anew.") from None
    if len(members) > MOST_IN_A_ZIP:
        raise BadInput(
            f"{found.shown} holds {len(members):,} files; {MOST_IN_A_ZIP:,} is the most: unpack it."
        )
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise BadInput(
            f"{found.shown} unpacks to more than {MOST_UNPACKED // 10**6} MB: ask for it without outputs."
        )
    left_out = set()
    for member in members:
        names = [
            _clean(name)
            for name in member.filename.replace("\\", "/").split("/")
            if name not in ("", ".", "..")
        ]
        nobodys = next((n for n, name in enumerate(names) if name.lower() in NOBODYS or name[0] == "."), None)
        if nobodys is not None:
            inside = (*found.parts, *names[: nobodys + 1])
            if inside not in left_out:
                left_out.add(inside)
                yield Found(inside, "folder")
        elif names and not member.is_dir():
            link = stat.S_ISLNK(member.external_attr >> 16)
            inside = (*found.parts, *names)
            yield Found(
                inside,
                "link" if link else "file",
                partial(_member, packed, member, inside),
            )


def _member(packed, member, parts):
    shown = "/".join(parts)
    if member.flag_bits & 1:
        raise BadInput(f"{shown} is locked with a password: ask for it without one.")
    try:
        with packed.open(member) as file:
            content = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        raise BadInput(f"{shown} is damaged inside its zip file: ask for it anew.") from None
    if len(content) > MOST_BYTES:
        raise BadInput(_TOO_LARGE.format(shown))
    return content


def _clean(name: str) -> str:
    """A name that can be written to a file: bytes that are no text become question marks."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    return "".join(letter if letter.isprintable() else "?" for letter in text) or "?"
