"""What was handed in: every folder, file and link below a folder, and which learner each belongs to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from faultlab.classroom.grading.found import MOST_UNPACKED, NOBODYS, Found, below, unzipped
from faultlab.errors import BadInput
from faultlab.input_files import content_of

MOST_BESIDE = 20
LARGEST_BESIDE = 5_000_000

_DATA = (".csv", ".tsv", ".xlsx", ".json", ".yaml", ".yml", ".xml", ".txt", ".toml", ".md")
_PAGES = (".html", ".htm")
_PACKED = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_COPY = re.compile(r"([ _-]*\bcopy[ _-]*\d*|\s*\(\d+\)|[ _-]+Kopie[ _-]*\d*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in; `beside` has the learner's own data files, by name."""

    file: str
    learner: str
    content: bytes = b""
    refused: str = ""
    beside: dict[str, bytes] = field(default_factory=dict)


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
        top = list(unzipped(Found((), "file", lambda: content_of(folder, MOST_UNPACKED, "a zip file"))))
    elif folder.is_dir():
        top = list(below(folder, ()))
    else:
        raise BadInput(f"{folder} isn't a folder: name the folder that the submitted notebooks are in.")
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

    def sort(self, top: list[Found]) -> HandedIn:
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
        if low in NOBODYS or low.startswith("."):
            why = NOBODYS.get(low, "hidden, as system files are")
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
            self._take_all(unzipped(found))
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
        return list(found.inside())
    except OSError as problem:
        remarks.append(f"{found.shown} can't be opened ({problem.strerror}).")
        return []
