"""The tasks of lab 08."""

from faultlab.classroom.tasks.lesson_08.lab import TASKS
