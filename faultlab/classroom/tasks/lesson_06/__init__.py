"""The tasks of lab 06."""

from faultlab.classroom.tasks.lesson_06.lab import TASKS
