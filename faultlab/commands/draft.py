"""A first draft of a system in YAML, from a file that a team has: Compose, Kubernetes, Backstage, CSV.

What is drafted: the parts, their copies and what needs what. Every figure is assumed, a wide range to be
replaced by your own; `rbd` and `review` take the draft as it stands. A table in CSV has a column `name`, and
where known `needs` (with semicolons between), `copies`, `enough`, `availability`, `mtbf_hours`, `mttr_hours`.
Several files as one are what `docker compose config` and `kubectl kustomize` write.

With --json: `kind`, `parts` (`name`, `needs`, `copies`, `enough`), `journeys`, `remarks`, and `yaml`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from faultlab.analysis.drafts import draft
from faultlab.input_files import refuse_overwriting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files, and where the draft goes."""
    parser.add_argument(
        "file", nargs="+", help="a Compose file, manifests of Kubernetes, a catalogue, or a table"
    )
    parser.add_argument("--out", metavar="FILE", help="write the system there, and say what was read")
    parser.add_argument("--company", default="", help="its name (the name of the file)")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was read, and the system as text; write it where it is asked for."""
    refuse_overwriting(arguments.file, [arguments.out])
    found = draft(arguments.file)
    text = found.as_yaml(arguments.company or Path(arguments.file[0]).stem)
    if arguments.out is not None:
        Path(arguments.out).write_text(text, encoding="utf-8")
    parts = [
        {"name": one.name, "needs": one.needs, "copies": one.copies, "enough": one.enough}
        for one in found.parts.values()
    ]
    return {
        "kind": found.kind,
        "parts": parts,
        "journeys": found.journeys(),
        "remarks": found.remarks,
        "yaml": text,
        "out": arguments.out,
    }


def describe(result: dict[str, Any]) -> str:
    """The system, or what of it was written."""
    if result["out"] is None:
        return result["yaml"].rstrip("\n")
    lines = [
        f"{_many(result['parts'], 'part')} and {_many(result['journeys'], 'journey')} from {result['kind']}; "
        f"they stand in {result['out']}.",
        *result["remarks"],
        "Every figure is assumed: replace it by what you measured or were promised, then run `review`.",
    ]
    return "\n".join(lines)


def _many(found, what):
    return f"{len(found)} {what}{'' if len(found) == 1 else 's'}"
