"""Write a certificate of what a learner has done: a page to print, with a code that `grade --verify` checks.

It is made of the progress that this machine keeps, or of a resume code. A secret in a file, which only the
instructor has, goes into the code with `--secret`; without one the code shows slips and edits, and no forger.
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from faultlab.classroom import (
    Catalogue,
    Certificate,
    Progress,
    course_record,
    empty,
    parts_done,
    read_codes,
    read_secret,
)
from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting
from faultlab.views.kit import LOOK

LONGEST_NAME = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whose it is, of what, and where to."""
    parser.add_argument("code", nargs="?", help="a resume code; by default this machine's progress")
    parser.add_argument("--name", required=True, help="stands on the page, and is kept nowhere")
    parser.add_argument("--secret", metavar="FILE", help="the instructor's, with 16 letters or more")
    parser.add_argument("--out", default="certificate.html", metavar="FILE.html", help="the page")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the page; the JSON keys are `certificate`, `code`, `parts` and `remark`."""
    name, out, catalogue = " ".join(arguments.name.split()), Path(arguments.out), Catalogue()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(f"--name has 1 to {LONGEST_NAME} letters.")
    if out.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"--out names an HTML file, not {out.name}; the browser prints it, as a PDF too.")
    refuse_overwriting([arguments.secret], [out])
    states, remarks = read_codes(arguments.code, catalogue) if arguments.code else ([Progress().read()], [])
    if not states:
        raise BadInput(f"This is no resume code that can be used. {remarks[0] if remarks else ''}")
    parts = parts_done(course_record(empty() | states[0], catalogue))
    if not parts:
        raise BadInput("Nothing is done yet that a certificate could say: answer a lesson's questions first.")
    secret = read_secret(arguments.secret) if arguments.secret else ""
    today = datetime.date.today()
    made = Certificate(name, f"{today.day} {today:%B %Y}", parts, secret)
    out.write_text(made.page(LOOK.read_text(encoding="utf-8")), encoding="utf-8")
    return {
        "certificate": str(out),
        "code": made.code,
        "parts": [list(part) for part in parts],
        "remark": " ".join(remarks),
    }


def describe(result: dict[str, Any]) -> str:
    """Say what stands on it and where it is."""
    said = [f"{lesson}: {done}" for lesson, done in result["parts"]]
    where = f"Print {result['certificate']} from a browser, on A4. Its code is {result['code']}."
    return "\n".join(filter(None, [*said, where, result["remark"]]))
