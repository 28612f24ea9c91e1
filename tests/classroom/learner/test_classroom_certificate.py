"""A certificate says what was done; its code tells every changed word, in the page and on paper."""

import hashlib
import hmac
import json
import re

import pytest

from faultlab.__main__ import main
from faultlab.classroom.learner import Catalogue, Certificate, course_record, openings, parts_done, progress
from faultlab.classroom.learner.resume_code import read, write
from faultlab.letters import check_letters

COURSE = Catalogue()
LESSONS = [one["number"] for one in openings(COURSE.course)]
NAME = "Zoë “O’Hara” <b> & Söhne 张伟"


def done():
    """A progress with questions, bets and tasks of lesson 08, and one bet of lesson 00."""
    data = progress.empty()
    first, second, third, *_ = COURSE.tasks("08")
    data["bets"] = {"00": {"bad_year": {"bet": 1e5}}, "08": {"lucky_improvement": {"bet": 10}}}
    data["quiz"] = {"08": {"q1": {"right": True}, "q2": {"right": False}}}
    data["tasks"] = {
        "08": {
            first: {"outcome": "correct"},
            second: {"outcome": "correct", "solution": True},
            third: {"outcome": "try again"},
        }
    }
    return data


PARTS = parts_done(course_record(done(), COURSE))
OLD = (
    "Building Fault-Tolerant Software Systems Ada Lovelace has worked on these parts of the course. "
    "Lesson 0, Start here 1 bet. Lesson 8, MTTR, MTBF and availability 1 of 4 questions right; 1 bet; 2 of "
    "10 lab tasks correct, 1 after the solution. 1 May 2026 This page counts what was answered. It is no "
    "examination: nobody watched, and help was allowed. The code changes with every word above, so it shows "
    "a slip or an edit. Whoever reads the course's own code can make one. CT1-6VH0J-J3HD9"
)
"""A certificate of the time when it told of bets, questions and tasks alone."""


def test_it_says_what_was_done_and_no_more():
    decisions = len(COURSE.tasks("08")) - len(COURSE.functions("08"))
    told = "2 of {} lab decisions correct, 1 after the solution."
    every = sum(len(COURSE.tasks(number)) - len(COURSE.functions(number)) for number in LESSONS)
    assert (
        ("The course", told.format(every)),
        ("Lesson 0, Start here", "1 bet."),
        (
            "Lesson 8, MTTR, MTBF and availability",
            f"1 of 4 questions right; 1 bet; {told.format(decisions)}",
        ),
    ) == PARTS
    assert parts_done(course_record(progress.empty(), COURSE)) == ()


def test_it_says_all_that_was_done():
    data, pairs = done(), COURSE.pairs
    for number in ("01", "08"):
        option = COURSE.decision(number).options[0].text
        data["decisions"][number] = {"choice": option, "name": "Ada", "date": "2026-05-01"}
    data["quiz"]["02"] = {id: {"right": True} for id in COURSE.quiz("02")}
    data["tasks"]["08"][COURSE.functions("08")[0]] = {"outcome": "correct"}
    data["monday"]["11"] = {"game": {"code": "GD1-A", "finished": {"code": "GD1-A", "said": "It went well."}}}
    data["before_and_after"] = {
        form: {pair.id: {"chosen": pair.asked(form).options[place].text} for pair in pairs}
        for form, place in (("before", 0), ("after", 1))
    }
    record = course_record(data, COURSE)
    parts = dict(parts_done(record))
    of = {name.partition(",")[0]: said for name, said in parts.items()}
    assert parts["The course"].startswith(f"3 of {len(LESSONS)} lessons finished; 2 decisions signed; 2 of ")
    assert of["Lesson 1"] == "decision signed."
    assert "; decision signed; 2 of" in of["Lesson 8"]
    assert re.search(r"; 1 of \d+ lab functions correct\.$", of["Lesson 8"])
    assert of["Lesson 11"] == "a year of the game day played."
    game = progress.empty() | {
        "monday": {"11": {"game": {"finished": {"code": "GD1-7" + check_letters("GD1-", "7")}}}}
    }
    found, _ = read(write(game, COURSE), COURSE)  # a resume code carries it
    assert parts_done(course_record(progress.empty() | found, COURSE)) == (
        ("Lesson 11, Game day", of["Lesson 11"]),
    )
    assert parts["Ten decisions before and after"] == record["gained"] != ""
    data["before_and_after"].pop("after")
    assert "Ten decisions before and after" not in dict(parts_done(course_record(data, COURSE)))


def test_an_old_certificate_is_still_verified(tmp_path, capsys):
    old = tmp_path / "old.txt"
    old.write_text(OLD, encoding="utf-8")
    assert verified(old, capsys) is True
    old.write_text(OLD.replace("1 of 4", "4 of 4"), encoding="utf-8")
    assert verified(old, capsys) is False


def made(tmp_path, capsys, *more):
    page = tmp_path / "certificate.html"
    code = write(done(), COURSE)
    assert main(["certificate", code, "--name", NAME, "--out", str(page), *more]) == 0
    capsys.readouterr()
    return page


def verified(path, capsys, *more):
    """Whether the exit status says that it is genuine; what is said where that can't be told."""
    status = main(["grade", "--verify", str(path), "--json", *more])
    said = capsys.readouterr()
    if status == 2:
        return said.err
    assert json.loads(said.out)["verified"] is {0: True, 1: False}[status]
    assert main(["grade", "--verify", str(path), *more]) == status
    assert capsys.readouterr().out.strip() == json.loads(said.out)["said"]
    return status == 0


def test_every_changed_word_is_told(tmp_path, capsys):
    page = made(tmp_path, capsys)
    html = page.read_text(encoding="utf-8")
    assert verified(page, capsys) is True
    assert "<b> &" not in html
    start = html.index("<article")
    words = [found for found in re.finditer(r"[\w]+", html) if found.start() > start and shown(html, found)]
    assert len(words) > 70
    for word in words:
        last = "1" if word[0][-1] == "0" else "0"
        page.write_text(html[: word.end() - 1] + last + html[word.end() :], encoding="utf-8")
        assert verified(page, capsys) is not True, word[0]
    page.write_text(html.replace("</article>", "<p>with honours</p></article>"), encoding="utf-8")
    assert verified(page, capsys) is False
    page.write_text(html.replace("</ol>", "<li><b>Lesson 9</b> 6 of 6</li></ol>"), encoding="utf-8")
    assert verified(page, capsys) is False


def shown(html, found):
    """Whether a word is text, and no part of a tag or of an entity."""
    opened, closed = (html.rfind(sign, 0, found.start()) for sign in "<>")
    return opened < closed and html[found.start() - 1] not in "&#"


def test_the_words_typed_off_from_paper_do_too(tmp_path, capsys):
    html = made(tmp_path, capsys).read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "\n", html[html.index("<article") :]).replace("&lt;", "<").replace("&gt;", ">")
    typed = tmp_path / "typed.txt"
    typed.write_text(text.replace("&amp;", "&").replace("\n", "  "), encoding="utf-8")
    assert verified(typed, capsys) is True
    typed.write_text(text.replace("1 of 4", "4 of 4"), encoding="utf-8")
    assert verified(typed, capsys) is False
    typed.write_text("Good morning", encoding="utf-8")
    assert "is no certificate" in verified(typed, capsys)


def test_a_secret_stops_a_forger_who_reads_the_code(tmp_path, capsys):
    (tmp_path / "secret").write_text("correct horse battery\n", encoding="utf-8")
    (tmp_path / "guess").write_text("correct horse batteries", encoding="utf-8")
    (tmp_path / "short").write_text("horse", encoding="utf-8")
    secret = ["--secret", str(tmp_path / "secret")]
    page = made(tmp_path, capsys, *secret)
    assert "who can tell whether it is genuine" in page.read_text(encoding="utf-8")
    assert verified(page, capsys, *secret) is True
    assert verified(page, capsys, "--secret", str(tmp_path / "guess")) is False
    assert "made with a secret" in verified(page, capsys)
    assert "must not be guessed" in verified(page, capsys, "--secret", str(tmp_path / "short"))
    forged = Certificate(NAME, "1 May 2026", PARTS).page("").replace("CT1-", "CS1-")
    page.write_text(forged, encoding="utf-8")
    assert verified(page, capsys, *secret) is False


def test_the_code_is_fifty_bits_of_a_standard_digest():
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's
    for secret, prefix in (("", "CT1-"), ("correct horse battery", "CS1-")):
        one = Certificate("Ada", "1 May 2026", (("Lesson 1, A", "1 bet."),), secret)
        words = re.sub(
            r"<[^>]+>", " ", one.page("").partition("<body")[2].partition(">")[2].partition(prefix)[0]
        )
        text = (prefix + " ".join(re.findall(r"[^\W_]+", words.replace("&#x27;", "'")))).encode()
        digest = hmac.new(secret.encode(), text, hashlib.sha256) if secret else hashlib.sha256(text)
        number = int(digest.hexdigest()[:16], 16)
        spelled = "".join(letters[number // 32**place % 32] for place in range(10))
        assert one.code == f"{prefix}{spelled[:5]}-{spelled[5:]}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", " "], "--name has 1 to 60 letters"),
        (["--name", "Ada", "--out", "c.pdf"], "names an HTML file"),
        (["FT9-0000000000", "--name", "Ada"], "no resume code"),
        (["hello", "--name", "Ada"], "no resume code"),
    ],
)
def test_what_cannot_be_certified_is_refused(capsys, arguments, said):
    assert main(["certificate", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_nothing_done_is_no_certificate(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(tmp_path / "none"))
    assert main(["certificate", "--name", "Ada", "--out", str(tmp_path / "c.html")]) == 2
    assert "Nothing is done yet" in capsys.readouterr().err
    assert main(["grade"]) == 2
    assert "Name the folder" in capsys.readouterr().err
