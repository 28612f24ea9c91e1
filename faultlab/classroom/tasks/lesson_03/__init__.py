"""The tasks of lab 03."""

from faultlab.classroom.tasks.lesson_03.lab import TASKS
