"""What was handed in: every folder, file and link below a folder, and which learner each belongs to."""

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from faultlab.classroom.grading.notebook_file import MOST_BYTES
from faultlab.errors import BadInput
from faultlab.input_files import content_of

MOST_IN_A_ZIP = 2_000
"""Files in one zip file."""
MOST_UNPACKED = 400_000_000
"""Bytes that the files of one zip may have together."""
MOST_BESIDE = 20
LARGEST_BESIDE = 5_000_000

_NOBODYS = {
    "__macosx": "what macOS adds to zip files",
    ".ipynb_checkpoints": "JupyterLab's own copies",
    "__pycache__": "Python's own copies",
    "thumbs.db": "what Windows adds to folders",
    "desktop.ini": "what Windows adds to folders",
}
_DATA = (".csv", ".tsv", ".xlsx", ".json", ".yaml", ".yml", ".xml", ".txt", ".toml", ".md")
_PAGES = (".html", ".htm")
_PACKED = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_TOO_LARGE = f"{{}} is larger than {MOST_BYTES // 10**6} MB: ask for it with all outputs cleared."
_COPY = re.compile(r"([ _-]*\bcopy[ _-]*\d*|\s*\(\d+\)|[ _-]+Kopie[ _-]*\d*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in; `beside` has the learner's own data files, by name."""

    file: str
    learner: str
    content: bytes = b""
    refused: str = ""
    beside: dict = field(default_factory=dict)


@dataclass(frozen=True)
class HandedIn:
    """What lies in a folder.

    Parameters
    ----------
    submissions : tuple of Submission
        Ordered by learner and file.
    remarks : dict of str to tuple of str
        What else each learner handed in; it has every learner.
    left_out : tuple of str
        What belongs to no learner, each in a sentence.
    """

    submissions: tuple[Submission, ...]
    remarks: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """Something below the folder: where, of which kind ("file", "folder", "link", "other"), its bytes."""

    parts: tuple[str, ...]
    kind: str
    read: Callable[[], bytes] | None = None

    @property
    def name(self):
        return self.parts[-1]

    @property
    def shown(self):
        return "/".join(self.parts)


def read_handed_in(folder: str | Path, labs: Iterable[str] = ()) -> HandedIn:
    """Account for everything in a folder of submitted notebooks, or in a zip file of it.

    A folder, or a zip file, in it belongs to the learner whose name it has. So does a file; the name of a lab
    and the mark of a copy are no part of a learner's name.

    Parameters
    ----------
    folder : str or Path
    labs : iterable of str
        The names of the labs.

    Returns
    -------
    HandedIn

    Raises
    ------
    BadInput
        If there is no such folder, or nothing in it.
    """
    folder = Path(folder)
    if folder.is_file() and zipfile.is_zipfile(folder):
        top = list(_unzipped(_Found((), "file", lambda: content_of(folder, MOST_UNPACKED, "a zip file"))))
    elif folder.is_dir():
        top = list(_below(folder, ()))
    else:
        raise BadInput(f"{folder} is no folder: name the folder that the submitted notebooks are in.")
    if not top:
        raise BadInput(f"{folder} is empty: name the folder that the submitted notebooks are in.")
    return _Sorting(sorted(labs)).sort(top)


class _Sorting:
    """Gives each thing that was found to its learner."""

    def __init__(self, labs):
        self.labs = labs
        self.notebooks: dict[str, list[Submission]] = {}
        self.remarks: dict[str, list[str]] = {}
        self.beside: dict[str, dict[str, bytes]] = {}
        self.left_out: list[str] = []

    def sort(self, top: list[_Found]) -> HandedIn:
        for found in top:
            self._take(found)
        learners = sorted(self.remarks, key=lambda name: (name.casefold(), name))
        submissions = []
        for learner in learners:
            mine = sorted(self.notebooks.get(learner, ()), key=lambda one: (len(one.file), one.file))
            beside = self.beside.get(learner, {})
            submissions += [
                Submission(one.file, learner, one.content, one.refused, beside if "/" in one.file else {})
                for one in mine
            ]
            if not mine:
                self.remarks[learner].append("No notebook was handed in.")
        remarks = {learner: tuple(dict.fromkeys(self.remarks[learner])) for learner in learners}
        return HandedIn(tuple(submissions), remarks, tuple(dict.fromkeys(self.left_out)))

    def _take(self, found):
        low = found.name.lower()
        if low in _NOBODYS or low.startswith("."):
            why = _NOBODYS.get(low, "hidden, as system files are")
            self.left_out.append(f"{found.shown} was left out: {why}.")
            return
        alone = len(found.parts) == 1
        if alone and found.kind == "file" and low.endswith(_DATA) and not _is_notebook(found):
            self.left_out.append(
                f"{found.shown} was left out: it lies beside all learners and is no notebook."
            )
            return
        learner = self._learner(found)
        remarks = self.remarks.setdefault(learner, [])
        if found.kind == "folder":
            self._take_all(_below_or_remark(found, remarks))
        elif found.kind == "link":
            remarks.append(
                f"{found.shown} is a link, and links are not followed: put there what it leads to."
            )
        elif found.kind != "file":
            remarks.append(f"{found.shown} is no ordinary file and was left out.")
        elif low.endswith(".zip"):
            self._take_zip(found, remarks)
        elif _is_notebook(found):
            self._take_notebook(found, learner)
        elif low.endswith(_PAGES):
            remarks.append(f"{found.shown} is a web page (HTML) and no notebook: ask for the .ipynb itself.")
        elif low.endswith(_PACKED):
            remarks.append(
                f"{found.shown} is packed in a way that is not read here: unpack it, or ask for a zip."
            )
        elif low.endswith(_DATA):
            self._take_beside(found, learner)
        else:
            remarks.append(f"{found.shown} is no notebook and was left out.")

    def _take_all(self, several):
        for one in sorted(several, key=lambda found: found.parts):
            self._take(one)

    def _take_zip(self, found, remarks):
        if sum(part.lower().endswith(".zip") for part in found.parts) > 1:
            remarks.append(f"{found.shown} is a zip file in a zip file: unpack it.")
            return
        try:
            self._take_all(_unzipped(found))
        except BadInput as problem:
            remarks.append(str(problem))

    def _take_notebook(self, found, learner):
        content, refused = b"", ""
        try:
            content = found.read()
        except BadInput as problem:
            refused = str(problem)
        made = Submission(found.shown, learner, content, refused)
        self.notebooks.setdefault(learner, []).append(made)
        if not found.name.lower().endswith(".ipynb"):
            self.remarks[learner].append(
                f"{found.shown} has another ending than .ipynb; it was read as a notebook."
            )

    def _take_beside(self, found, learner):
        mine = self.beside.setdefault(learner, {})
        try:
            if len(mine) < MOST_BESIDE and len(content := found.read()) <= LARGEST_BESIDE:
                mine[found.name] = content
                return
        except BadInput:
            pass
        self.remarks[learner].append(
            f"{found.shown} was not taken along: there are too many files, or it is too large."
        )

    def _learner(self, found):
        name = found.parts[0]
        alone = len(found.parts) == 1 and found.kind != "folder"
        if alone or name.lower().endswith(".zip"):
            name = learner_of_file(name, self.labs)
        return name


def learner_of_file(name: str, labs: Iterable[str]) -> str:
    """Return whose a file is that lies in no folder of a learner.

    Parameters
    ----------
    name : str
    labs : iterable of str

    Examples
    --------
    >>> learner_of_file("ada_08_metrics-Copy1.ipynb", ["08_metrics"]), learner_of_file("ben (2).zip", [])
    ('ada', 'ben')
    """
    stem = re.sub(
        r"\.(ipynb|zip|html?|pdf|py|docx?|tar|gz|tgz|rar|7z|txt|json)(?=\.|$)", "", name, flags=re.IGNORECASE
    )
    stem = _COPY.sub("", stem)
    for lab in labs:
        without = re.sub(rf"[ _.-]*{re.escape(lab)}[ _.-]*", " ", stem, flags=re.IGNORECASE).strip()
        stem = without or stem
    return _COPY.sub("", stem) or name


def _is_notebook(found):
    low = found.name.lower()
    if low.endswith(_PAGES + _PACKED + (".zip", ".pdf")) and not low.endswith(".ipynb.gz"):
        return False
    if ".ipynb" in low:
        return True
    if low.endswith((".json", ".txt")):
        try:
            return b'"nbformat"' in found.read()[-20_000:]
        except BadInput:
            return False
    return False


def _below_or_remark(found, remarks):
    try:
        return list(found.read())
    except OSError as problem:
        remarks.append(f"{found.shown} can't be opened ({problem.strerror}).")
        return []


def _below(folder: Path, parts: tuple[str, ...]) -> Iterator[_Found]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            inside = (*parts, _clean(entry.name))
            path = Path(entry.path)
            if entry.is_symlink():
                yield _Found(inside, "link")
            elif entry.is_dir(follow_symlinks=False):
                yield _Found(inside, "folder", lambda path=path, inside=inside: _below(path, inside))
            elif entry.is_file(follow_symlinks=False):
                yield _Found(inside, "file", lambda path=path, inside=inside: _content(path, inside))
            else:
                yield _Found(inside, "other")


def _content(path, parts):
    try:
        too_large = path.stat().st_size > MOST_BYTES
    except OSError as problem:
        raise BadInput(f"{'/'.join(parts)} can't be opened ({problem.strerror}).") from None
    if too_large:
        raise BadInput(_TOO_LARGE.format("/".join(parts)))
    return content_of(path, MOST_BYTES, "a notebook")


def _unzipped(found: _Found) -> Iterator[_Found]:
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
        nobodys = next(
            (n for n, name in enumerate(names) if name.lower() in _NOBODYS or name[0] == "."), None
        )
        if nobodys is not None:
            inside = (*found.parts, *names[: nobodys + 1])
            if inside not in left_out:
                left_out.add(inside)
                yield _Found(inside, "folder", lambda: iter(()))
        elif names and not member.is_dir():
            link = stat.S_ISLNK(member.external_attr >> 16)
            inside = (*found.parts, *names)
            yield _Found(
                inside,
                "link" if link else "file",
                lambda member=member, inside=inside: _member(packed, member, inside),
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
