"""The tasks of lab 01."""

from faultlab.classroom.tasks.lesson_01.lab import TASKS
