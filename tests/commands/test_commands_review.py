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
SHOP = "components: {a: {availability: 0.9}}\njourneys: {b: {needs: [a], worth_per_hour: 1}}\n"
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
    assert found["options"]["offline_backups"]["why_not"] == "over the budget: 60,000 of 50,000"
    assert found["options"]["second_payment_provider"]["why_not"] == "not together with charge later"
    for typed in ("50k", "50,000", "50 000", "50000.0"):
        assert reviewed(capsys, KESTREL, "--budget", typed)["portfolio"] == found["portfolio"], typed


def test_an_option_that_does_not_fit_is_told_with_what_and_what_a_little_more_would_buy(tmp_path, capsys):
    out = tmp_path / "page.html"
    found = reviewed(capsys, KESTREL, "--budget", 125_000, "--out", out)
    bought = found["portfolio"]
    staged = found["options"]["staged_releases"]
    spent = bought["cost_per_year"]["likely"] + 50_000
    assert staged["why_not"] == f"does not fit beside the recommended set: {spent:,.0f} of 125,000"
    more = bought["more"]
    assert 125_000 < more["cost_per_year"]["likely"] <= 1.25 * 125_000
    extra = more["cost_per_year"]["likely"] - 125_000
    words = " ".join("".join(Page(out.read_text(encoding="utf-8")).words).split())
    assert f"With {extra:,.0f} € a year more than the budget of 125,000 €" in words
    assert "sets that can be had within the budget of 125,000 € were compared" in words
    assert reviewed(capsys, KESTREL)["portfolio"]["more"] is None, "without a budget nothing is dearer"


def test_a_contract_without_its_name_is_shaky(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text(
        "components: {disk: {availability: [0.98, 0.99, 0.999], origin: contract}}\n"
        "journeys: {buy: {needs: [disk], worth_per_hour: [20000, 40000, 250000], origin: {measured: us}}}\n"
        "options: {raid: {cost_per_year: 3000000, changes: {disk: {availability: 0.9999}}}}\n"
    )
    origins = reviewed(capsys, model, "--out", out)["origins"]
    assert [one["solid"] for one in origins.values()] == [False, True, False]
    words = " ".join("".join(Page(out.read_text(encoding="utf-8")).words).split())
    assert "1 are solid" in words
    assert "for 1 of them the source is not named, 1 have no origin" in words
    assert "Contract ◇ 1 numbershaky, source not named" in words
    assert "between 98 % and 99.9 %" in words
    assert "between 20,000 and 250,000" in words


def test_the_set_that_is_best_more_often_is_told_beside_the_recommended_one(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text(
        "components: {disk: {availability: 0.99}}\n"
        "journeys: {buy: {needs: [disk], worth_per_hour: [10, 100, 100000]}}\n"
        "options: {raid: {cost_per_year: 50000, changes: {disk: {availability: 1}}}}\n"
    )
    found = reviewed(capsys, model, "--out", out)["portfolio"]
    assert found["options"] == ["raid"]
    assert found["likeliest"]["options"] == []
    assert found["chance_of_being_best"] == found["chance_of_paying"] < 0.5
    words = " ".join("".join(Page(out.read_text(encoding="utf-8")).words).split())
    often = round(100 - 100 * found["chance_of_paying"])
    gain = found["gain_per_year"]["likely"] / 1e6
    assert f"Best more often, in {often} in 100, is to buy nothing, but it gains {gain:.1f} million" in words


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
        .replace("availability: 0.998\n", "availability: 0.995\n")
        .replace("      tolerance_hours: 24\n", "")
        .replace(
            "availability: {contract: terms of service}, tolerance_hours: {judgement: the board}}",
            "availability: assumed}",
        )
    )
    found = reviewed(capsys, KESTREL, "--against", last)["changes"]["changed"]
    promised = {one["name"]: one for one in found if "journey " in one["name"] and "." in one["name"]}
    assert promised["journey web.availability"]["before"]["likely"] == 0.995
    assert promised["journey web.availability"]["why"] == "contract: terms of service"
    assert promised["journey search.tolerance_hours"]["before"] is None
    assert promised["journey search.tolerance_hours"]["moves"] is None, "what is promised costs nothing"
    changed = {one["name"]: one["why"] for one in found if one["name"] not in promised}
    assert changed == {
        "group web_servers": "needs 2, was 1; copies 3, was 2",
        "journey payments": "needs also identity, order databases",
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
    origins = found["origins"]
    assert origins["journey checkout.availability"] == {
        "kind": "measured",
        "source": "slo.yaml",
        "solid": True,
    }
    assert origins["journey checkout.tolerance_hours"]["source"] == "the board"


def test_every_number_and_promise_has_its_origin_on_the_page(tmp_path, capsys):
    out = tmp_path / "page.html"
    origins = reviewed(capsys, KESTREL, "--out", out)["origins"]
    page = Page(out.read_text(encoding="utf-8"))
    marks = [given["aria-label"] for tag, given in page.tags if tag == "span" and "aria-label" in given]
    assert set(marks) == {"solid", "shaky"}
    words = " ".join("".join(page.words).split())
    solid = sum(one["solid"] for one in origins.values())
    assert f"Of {len(origins)} numbers that were put in, {solid} are solid" in words
    counted = re.findall(r"(?:Contract|Measured|Judgement|Typical|Assumed|Unknown) [◆◇] (\d+) number", words)
    assert sum(map(int, counted)) == len(origins)
    for part in ("identity", "basket cache", "region lost", "checkout", "offline backups"):
        assert part in words[words.index("Where each number comes from") :]


def test_a_part_that_no_journey_needs_is_said(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text(
        "components: {disk: {availability: 0.99}, fax: {availability: 0.5}}\n"
        "journeys: {buy: {needs: [disk], worth_per_hour: 10}}\n"
    )
    found = reviewed(capsys, model, "--out", out)
    assert "No journey needs fax: in this review it counts for nothing." in found["remarks"]
    assert "What fax would cost us: no journey of the model needs it." in out.read_text(encoding="utf-8")


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
        (["--budget", "-1"], "--budget: I read -1. Type a number from 0"),
        (["--budget", "nan"], "--budget: I can't read 'nan' as a plain number"),
        (["--budget", "100.000"], "--budget: I can't tell whether '100.000' means 100,000 or 100. W"),
        (["--seed", "-1"], "--seed is a whole number"),
        (["--incidents", "any.csv"], "--from and --to"),
        (["--against", "no.yaml"], "no.yaml"),
        (
            ["--against", str(COURSE / "data" / "clinic_booking.yaml")],
            "clinic_booking.yaml is in GBP and kestrel.yaml in EUR: their amounts can't be compared",
        ),
        (["--out", "/no/such/folder/page.html"], "No such file"),
    ],
)
def test_bad_arguments_end_in_one_line(capsys, arguments, words):
    assert main(["review", str(KESTREL), *arguments]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("flag", ["--out", "--markdown", "--sheet"])
def test_what_was_read_is_not_written_over(tmp_path, capsys, flag):
    model = tmp_path / "shop.yaml"
    model.write_text(SHOP)
    assert main(["review", str(model), flag, str(tmp_path / "x" / ".." / "shop.yaml")]) == 2
    said = capsys.readouterr().err
    assert said.endswith("shop.yaml is read here and would be lost; name another file to write to.\n")
    assert model.read_text() == SHOP
    one = str(tmp_path / "page.html")
    assert main(["review", str(model), "--out", one, "--markdown", one]) == 2
    assert "page.html is written already" in capsys.readouterr().err
    services = tmp_path / "compose.yaml"
    services.write_text("services: {a: {}}")
    assert main(["draft", str(services), "--out", str(services)]) == 2
    assert services.read_text() == "services: {a: {}}"


def test_a_period_that_makes_no_sense_is_refused_whatever_the_file_names(tmp_path, capsys):
    table = tmp_path / "incidents.csv"
    table.write_text("start,end,service\n2026-01-05T10:00Z,2026-01-05T11:00Z,nobody\n")
    for start in ("2026-12-01", "yesterday"):
        window = ("--from", start, "--to", "2026-06-01")
        assert main(["review", str(KESTREL), "--incidents", str(table), *window]) == 2
        assert capsys.readouterr().err.count("\n") == 1


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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SHOP.replace("0.9}", "1}"), "shop.yaml: in this model a year costs nothing"),
        (SHOP + "appetite: {loss: 0, chance: 0}", "line 3: every year costs 0 or more: give the appetite a"),
        (SHOP.replace("hour: 1", "hour: 0"), "shop.yaml: in this model a year costs nothing"),
        (SHOP.replace("0.9}", "0}"), "journey 'b' works for less than an hour a year: mend"),
        (SHOP + "scenarios: {s: {per_year: 1, hours: 1, journeys: []}}", "line 3: scenario 's' stops no"),
        (
            SHOP + "scenarios:\n  s: {per_year: 1, hours: 5000, journeys: [b]}\n"
            "  t: {per_year: 2, hours: 2500, journeys: [b]}\n",
            "line 5: with scenario 't', journey 'b' stands still for 10,000 hours a year on average",
        ),
        (SHOP + "options: {o: {cost_per_year: 1, changes: {}}}", "line 3: option 'o' changes nothing"),
        (SHOP + "options: {o: {cost_per_year: 1, changes: {a: {}}}}", "line 3: the change of component 'a'"),
        (
            SHOP + "options:\n  o: {cost_per_year: 1, changes: {a: {availability: 1}}, requires: [p]}\n"
            "  p: {cost_per_year: 1, changes: {a: {availability: 0.99}}}\n",
            "option 'o' can't be had: it requires 'p', and 'o' and 'p' can't be had together",
        ),
    ],
)
def test_what_each_number_allows_and_all_together_do_not_makes_no_page(tmp_path, capsys, text, says):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text(text)
    assert main(["review", str(model), "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.err.count("\n") == 1
    assert not out.exists()


def test_the_page_is_a_wiki_page_and_a_spreadsheet_too(tmp_path, capsys):
    wiki, book, page = (tmp_path / name for name in ("page.md", "figures.xlsx", "page.html"))
    found = reviewed(capsys, MODELS[1], "--markdown", wiki, "--sheet", book, "--out", page)
    text = wiki.read_text(encoding="utf-8")
    assert text.startswith("# ") or "\n# " in text
    assert "colour" not in text, "a wiki's page has none"
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
    scenarios = [rate * (hours * worth + more) for _, rate, hours, worth, more, _ in rows[:-3]]
    assert rows[0][5] == "=B2*(C2*D2+E2)"
    assert rows[-1][5] == f"=SUM(F2:F{len(rows)})"
    parts, chance = rows[-3][5], rows[-2][5]
    assert sum(scenarios) + parts + chance == pytest.approx(found["loss"]["mean"])
    carried = {one["name"]: one["loss"] for one in found["contributors"] if one["kind"] == "scenario"}
    assert sorted(scenarios) == pytest.approx(sorted(carried.values()))
    options = openpyxl.load_workbook(book)["Options"]
    for row in options.iter_rows(min_row=2, max_row=len(found["options"]) + 1, values_only=True):
        one = found["options"][row[0].replace(" ", "_")]
        assert row[5] == one["cost_per_year"]["likely"], "as on the page, and held against a budget"
        assert row[2] - row[1] == pytest.approx(one["gain_per_year"]["likely"])
    bought = {row[0].value for row in options.iter_rows(min_row=2) if row[4].value == 1}
    assert bought == {name.replace("_", " ") for name in found["portfolio"]["options"]}


def test_parts_that_never_fail_cost_nothing_in_the_spreadsheet(tmp_path, capsys):
    model, book = tmp_path / "shop.yaml", tmp_path / "figures.xlsx"
    model.write_text(
        "components: {a: {availability: 1.0}}\n"
        "journeys: {b: {needs: [a], worth_per_hour: [100, 200, 400]}}\n"
        "scenarios: {s: {per_year: [0.1, 0.2, 0.4], hours: [10, 20, 40], journeys: [b]}}\n"
    )
    found = reviewed(capsys, model, "--sheet", book)
    openpyxl = pytest.importorskip("openpyxl")
    rows = {row[0]: row for row in openpyxl.load_workbook(book)["Loss"].iter_rows(values_only=True)}
    assert rows["Outages of the parts"][5] == 0
    _, rate, hours, worth, more, _ = rows["s"]
    assert rate * (hours * worth + more) == pytest.approx(found["contributors"][0]["loss"])


PLAIN = """components: {a: {availability: [0.98, 0.99, 0.995]}}
journeys: {b: {needs: [a], worth_per_hour: 10}}
scenarios: {fine: {per_year: 0.01, hours: 0, journeys: [], lasting_cost: 5}}
options: {free: {cost_per_year: 2, changes: {a: {availability: 0.9999}}}}
"""


def test_a_system_without_name_and_currency_is_written_without_gaps(tmp_path, capsys):
    model, wiki, book = (tmp_path / name for name in ("shop.yaml", "page.md", "figures.xlsx"))
    model.write_text(PLAIN)
    assert main(["review", str(model), "--markdown", str(wiki), "--sheet", str(book)]) == 0
    assert "  a year" not in capsys.readouterr().out
    text = wiki.read_text(encoding="utf-8")
    assert "## Where the loss comes from, a year\n" in text
    assert "## What we could buy, a year\n" in text
    assert "; |" not in text, "a cell whose range is a point has no second line"
    assert "| Fine | 0.01 ◇ | 0 h ◇ | none | 5 ◇ |" in text
    openpyxl = pytest.importorskip("openpyxl")
    first = [row[0] for row in openpyxl.load_workbook(book)["Read this first"].iter_rows(values_only=True)]
    assert first[0] == "Our system: resilience review"
    assert first[2].endswith(". Amounts are means of a year.")


def test_small_amounts_are_told_apart_from_nothing_beside_large_ones(tmp_path, capsys):
    model, wiki = tmp_path / "shop.yaml", tmp_path / "page.md"
    dear = "  dear: {cost_per_year: 1000000000, changes: {a: {availability: 0.99999}}}\n"
    model.write_text(
        PLAIN.replace("{free: {cost_per_year: 2", "\n  free: {cost_per_year: 2").replace("}}}}\n", "}}}\n")
        + dear
    )
    found = reviewed(capsys, model, "--markdown", wiki)
    text = wiki.read_text(encoding="utf-8")
    assert found["portfolio"]["options"] == ["free"]
    assert "| ✓ Free | 2 ◇ |" in text
    model.write_text(
        PLAIN.replace("hour: 10", "hour: 0.001").replace("cost_per_year: 2", "cost_per_year: 0.02")
    )
    found = reviewed(capsys, model, "--markdown", wiki)
    mean = found["loss"]["mean"]
    assert 0.05 < mean < 0.5
    assert f"Expected loss a year: {mean:.2f} today" in wiki.read_text(encoding="utf-8").replace("\xa0", " ")


def test_where_nine_years_in_ten_cost_nothing_the_page_says_so(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    model.write_text(
        "components: {a: {availability: 1}}\njourneys: {b: {needs: [a], worth_per_hour: [100, 200, 400]}}\n"
        "scenarios: {s: {per_year: 0.05, hours: [10, 20, 40], journeys: [b]}}\n"
    )
    found = reviewed(capsys, model, "--out", out)
    assert found["loss"]["one_in_ten"] == 0
    assert found["sentence"].endswith("and nine years in ten cost nothing")
    words = " ".join("".join(Page(out.read_text(encoding="utf-8")).words).split())
    assert "Nine years in ten cost nothing. The curve" in words
    assert "0 or more" not in words


def test_long_names_leave_the_page_its_sheet(tmp_path, capsys):
    model, out = tmp_path / "shop.yaml", tmp_path / "page.html"
    long, many = "the thing that somebody named in one whole sentence and would not have shortened", range(12)
    rooms = [
        "components: {" + ", ".join(f"{long} {i}: {{availability: [0.98, 0.99, 0.999]}}" for i in many) + "}",
        "journeys: {"
        + ", ".join(f"{long} j{i}: {{needs: [{long} {i}], worth_per_hour: 900}}" for i in many)
        + "}",
        "options: {"
        + ", ".join(
            f"{long} o{i}: {{cost_per_year: 9, changes: {{{long} {i}: {{availability: 0.9999}}}}}}"
            for i in many[:6]
        )
        + "}",
    ]
    model.write_text("\n".join(rooms))
    found = reviewed(capsys, model, "--out", out)
    assert f"{long} o1" in found["options"], "the JSON has the whole name"
    text = out.read_text(encoding="utf-8")
    assert long not in text
    assert "shortened o1" in text, "both ends of a name are kept, and tell it from the next"
    sheet, appendix = re.findall(r"<article[^>]*>", text)
    assert "0.70" not in sheet + appendix, "as small as letters go, and still too long"


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


def test_a_name_that_looks_like_an_entity_stays_what_was_typed(tmp_path, capsys):
    model, wiki, page = (tmp_path / name for name in ("shop.yaml", "page.md", "page.html"))
    model.write_text(SHOP.replace("{a:", '{"&lt;u&gt; ~~x~~":').replace("[a]", '["&lt;u&gt; ~~x~~"]'))
    reviewed(capsys, model, "--markdown", wiki, "--out", page)
    assert "\\&lt;u\\&gt; \\~\\~x" in wiki.read_text(encoding="utf-8")
    assert "&amp;lt;u&amp;gt; ~~x~~" in page.read_text(encoding="utf-8")


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
