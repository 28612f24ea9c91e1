"""The tasks of lab 02."""

from faultlab.classroom.tasks.lesson_02.lab import TASKS
