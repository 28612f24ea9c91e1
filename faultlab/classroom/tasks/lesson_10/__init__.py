"""The tasks of lab 10."""

from faultlab.classroom.tasks.lesson_10.lab import TASKS
