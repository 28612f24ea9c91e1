"""The tasks of lab 04."""

from faultlab.classroom.tasks.lesson_04.lab import TASKS
