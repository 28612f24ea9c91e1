"""The tasks of lab 09."""

from faultlab.classroom.tasks.lesson_09.lab import TASKS
