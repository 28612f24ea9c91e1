"""Words of blame are found where they stand, and left alone where they are none."""

import pytest

from faultlab.metrics.reports.debriefing import QUESTIONS, blame_found

BLAMING = {
    "Sam should have read the runbook.": "hindsight",
    "They couldn't have known, but he could have asked.": "hindsight",
    "If only the alert had been on.": "hindsight",
    "Root analysis: operator error.": "a person as the cause",
    "It was her fault.": "a person as the cause",
    "A careless change took the shop down.": "a judgement",
    "The team neglected to test the backup.": "a failing",
    "She didn’t check the second region.": "a failing",
    "The on-call engineer ignored the page.": "a failing",
    "The root cause was a typing mistake.": "too simple a cause",
    "Obviously the cache was cold.": "too simple a cause",
}
PLAIN = (
    "At 14:02 the release went to all servers; the first page came at 14:09.",
    "The graph was green, because errors are counted by servers that nobody reached.",
    "She looked at the queue first, since it had been the queue in May.",
    "The backup failed at 03:10, and the next one was due at 04:00.",
    "We could have a second region by March.",
    "The shard that has most customers was moved last.",
)


@pytest.mark.parametrize(("sentence", "kind"), BLAMING.items())
def test_blame_is_named_with_its_place_and_a_question(sentence, kind):
    found = blame_found(sentence)
    assert kind in {one.kind for one in found}
    for one in found:
        assert sentence.replace("’", "'")[one.start : one.end] == one.words
        assert one.ask.endswith("?")


@pytest.mark.parametrize("sentence", PLAIN)
def test_what_happened_is_no_blame(sentence):
    assert blame_found(sentence) == ()


def test_questions_ask_how_and_what_and_never_why():
    asked = [question for questions in QUESTIONS.values() for question in questions]
    assert len(asked) == len(set(asked)) >= 10
    for question in asked:
        assert question.endswith("?")
        assert "why" not in question.lower()
        assert blame_found(question) == ()
