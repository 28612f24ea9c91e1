"""Make team codes and cards to print, to cut, and to lay on the tables: eight on a sheet of A4.

The same call gives the same codes. The pages without a server know the first 24 of them, unless a workshop is
named; for others give the list to `python3 start.py pages --teams`. Write the learners' names into that list,
and `python -m faultlab grade --teams` reads it too.
"""

from __future__ import annotations

import argparse
import csv
from html import escape
from pathlib import Path
from typing import Any

from faultlab.classroom import team_codes
from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting

A_SHEET = 8
LONGEST_ADDRESS = 160
LONGEST_NAME = 40
STYLE = """
@page { size: A4 portrait; margin: 12mm 10mm; }
* { box-sizing: border-box; }
body { margin: 0; color: #1b1f24; background: #fff; color-scheme: light;
  font: 10.5pt/1.4 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 14pt; padding: 4mm; margin: 0; }
section { display: grid; max-width: 191mm;
  grid-template-columns: repeat(auto-fill, minmax(min(95mm, 100%), 95mm)); }
article { height: 68mm; padding: 6mm; border: 0.3mm dashed #76818d; margin: 0 -0.3mm -0.3mm 0;
  display: flex; flex-direction: column; gap: 2mm; overflow: hidden; }
p { margin: 0; }
.of { font-size: 8.5pt; color: #545d68; }
.code { font-size: 17pt; font-weight: 650; line-height: 1.2; white-space: nowrap; }
.how { display: flex; gap: 4mm; margin-top: auto; align-items: end; }
.how > div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.address { font-size: 7.5pt; line-height: 1.25; margin-top: 1.5mm; }
svg { width: 30mm; height: 30mm; flex: none; }
@media print { h1 { display: none; } section { break-after: page; grid-template-columns: 95mm 95mm; }
  section:last-child { break-after: auto; } }
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how many, where to, and what stands on a card."""
    parser.add_argument("--count", type=int, default=24, help="how many teams; 24 by default")
    parser.add_argument("--out", default="cards.html", metavar="FILE.html", help="the cards")
    parser.add_argument("--address", default="", metavar="URL", help="where the course opens, for every card")
    parser.add_argument(
        "--workshop", default="", metavar="NAME", help="stands on the cards, and has own codes"
    )
    parser.add_argument("--list", metavar="FILE.csv", help="write the codes as columns learner and team, too")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the cards; the JSON keys are `teams`, `cards`, `list` and `remark`."""
    out, address = Path(arguments.out), arguments.address.strip()
    if out.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"--out names an HTML file, not {out.name}; the browser prints it, as a PDF too.")
    if address and not address.lower().startswith(("http://", "https://")):
        raise BadInput(f"--address begins with https:// or http://, not {address[:40]!r}.")
    if len(address) > LONGEST_ADDRESS:
        raise BadInput(f"--address has more than {LONGEST_ADDRESS} letters; make a short link of it.")
    if len(arguments.workshop) > LONGEST_NAME:
        raise BadInput(f"--workshop has more than {LONGEST_NAME} letters; a card has room for one line.")
    refuse_overwriting([], [out, arguments.list])
    teams = team_codes(arguments.count, arguments.workshop)
    picture, remark = _qr_code(address)
    sheets = [teams[i : i + A_SHEET] for i in range(0, len(teams), A_SHEET)]
    cards = "".join(
        f"<section>{''.join(_card(team, address, arguments.workshop, picture) for team in sheet)}</section>"
        for sheet in sheets
    )
    out.write_text(
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>Team cards</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<style>{STYLE}</style></head><body><h1>{len(teams)} team cards. Print this page on A4.</h1>"
        f"<main>{cards}</main></body></html>\n",
        encoding="utf-8",
    )
    if arguments.list:
        with open(arguments.list, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("learner", "team"), *(("", team) for team in teams)])
    return {"teams": list(teams), "cards": str(out), "list": arguments.list, "remark": remark}


def _qr_code(address):
    """The address as a picture, and why there is none."""
    if not address:
        return "", "The cards have a line for the address: --address prints it, with a QR code."
    try:
        import segno
    except ImportError:
        return "", "The cards have no QR code: install the extra `instructor` (or `pip install segno`)."
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(omitsize=True, border=2, title=f"QR code of {address}"), ""


def _card(team, address, workshop, picture):
    """A card, as HTML."""
    course = " · ".join(filter(None, ["Building Fault-Tolerant Software Systems", workshop]))
    return (
        f"<article><p class='of'>{escape(course)}</p><p>Your team code</p><p class='code'>{team}</p>"
        "<div class='how'><div><p>Type it in lesson 00: your team has numbers of its own.</p>"
        f"<p class='address'>{escape(address) or 'Address: ______________________________'}</p></div>"
        f"{picture}</div></article>"
    )


def describe(result: dict[str, Any]) -> str:
    """Say the codes and where the cards are."""
    said = [" ".join(result["teams"]), f"Print {result['cards']} from a browser, on A4.", result["remark"]]
    if result["list"]:
        said.append(f"{result['list']} has the codes; write the learners' names beside them.")
    return "\n".join(filter(None, said))
