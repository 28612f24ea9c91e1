"""A learner: progress, the resume code, own numbers."""

from faultlab.classroom.learner.before_and_after import gain_of_room
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.certificate import Certificate, parts_done, read_secret, verify
from faultlab.classroom.learner.league import read_league
from faultlab.classroom.learner.lesson_file import LessonFile, read_lesson_file
from faultlab.classroom.learner.progress import Progress, empty
from faultlab.classroom.learner.record import course_record, openings
from faultlab.classroom.learner.room import (
    codes_in,
    count_room,
    middle_half,
    read_codes,
    room_facts,
    truths,
)
from faultlab.classroom.learner.seeds import DEFAULT_TEAM, team_code, team_codes
