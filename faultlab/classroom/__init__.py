"""Tasks and checks, quizzes, predictions, progress, the gradebook."""

from faultlab.classroom.answers.kinds import (
    CORRECT,
    NOT_STARTED,
    TRY_AGAIN,
    Choice,
    Function,
    Misconception,
    Names,
    Number,
    Outcome,
    Table,
    Text,
)
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.folders import course_folder, labs_folder
from faultlab.classroom.grading import grade_folder
from faultlab.classroom.grading.gradebook import read_teams, write_gradebook, write_tasks
from faultlab.classroom.grading.quarantine import Limits
from faultlab.classroom.learner.lesson_file import read_lesson_file
from faultlab.classroom.learner.progress import Progress
from faultlab.classroom.learner.seeds import Draw
from faultlab.classroom.notebook.lab import open_lab
from faultlab.classroom.notebook.lesson import open_lesson
from faultlab.classroom.notebook.place import keep_place
from faultlab.classroom.notebook.setup_check import check_setup
from faultlab.classroom.tasks import labs, tasks_of

__all__ = [
    "CORRECT",
    "NOT_STARTED",
    "TRY_AGAIN",
    "Case",
    "Choice",
    "Draw",
    "Function",
    "Limits",
    "Misconception",
    "Names",
    "Number",
    "Outcome",
    "Progress",
    "Table",
    "Text",
    "check_setup",
    "course_folder",
    "grade_folder",
    "keep_place",
    "labs",
    "labs_folder",
    "open_lab",
    "open_lesson",
    "read_lesson_file",
    "read_teams",
    "tasks_of",
    "write_gradebook",
    "write_tasks",
]
