"""The tasks of lab 11."""

from faultlab.classroom.tasks.lesson_11.lab import TASKS
