"""A lesson or a lab in its notebook: opened, asked, answered, shown."""

from faultlab.classroom.notebook.course_words import glossary
from faultlab.classroom.notebook.lab import open_lab
from faultlab.classroom.notebook.lesson import BetsSoFar, PlacedBet, Quiz, Reveal, open_lesson
from faultlab.classroom.notebook.place import Place, keep_place
from faultlab.classroom.notebook.room import room
from faultlab.classroom.notebook.setup_check import check_setup
from faultlab.classroom.notebook.showing import Box
from faultlab.classroom.notebook.taking_away import (
    CompanyForm,
    DecisionCard,
    FiguresBeside,
    MondayLines,
    MyPage,
    WhereYouAre,
    my_page,
)
from faultlab.classroom.notebook.ten_decisions import TenDecisions, before_and_after
