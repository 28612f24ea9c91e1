"""Settings with which nbgrader takes this folder as its source, unchanged.

Run nbgrader here, in `solutions/`: the whole folder is one assignment, called `solutions`, with a
notebook a lesson. What nbgrader makes goes to `release/`, `submitted/`, `autograded/` and `feedback/`
beside this folder, and its gradebook too. `--notebook 08_metrics` works on one lab only.
"""

from pathlib import Path

c = get_config()  # noqa: F821
# get_config is handed in by nbgrader.
project = Path(__file__).parents[1]

c.CourseDirectory.root = str(project)
c.CourseDirectory.source_directory = "."
c.CourseDirectory.assignment_id = "solutions"
c.CourseDirectory.db_url = f"sqlite:///{project / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".*", "nbgrader_config.py"]

# The line above a solution holds the dots that a learner replaces, so nothing takes its place.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.text_stub = "Write your answer here."

# A learner's endless loop ends in the check itself; this is for loops outside of any function.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.interrupt_on_timeout = True
