"""Build the pages: `python3 start.py pages [--out DIR] [NN ...]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from faultlab.errors import BadInput
from faultlab.pages.check import check, chromium, open_page, served
from faultlab.pages.labs import TEAMS, read_teams
from faultlab.pages.site import Site, build, record, wanted_lessons

ROOT = Path(__file__).parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Build the named lessons' pages, or all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 start.py pages", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN", help="a lesson's number or name")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pages", help="the folder to write to")
    parser.add_argument("--repository", default="", help="OWNER/REPOSITORY on GitHub: the door to Binder")
    parser.add_argument("--teams", type=Path, help="a file of team codes, one a line, for the labs' numbers")
    parser.add_argument("--record", action="store_true", help="run what has no recording yet")
    parser.add_argument("--check", action="store_true", help="compare pages with Python, in Chromium")
    options = parser.parse_args(argv)
    began = time.monotonic()

    def told(built):
        print(
            f"{built.lesson}: {built.pictures:,} pictures, {built.weight / 1000:.0f} kB compressed",
            flush=True,
        )

    try:
        teams = read_teams(options.teams) if options.teams else TEAMS
        site = Site(ROOT / "course", options.repository, teams)
        if options.record:
            for path in record(site, options.names):
                print(path.relative_to(ROOT))
            return 0
        if options.check:
            return _check(site, options)
        build(site, options.names, options.out, told)
    except BadInput as problem:
        print(" ".join(str(problem).split()), file=sys.stderr)
        return 2
    first = "index.html" if not options.names else f"{wanted_lessons(site, options.names)[0]}.html"
    print(f"Open {options.out / first} in a browser ({time.monotonic() - began:.0f} s).")
    return 0


def _check(site, options):
    """Open every page from disk and over HTTP; say how many pictures were compared."""
    compared = 0
    lessons = wanted_lessons(site, options.names)
    absent = [name for name in lessons if not (options.out / f"{name}.html").is_file()]
    if absent:
        raise BadInput(f"{options.out} has no page of lesson {absent[0]}; make it first: start.py pages.")
    with chromium() as browser:
        for name in lessons:
            count = check(site, name, options.out, browser)
            compared += count
            print(f"{name}: {count} pictures are Python's", flush=True)
        # What keeps pages for a time without network comes with the whole course.
        hosted = (options.out / "offline.js").is_file()
        labs = [f"lab_{name}" for name in site.labs if any(name[:2] == one[:2] for one in lessons)]
        with served(options.out) as address:
            for name in (*lessons, *labs, *(() if options.names else ("index", "room"))) if hosted else ():
                with open_page(browser, address, f"{name}.html"):
                    pass
    ways = "from disk and over HTTP" if hosted else "from disk"
    print(f"{compared:,} pictures compared, {len(lessons)} pages opened {ways}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
