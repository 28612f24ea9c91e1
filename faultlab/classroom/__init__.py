"""Tasks and checks, quizzes, predictions, progress, the gradebook."""

from faultlab.classroom.folders import course_folder, labs_folder
from faultlab.classroom.grading import Limits, grade_folder, read_teams, write_gradebook, write_tasks
from faultlab.classroom.kinds import (
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
from faultlab.classroom.lab import open_lab
from faultlab.classroom.lesson import open_lesson
from faultlab.classroom.lesson_file import read_lesson_file
from faultlab.classroom.place import keep_place
from faultlab.classroom.progress import Progress
from faultlab.classroom.sandbox import Case
from faultlab.classroom.seeds import Draw
from faultlab.classroom.setup_check import check_setup
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
