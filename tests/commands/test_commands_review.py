"""`review`: the page and the figures of three models, what goes in beside a model, and what is refused."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from faultlab.__main__ import main
from faultlab.classroom.build import write_reviews

COURSE = Path(__file__).parents[2] / "course"
KESTREL = COURSE / "kestrel.yaml"
MODELS = (KESTREL, COURSE / "data" / "clinic_booking.yaml", COURSE / "data" / "weather_feed.yaml")
KEYS = ("loss", "journeys", "contributors", "options", "portfolio", "information_value", "origins")


class Page(HTMLParser):
    """A page's text, and whether each element is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.tags = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def reviewed(capsys, *arguments):
    assert main(["review", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_page_says_the_figures_and_asks_for_no_other_file(model, tmp_path, capsys):
    out = tmp_path / "page.html"
    found = reviewed(capsys, model, "--out", out)
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert not re.search(r"<script|<iframe|<img|url\(|https?://|@import", text)
    words = " ".join(" ".join(page.words).split())
    assert " ".join(found["sentence"].split()) in words.replace(" \N{NO-BREAK SPACE}", "").replace(
        "us  ", "us "
    )
    assert found["model"] in words
    for title in (
        "cost so much",
        "costs so much",
        "Where the loss",
        "customers cannot do",
        "could buy",
        "don’t know",
    ):
        assert title in words or title == "cost so much"
    assert "We ask the board to decide" in words
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert set(KEYS) <= set(found)
    exceedance = found["loss"]["exceedance"]
    assert all(one["low"] <= one["chance"] <= one["high"] for one in exceedance)
    assert exceedance[0]["chance"] == pytest.approx(1, abs=0.01)


def test_a_system_without_scenarios_says_so(tmp_path, capsys):
    out = tmp_path / "page.html"
    found = reviewed(capsys, MODELS[2], "--out", out)
    assert "the model names no scenario" in out.read_text(encoding="utf-8")
    assert {one["kind"] for one in found["origins"].values()} == {"unknown"}


def test_options_that_need_or_exclude_others_are_bought_so(capsys):
    found = reviewed(capsys, MODELS[1])
    bought = set(found["portfolio"]["options"])
    assert not {"hosted_database", "second_database"} <= bought
    assert not {"hosted_database", "offline_backups"} <= bought
    assert "not together with" in found["options"]["hosted_database"]["why_not"]
    assert found["portfolio"]["sets_compared"] == 28


def test_a_budget_is_kept(capsys):
    found = reviewed(capsys, KESTREL, "--budget", 50_000)
    assert found["portfolio"]["cost_per_year"]["likely"] <= 50_000
    assert found["options"]["offline_backups"]["why_not"] == "over the budget"
    assert found["options"]["second_payment_provider"]["why_not"] == "not together with charge later"


def test_last_years_model_is_held_against_this_one(tmp_path, capsys):
    last = tmp_path / "last.yaml"
    text = KESTREL.read_text(encoding="utf-8")
    last.write_text(text.replace("mtbf_hours: 700", "mtbf_hours: 350").replace("region_lost", "region_gone"))
    out = tmp_path / "page.html"
    found = reviewed(capsys, KESTREL, "--against", last, "--out", out)["changes"]
    changed = {one["name"]: one for one in found["changed"]}
    assert changed["web_server.mtbf_hours"]["before"]["likely"] == 350
    assert changed["web_server.mtbf_hours"]["after"]["likely"] == 700
    assert changed["web_server.mtbf_hours"]["why"] == "judgement: operations"
    assert changed["scenario region_lost"]["why"] == "new"
    assert changed["scenario region_gone"]["why"] == "gone"
    # Twice the time between failures of the web servers: less loss. The scenario was renamed.
    assert changed["web_server.mtbf_hours"]["moves"] < 0
    assert changed["scenario region_lost"]["moves"] == pytest.approx(
        -changed["scenario region_gone"]["moves"], rel=0.02
    )
    assert "Since the last review" in out.read_text(encoding="utf-8")
    assert reviewed(capsys, KESTREL, "--against", KESTREL)["changes"]["changed"] == []


def test_what_is_arranged_differently_is_said_in_words(tmp_path, capsys):
    last, text = tmp_path / "last.yaml", KESTREL.read_text(encoding="utf-8")
    last.write_text(
        text.replace("needs: 2, copies: 3", "needs: 1, copies: 2")
        .replace("[entrance, identity, order_databases, payment_provider]", "[entrance, payment_provider]")
        .replace("{availability: 0.998, tolerance_hours: 8}", "{availability: 0.995}")
    )
    changed = {
        one["name"]: one["why"] for one in reviewed(capsys, KESTREL, "--against", last)["changes"]["changed"]
    }
    assert changed == {
        "group web_servers": "needs 2, was 1; copies 3, was 2",
        "journey payments": "needs also identity, order databases",
        "journey web": "availability 0.998, was 0.995; tolerance hours 8, was none",
    }


def test_incidents_measure_the_parts_that_they_name(tmp_path, capsys):
    table = tmp_path / "incidents.csv"
    rows = [
        f"2026-0{month}-05T10:00Z,2026-0{month}-05T11:30Z,{part}"
        for month in range(1, 9)
        for part in ("identity", "fax")
    ]
    table.write_text("\n".join(["start,end,service", *rows]))
    window = ("--incidents", table, "--from", "2026-01-01", "--to", "2026-09-01")
    found = reviewed(capsys, KESTREL, *window)
    assert found["origins"]["identity.mttr_hours"] == {
        "kind": "measured",
        "source": "incidents.csv",
        "solid": True,
    }
    assert any("'fax' is no component" in one for one in found["remarks"])


def test_objectives_come_from_open_slo(tmp_path, capsys):
    text = """apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec:
  service: shop
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
"""
    (tmp_path / "slo.yaml").write_text(text)
    found = reviewed(capsys, KESTREL, "--slo", tmp_path / "slo.yaml")
    assert found["journeys"]["checkout"]["objectives"]["availability"] == 0.9
    assert found["journeys"]["checkout"]["chance_of_promise"] == 1.0


def test_what_is_typed_is_never_markup(tmp_path, capsys):
    model = tmp_path / "shop.yaml"
    model.write_text(
        """company: <script>alert(1)</script>
currency: <b>
components: {"<i>disk": {availability: [0.9, 0.95, 0.99], origin: {judgement: "<u>me|you"}}}
journeys: {"<b>buy": {needs: ["<i>disk"], worth_per_hour: [1, 2, 9]}}
scenarios: {"<p>fire": {per_year: 1, hours: 1, journeys: ["<b>buy"]}}
options: {"<s>raid": {cost_per_year: 1, changes: {"<i>disk": {availability: 0.99}}}}
"""
    )
    out = tmp_path / "page.html"
    reviewed(capsys, model, "--out", out)
    page = Page(out.read_text(encoding="utf-8"))
    assert page.open == []
    assert {"script", "b", "s", "u"}.isdisjoint(tag for tag, _ in page.tags)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--budget", "-1"], "--budget is a number from 0"),
        (["--budget", "nan"], "--budget is a number from 0"),
        (["--seed", "-1"], "--seed is a whole number"),
        (["--incidents", "any.csv"], "--from and --to"),
        (["--against", "no.yaml"], "no.yaml"),
        (["--out", "/no/such/folder/page.html"], "No such file"),
    ],
)
def test_bad_arguments_end_in_one_line(capsys, arguments, words):
    assert main(["review", str(KESTREL), *arguments]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_model_that_makes_no_sense_makes_no_page(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text("components: {a: {availability: 1.2}}\njourneys: {b: {needs: [a], worth_per_hour: 1}}\n")
    assert main(["review", str(model), "--out", str(out)]) == 2
    assert "shop.yaml, line 1" in capsys.readouterr().err
    assert not out.exists()
    life = "{failures_per_hour: 1e-4, mission_hours: 10}"
    model.write_text(f"components: {{a: {life}}}\njourneys: {{b: {{needs: [a], worth_per_hour: 1}}}}\n")
    assert main(["review", str(model), "--out", str(out)]) == 2
    assert "no journey of the system has a yearly figure" in capsys.readouterr().err
    assert not out.exists()


def test_the_page_is_a_wiki_page_and_a_spreadsheet_too(tmp_path, capsys):
    wiki, book, page = (tmp_path / name for name in ("page.md", "figures.xlsx", "page.html"))
    found = reviewed(capsys, MODELS[1], "--markdown", wiki, "--sheet", book, "--out", page)
    text = wiki.read_text(encoding="utf-8")
    assert text.startswith("# ") or "\n# " in text
    assert len(re.findall(r"^## ", text, re.M)) == page.read_text(encoding="utf-8").count("<h2")
    html = Page(page.read_text(encoding="utf-8"))
    seen, plain = re.sub(r"[\\|\s]", "", text), "".join(html.words)
    for words in ("Times a year", "We ask the board to decide", "hosted database"):
        assert words.replace(" ", "") in seen
        assert words in " ".join(html.words) or words in plain
    for block in re.findall(r"(?:^\|.*\n)+", text, re.M):  # every table has a head and equal rows
        assert len({line.count("|") for line in re.sub(r"\\\|", "", block).splitlines()}) == 1

    openpyxl = pytest.importorskip("openpyxl")
    loss = openpyxl.load_workbook(book)["Loss"]
    rows = [[cell.value for cell in row] for row in loss.iter_rows(min_row=2)]
    scenarios = [rate * (hours * worth + more) for _, rate, hours, worth, more, _ in rows[:-2]]
    assert rows[0][5] == "=B2*(C2*D2+E2)"
    assert rows[-1][5] == f"=SUM(F2:F{len(rows)})"
    assert sum(scenarios) + rows[-2][5] == pytest.approx(found["loss"]["mean"])
    options = openpyxl.load_workbook(book)["Options"]
    bought = {row[0].value for row in options.iter_rows(min_row=2) if row[4].value == 1}
    assert bought == {name.replace("_", " ") for name in found["portfolio"]["options"]}


def test_names_are_no_formulas_and_no_markup_elsewhere(tmp_path, capsys):
    model, wiki, book = (tmp_path / name for name in ("shop.yaml", "page.md", "figures.xlsx"))
    model.write_text(
        """company: "=1+1"
components: {"=B2|<b>disk": {availability: 0.99}}
journeys: {"*buy*": {needs: ["=B2|<b>disk"], worth_per_hour: 10}}
scenarios: {"=SUM(B2)": {per_year: 1, hours: 1, journeys: ["*buy*"]}}
options: {"=B2": {cost_per_year: 1, changes: {"=B2|<b>disk": {availability: 0.999}}}}
"""
    )
    reviewed(capsys, model, "--markdown", wiki, "--sheet", book)
    text = wiki.read_text(encoding="utf-8")
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "*" not in text.replace("\\*", "")
    openpyxl = pytest.importorskip("openpyxl")
    for sheet in openpyxl.load_workbook(book):
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row[:1])


def test_alerts_of_open_slo_say_who_would_notice(tmp_path, capsys):
    text = """apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec:
  service: shop
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
"""
    (tmp_path / "slo.yaml").write_text(text)
    found = reviewed(capsys, KESTREL, "--slo", tmp_path / "slo.yaml", "--out", tmp_path / "page.html")
    assert found["alerts"] == {"checkout": ["No alert is named: customers notice first."]}
    assert "Checkout: No alert is named" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_example_pages_are_what_review_writes(tmp_path):
    for page in write_reviews(tmp_path):
        kept = COURSE / "reviews" / page.name
        said = "run `python3 start.py build reviews`"
        assert page.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8"), said
