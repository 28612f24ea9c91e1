"""Answers: read as people type them, checked, scored."""

from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN, Choice, Function, Names, Number
from faultlab.classroom.answers.scoring import written
from faultlab.classroom.answers.typed import PERIODS, Unread, name_key, number, words
