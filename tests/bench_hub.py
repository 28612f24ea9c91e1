"""A real JupyterHub on this machine, and a class that comes by and by; each opens a lesson and answers.

With the settings of binder/hub/, in a learner's environment where the tests have made one. Memory is each
learner's server and kernel, what several share counted in part.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from hub import LESSON, MISSING, READY, class_of, hub

GOALS = {"answer": 0.2, "megabytes": 180}


def main(argv=()):
    """Print how long learners waited, how fast they were answered, and what they took."""
    parser = argparse.ArgumentParser(prog="start.py bench hub", description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--apart", type=float, default=3.0, help="seconds between two who come")
    options = parser.parse_args(argv)
    if not READY:
        print(f"Skipped: {MISSING}.")
        return 0
    with tempfile.TemporaryDirectory() as folder, hub(Path(folder)) as address:
        room = class_of(address, Path(folder), options.learners, options.apart)
    answers = sorted(seconds for one in room for seconds in one.answers)
    right = sum(one.answer_kept == one.said[-1] for one in room)
    print(f"{len(room)} learners, one every {options.apart:g} s, each in lesson {LESSON}:")
    for what, values in (
        ("seconds until the server was there", [one.spawned for one in room]),
        ("seconds until the lesson was open", [one.opened for one in room]),
        ("seconds until a bet was noted", answers),
        ("MB of server and kernel", [one.megabytes for one in room]),
    ):
        late = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
        print(
            f"{what:38} median {statistics.median(values):8.3f}   p95 {late:8.3f}   most {max(values):8.3f}"
        )
    print(f"{right} of {len(room)} found their own answer on the disk, and nobody was turned away.")
    print(f"Goals: an answer in {GOALS['answer']} s (p95), {GOALS['megabytes']} MB a learner.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
