"""Grade a folder of submitted labs without a server; no submission can harm another or the grader."""

from faultlab.classroom import Limits, grade_folder, read_teams, write_gradebook
from faultlab.errors import BadInput


def add_arguments(parser):
    """Declare the folder, the gradebook and the limits."""
    parser.add_argument("folder", help="submitted notebooks, in it or in a folder for each learner")
    parser.add_argument("--out", default="gradebook.csv", metavar="FILE.csv", help="the gradebook")
    parser.add_argument("--teams", metavar="FILE.csv", help="learner,team: before what notebooks say")
    parser.add_argument("--seconds", type=float, default=Limits.seconds, help="for one notebook")
    parser.add_argument("--workers", type=int, default=None, help="notebooks at one time")


def run(arguments):
    """Grade, write the gradebook, and return what is in it."""
    if not arguments.seconds > 0:
        raise BadInput("--seconds is a number above 0.")
    teams = read_teams(arguments.teams) if arguments.teams else {}
    graded = grade_folder(
        arguments.folder, teams=teams, limits=Limits(seconds=arguments.seconds), workers=arguments.workers
    )
    write_gradebook(graded, arguments.out)
    rows = [
        {
            "file": one.file,
            "learner": one.learner,
            "team": one.team,
            "lab": one.lab,
            "points": one.points,
            "total": one.total,
            "max": one.most,
            "remarks": one.remarks,
        }
        for one in graded
    ]
    return {"gradebook": str(arguments.out), "submissions": rows}


def describe(result):
    """Say in a line a submission what it got and why."""
    lines = [
        f"{row['file']}: {row['total']:g} of {row['max']:g}" + "".join(f"\n    {r}" for r in row["remarks"])
        for row in result["submissions"]
    ]
    return "\n".join([*lines, f"Gradebook: {result['gradebook']}"])
