"""A lesson or a lab in its notebook: opened, asked, answered, shown."""

from faultlab.classroom.notebook.course_words import glossary
from faultlab.classroom.notebook.lab import open_lab
from faultlab.classroom.notebook.lesson import open_lesson
from faultlab.classroom.notebook.place import keep_place
from faultlab.classroom.notebook.setup_check import check_setup
