"""The words that the course uses for things, one sentence each, as `course/glossary.yaml` has them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import yaml

from faultlab.classroom.folders import course_folder
from faultlab.errors import BadInput
from faultlab.input_files import text_of

if TYPE_CHECKING:
    from pathlib import Path


def glossary(path: Path | None = None) -> Glossary:
    """Return the course's words, to be shown as a list.

    Parameters
    ----------
    path : Path, optional
        The file; the course's own by default.

    Raises
    ------
    BadInput
        If a line isn't a word with a sentence.

    Examples
    --------
    >>> [line for line in repr(glossary()).splitlines() if line.startswith("quota")]
    ['quota: How much of the machines a team may have.']
    """
    path = path or course_folder() / "glossary.yaml"
    found = yaml.safe_load(text_of(path, 100_000, "a glossary"))
    for word, means in found.items() if isinstance(found, dict) else [("", None)]:
        if not isinstance(word, str) or not isinstance(means, str):
            raise BadInput(f"{path.name}: {word!r} needs one sentence: write `word, other form: Sentence.`")
    return Glossary(found)


class Glossary:
    """The words with their sentences, as a list of definitions and as plain text."""

    def __init__(self, means: dict[str, str]) -> None:
        self.means = {names.split(", ")[0]: sentence for names, sentence in means.items()}

    def __repr__(self) -> str:
        return "\n".join(f"{word}: {sentence}" for word, sentence in self.means.items())

    def _repr_html_(self) -> str:
        pairs = (f"<dt>{escape(word)}</dt><dd>{escape(means)}</dd>" for word, means in self.means.items())
        said = f"The {len(self.means)} words, from A to Z"
        return f"<details><summary>{said}</summary><dl class='words'>{''.join(pairs)}</dl></details>"
