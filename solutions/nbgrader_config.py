"""Settings with which nbgrader takes this folder as its source, unchanged.

Run nbgrader here, in `solutions/`: the whole folder is one assignment, called `solutions`, with a
notebook a lesson. What nbgrader makes goes to `release/`, `submitted/`, `autograded/` and `feedback/`
beside this folder, and its gradebook too. `--notebook 08_metrics` works on one lab only.

nbgrader runs a submission beside its own checks and with your rights, and believes what comes out: a cell
that replaces `check` gets all points, and one that reads your files can. So it is a road for people you
trust. Where points count, use `python -m faultlab grade`, which confines each notebook and believes none.
"""

import shutil
from pathlib import Path

from nbconvert.preprocessors import Preprocessor

c = get_config()  # noqa: F821
# get_config is handed in by nbgrader.
project = Path(__file__).parents[1]


class CourseBeside(Preprocessor):
    """Put the course's data where `../course` leads from a submission, before its cells run."""

    def preprocess(self, nb, resources):
        beside = Path(resources["metadata"]["path"]).parent / "course"
        leave_out = shutil.ignore_patterns("*.ipynb", ".*", "progress")
        shutil.copytree(project / "course", beside, ignore=leave_out, dirs_exist_ok=True)
        return nb, resources


c.CourseDirectory.root = str(project)
c.CourseDirectory.source_directory = "."
c.CourseDirectory.assignment_id = "solutions"
c.CourseDirectory.db_url = f"sqlite:///{project / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".*", "nbgrader_config.py"]

# The line above a solution holds the dots that a learner replaces, so nothing takes its place.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.text_stub = "Write your answer here."

c.Autograde.autograde_preprocessors.prepend([CourseBeside])
c.CourseBeside.enabled = True

# A learner's endless loop ends in the check itself; this is for loops outside of any function.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.interrupt_on_timeout = True
