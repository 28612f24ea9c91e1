"""The pictures of lesson 07: numbers behind them, alternative texts, and what a measure changes."""

import re
from pathlib import Path

import pytest

from faultlab.analysis.fmea.ranking import gamed
from faultlab.analysis.fmea.sheets import read_fmea
from faultlab.analysis.fmea.variants import wrong_tables
from faultlab.analysis.fmea.worksheet import Row, action_priority, rpn
from faultlab.errors import BadInput
from faultlab.views.lesson_07 import FreeRatings
from faultlab.views.lesson_07.fmea_measures import NOTHING, Measure, with_measure, worksheet_with
from faultlab.views.lesson_07.fmea_ratings import two_answers
from faultlab.views.lesson_07.fmea_table import BY_PRIORITY, BY_RPN, fmea_table, in_order
from faultlab.views.lesson_07.priority_table import priority_picture
from faultlab.views.lesson_07.rating_scales import SCALES, rating_scale

ROWS = read_fmea(Path(__file__).parents[3] / "course" / "data" / "kestrel_fmea.csv")
ALERT = Measure("identity", "unavailable", {"detection": 3})


@pytest.mark.parametrize("ratings", [(1, 1, 1), (9, 4, 8), (10, 10, 10), (3, 5, 8)])
def test_every_combination_shown_has_the_product(ratings):
    drawn = two_answers(*ratings)
    shown = {(row["Severity"], row["Occurrence"], row["Detection"]) for row in drawn.rows}
    every = range(1, 11)
    assert shown == {(s, o, d) for s in every for o in every for d in every if s * o * d == rpn(*ratings)}
    assert str(rpn(*ratings)) in drawn.alt


def test_the_table_is_drawn_letter_by_letter():
    drawn = priority_picture()
    every = range(1, 11)
    letters = [action_priority(s, o, d) for s in every for o in every for d in every]
    counts = [letters.count(letter) for letter in "HML"]
    assert [int(number) for number in re.findall(r"\d+", drawn.sentence.replace("1,000", ""))] == counts
    # From the top left: severity falls, then occurrence, then detection.
    seen = re.findall(r">([HML])</text>", drawn.svg)
    ratings = [(s, o, d) for s in (10, 8, 6, 3, 1) for o in (10, 7, 5, 3, 1) for d in (10, 6, 4, 1)]
    assert seen == [action_priority(*one) for one in ratings]
    assert [row["D 2-4"] for row in drawn.rows] == seen[2::4]


def test_the_list_is_emptied_by_a_few_points_and_nothing_else_changes():
    free = FreeRatings(ROWS, 200)
    listed = [row for row in ROWS if row.rpn >= 200]
    begin = free.standing
    assert begin["sentence"] == "5 of 14 rows are on the list: an RPN of 200 or more. 8 have high priority."
    points = 0
    for row in listed:
        least = next(one for one in gamed(*row.rated, limit=200) if one.rating == "detection")
        free.move(row.item, row.failure_mode, detection=row.detection - least.points)
        points += least.points
    end = free.standing
    assert end["sentence"] == (
        f"You moved 5 ratings, by {points} points. 0 of 14 rows are on the list, instead of 5. "
        "8 have high priority, as before."
    )
    assert [row["by_priority"] for row in end["rows"]] != [row["by_rpn"] for row in end["rows"]]
    assert [row["priority"] for row in end["rows"]] == [row["priority"] for row in begin["rows"]]
    assert sum(bool(row["was"]) for row in end["rows"]) == 5


def test_both_orders_follow_a_rating_at_once():
    free = FreeRatings(ROWS, 200)
    free.move("dns", "unavailable", severity=10, detection=10)
    dns = free.standing["rows"][0]
    moved = with_measure(ROWS, Measure("dns", "unavailable", {"severity": 10, "detection": 10}))
    for order, place in ((BY_RPN, dns["by_rpn"]), (BY_PRIORITY, dns["by_priority"])):
        assert in_order(moved, order)[place - 1].item == "dns"
    assert (dns["rpn"], dns["priority"], dns["ratings"]) == (400, "H", [10, 4, 10])
    free.move("dns", "unavailable", severity=8, detection=3)
    assert free.standing["rows"] == FreeRatings(ROWS, 200).standing["rows"], "and back again"


@pytest.mark.parametrize(
    ("item", "ratings", "said"),
    [
        ("cdn", {"detection": 11}, "from 1 to 10: look at detection"),
        ("cdn", {"detectability": 3}, "look at detectability"),
        ("mail", {"detection": 3}, "no row 'mail'"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(item, ratings, said):
    free = FreeRatings(ROWS, 200)
    with pytest.raises(BadInput, match=said):
        free.move(item, "unavailable", **ratings)
    assert free.moved == {}


def test_a_worksheet_without_ratings_is_not_moved():
    with pytest.raises(BadInput, match="its three ratings: mail, queue: stuck"):
        FreeRatings([*ROWS, Row("mail/queue", "stuck")], 200)
    with pytest.raises(BadInput, match="needs a row"):
        FreeRatings([], 200)


def test_the_two_orders_differ_in_the_first_row():
    assert in_order(ROWS, BY_PRIORITY)[0].severity == 9
    assert in_order(ROWS, BY_RPN)[0].rpn == max(row.rpn for row in ROWS) == 320


def test_an_alert_takes_a_row_off_the_list_and_leaves_its_priority():
    draw = worksheet_with(ROWS, {"alert": ALERT}, 200)
    assert draw("alert", BY_RPN).sentence == (
        "The RPN falls from 224 to 168, below the limit of 200. The Action Priority is still high."
    )
    assert draw(NOTHING, BY_PRIORITY).sentence.startswith(
        "Eight of 14 rows have high priority. The first is “order databases"
    )
    assert draw(NOTHING, BY_RPN).sentence.startswith("Five of 14 rows have an RPN of 200 or more.")


def test_all_five_rows_leave_the_list_by_three_points_of_detection_or_fewer():
    points = [
        one.points
        for row in ROWS
        if row.rpn >= 200
        for one in gamed(*row.rated, limit=200)
        if one.rating == "detection"
    ]
    assert len(points) == 5
    assert max(points) == 3


def test_the_touchstone_tells_every_wrong_table():
    assert action_priority(10, 1, 10) == "L"
    assert all(table.priority(10, 1, 10) != "L" for table in wrong_tables())


def test_an_order_without_such_a_row_says_so():
    mild = [Row("cache", "lost", severity=2, occurrence=2, detection=2)]
    assert worksheet_with(mild, {}, 200)(NOTHING, BY_RPN).sentence == "No row has an RPN of 200 or more."
    grave = [Row("cache", "lost", severity=9, occurrence=9, detection=9)]
    assert worksheet_with(grave, {}, 200)(NOTHING, BY_PRIORITY).sentence.startswith("One of 1 rows has high")


def test_words_of_a_worksheet_are_escaped():
    drawn = fmea_table([Row("<script>", "fails", severity=1, occurrence=1, detection=1)])
    assert "<script>" not in drawn.svg


@pytest.mark.parametrize("rating", SCALES)
def test_a_scale_shows_every_rating_with_its_words(rating):
    drawn = rating_scale(rating)
    assert [row["Rating"] for row in drawn.rows] == list(range(10, 0, -1))
    shown = " ".join(re.findall(r">([^<]+)</text>", drawn.svg))
    assert all(row["Meaning"] in shown and row["Meaning"] in drawn.alt for row in drawn.rows)


def test_severity_does_not_ask_who_notices():
    words = " ".join(SCALES["severity"][value] for value in (9, 10)).lower()
    assert "warning" not in words


def test_what_makes_no_sense_is_refused():
    for wrong in (
        lambda: fmea_table([]),
        lambda: in_order(ROWS, "taste"),
        lambda: rating_scale("taste"),
        lambda: with_measure(ROWS, Measure("moon", "falls", {})),
    ):
        with pytest.raises(BadInput):
            wrong()
