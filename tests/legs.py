"""What the second leg of `start.py test` need not ask again: no extra can change the first leg's answer."""

import os
import re
import sys
from collections import defaultdict
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
PROGRAM = "a program"
"""Stands for any program that a notebook starts: what that one asks for can't be seen from the kernel."""
HARMLESS = ("mypy_extensions",)
"""psygnal, compiled by mypyc, looks for it whenever anywidget is imported; nothing depends on it."""
STARTUP = """
import sys
sys.path.insert(0, {here!r})
import legs
legs.write_down()
sys.path.remove({here!r})
del legs, sys
"""


class Asked:
    """The last of Python's finders: it finds nothing, and writes down what no other has found."""

    def __init__(self, into):
        self.into = into

    def find_spec(self, name, path=None, target=None):
        """Write a package's name down, but not that of a part: then the package itself was found."""
        if "." not in name and name not in HARMLESS:
            self.write(name)

    def heard(self, event, arguments):
        """Write down that a program is started."""
        worker = event == "import" and arguments[0].startswith("multiprocessing.popen_")
        if worker or event in ("os.exec", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen"):
            self.write(PROGRAM)

    def write(self, word):
        """Add a line at once: a kernel is not always given the time to say goodbye."""
        with self.into.open("a", encoding="utf-8") as file:
            file.write(f"{word}\n")


def place():
    """Where the requests of the notebook that runs now are kept: beside its progress."""
    return Path(os.environ["FAULTLAB_PROGRESS"] + ".asked")


def write_down():
    """Begin to write down, in the kernel of a notebook; an empty list says that this was done."""
    asked = Asked(place())
    asked.into.touch()
    sys.meta_path.append(asked)
    sys.addaudithook(asked.heard)


def write_down_in_kernels():
    """Have every kernel begin so."""
    startup = Path(os.environ["IPYTHONDIR"]) / "profile_default" / "startup" / "legs.py"
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_text(STARTUP.format(here=str(Path(__file__).parent)), encoding="utf-8")


def asked_so_far():
    """What the notebook that runs now has asked for; None where nobody has written that down."""
    return sorted(set(place().read_text(encoding="utf-8").splitlines())) if place().exists() else None


def said_of(stats):
    """What the second leg has to know: what passed, what notebooks asked for, and on what they ran."""
    asked = defaultdict(set)
    for report in stats.get("", []):  # setting up and tidying up
        for name, words in report.user_properties:
            if name == "asked":
                asked[file_of(report.nodeid)].update(words)
    return {
        "passed": sorted({report.nodeid for report in stats.get("passed", [])}),
        "asked": {file: sorted(words) for file, words in asked.items()},
        "versions": versions(),
    }


def settled(said, items):
    """The tests among these that have their answer.

    A notebook has it as a whole, and only if it meets here what it met there: the same versions, no package
    that it asked for in vain, and no program, which may have asked for one.
    """
    passed, notebooks = set(said["passed"]), set()
    if said["versions"].items() <= versions().items():
        notebooks = {
            file
            for file, words in said["asked"].items()
            if not any(word == PROGRAM or find_spec(word) for word in words)
        }
    notebooks -= {file_of(item.nodeid) for item in items if item.nodeid not in passed}
    return [
        item
        for item in items
        if item.nodeid in passed and (item.path.suffix != ".ipynb" or file_of(item.nodeid) in notebooks)
    ]


def versions():
    """The version of Python and of every package that requirements.txt names."""
    names = re.findall(r"^[\w-]+", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: version(name) for name in names} | {"python": ".".join(map(str, sys.version_info[:2]))}


def file_of(nodeid):
    """The file in which a test stands."""
    return nodeid.split("::")[0]
