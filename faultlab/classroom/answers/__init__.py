"""Answers: read as people type them, checked, scored."""

from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN, Choice, Function, Names, Number
from faultlab.classroom.answers.typed import PERIODS, name_key, words
