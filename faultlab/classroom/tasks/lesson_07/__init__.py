"""The tasks of lab 07."""

from faultlab.classroom.tasks.lesson_07.lab import TASKS
