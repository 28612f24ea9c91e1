"""Input that makes no sense: every command ends with status 2 and one line that names thing and remedy."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from faultlab.__main__ import main

ROOT = Path(__file__).parents[2]
KESTREL = ROOT / "course" / "kestrel.yaml"
SHARED = ROOT.parent / "shared" / "benchmarks" / "aralia"
COMMANDS = {  # file's ending, and what the command needs besides
    "fta": (".xml", []),
    "rbd": (".yaml", []),
    "fmea": (".csv", []),
}


def refused(capsys, *arguments):
    """The one line with which a command refuses."""
    assert main([str(one) for one in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")
    assert "Traceback" not in said.err
    return said.err


def opsa(*gates, events=("a", "b"), more=""):
    events = "".join(
        f'<define-basic-event name="{one}"><float value="0.1"/></define-basic-event>' for one in events
    )
    gates = "".join(f'<define-gate name="{name}">{inside}</define-gate>' for name, inside in gates)
    tree = f'<define-fault-tree name="f">{gates}</define-fault-tree>'
    return f"<opsa-mef>{tree}<model-data>{events}{more}</model-data></opsa-mef>"


A, B = '<basic-event name="a"/>', '<basic-event name="b"/>'
EITHER = ("t", f"<or>{A}{B}</or>")
ONE, ZERO = (f'<float value="{number}"/>' for number in (1, 0))


def event_a(expression):
    """A tree of one event with some expression for its probability."""
    given = f'<define-basic-event name="a">{expression}</define-basic-event>'
    return opsa(("t", f"<or>{A}</or>"), events=(), more=given)


def or_of(gate):
    return f'<or><gate name="{gate}"/></or>'


def chain_of_parameters(count):
    chain = "".join(
        f'<define-parameter name="p{i}"><parameter name="p{i + 1}"/></define-parameter>' for i in range(count)
    )
    return event_a('<parameter name="p0"/>').replace("</model-data>", chain + "</model-data>")


ENTITIES = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(20))
GROUP = (
    f'<define-CCF-group name="g" model="beta-factor"><members>{A}{B}</members><factors><factor level="2">'
    f"<div>{ONE}{ZERO}</div></factor></factors></define-CCF-group></opsa-mef>"
)
TREES = {
    "cycle": (
        opsa(("t", or_of("u")), ("u", or_of("v")), ("v", or_of("u"))),
        "circle: u > v > u; break it",
    ),
    "undefined gate": (
        opsa(("t", f'<or>{A}<gate name="pump"/></or>')),
        "'t' names 'pump', which is not defined; define",
    ),
    "probability of 1.2": (opsa(EITHER).replace("0.1", "1.2", 1), "'a': .*0 to 1, not 1.2"),
    "k greater than n": (opsa(("t", f'<atleast min="3">{A}{B}</atleast>')), "'t': .*3 of 2 inputs: k can't"),
    "two tops": (opsa(EITHER, ("u", f"<or>{B}</or>")), "2 gates .* name the top .--top., or remove"),
    "empty": ("", "not XML"),
    "binary": (bytes(range(256)) * 40, "not XML"),
    "entity bomb": (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]><opsa-mef>&a20;</opsa-mef>',
        "declares a document type or entities; remove",
    ),
    "external entity": (
        '<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]><opsa-mef>&p;</opsa-mef>',
        "declares a document type or entities; remove",
    ),
    "deep nesting": ("<opsa-mef>" + "<or>" * 1_000_000, "nests elements over 200 deep"),
    "long chain of parameters": (chain_of_parameters(9999), "parameters stand on each other over 200 deep"),
    "division by zero": (
        event_a(f"<div>{ONE}{ZERO}</div>"),
        "'a': <div> needs divisors but 0, not 1, 0",
    ),
    "product without end": (
        event_a('<mul><float value="1e300"/><float value="1e300"/></mul>'),
        "'a': <mul> of .* is not finite",
    ),
    "rate of zero": (
        event_a(f"<GLM>{ZERO}{ZERO}{ONE}<system-mission-time/></GLM>"),
        "'a': <GLM> needs a failure rate above 0, not 0",
    ),
    "division by zero in a group": (
        opsa(EITHER).replace("</opsa-mef>", GROUP),
        "'g': <div> needs divisors",
    ),
    "event that is a gate too": (
        opsa(("a", f"<or>{B}</or>")),
        "'a' is a gate and an event; give each a name",
    ),
    "too much": (opsa(EITHER, events=range(30_001)), "30,002 definitions are more than .*; split the model"),
    "another format": ("components: {}\n", "not XML"),
}


@pytest.mark.parametrize("case", TREES)
def test_a_tree_that_makes_no_sense_is_refused(tmp_path, capsys, case):
    content, words = TREES[case]
    path = tmp_path / "model.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = refused(capsys, "fta", path)
    assert re.search(words, said), said


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", ["absent", "folder", "empty", "binary", "huge", "unending", "zero byte"])
def test_a_file_that_is_none_is_refused(tmp_path, capsys, command, case):
    ending, more = COMMANDS[command]
    path = tmp_path / f"input{ending}"
    words = "input"
    if case == "folder":
        path.mkdir()
        words = "is a folder; name the file"
    elif case == "empty":
        path.write_bytes(b"")
    elif case == "binary":
        path.write_bytes(bytes(range(256)) * 1000)
    elif case == "huge":
        with path.open("wb") as file:
            file.truncate(10**9)  # a hole: takes no room on the disk
        words = "is larger than .* may be"
    elif case == "unending":
        if not os.path.exists("/dev/zero"):
            pytest.skip("needs a device that never ends, /dev/zero")
        path.symlink_to("/dev/zero")
        words = "is larger than"
    elif case == "zero byte":
        path, words = f"a\0b{ending}", "can't read"
    said = refused(capsys, command, path, *more)
    assert re.search(words, said), said


def test_options_that_make_no_sense_are_refused(tmp_path, capsys):
    model = tmp_path / "model.xml"
    model.write_text(opsa(("t", f"<or>{A}{B}</or>")))
    assert "'u'" in refused(capsys, "fta", model, "--top", "u")
    assert "0 to 100000" in refused(capsys, "fta", model, "--cut-sets", "1000000000")
    assert "--hours is a number from 0" in refused(capsys, "fta", model, "--hours", "nan")
    assert "--seconds is a number from 0" in refused(capsys, "fta", model, "--seconds", "-1")
    assert "--journey is for a system in YAML" in refused(capsys, "fta", model, "--journey", "web")
    assert "--top is for a model in XML" in refused(
        capsys, "fta", KESTREL, "--journey", "web", "--top", "web"
    )
    assert "name one of its journeys with --journey" in refused(capsys, "fta", KESTREL)
    assert "It has: web, search" in refused(capsys, "fta", KESTREL, "--journey", "returns")
    assert "It has: web, search" in refused(capsys, "rbd", KESTREL, "--journey", "returns")
    assert "--seed is a whole number from 0" in refused(capsys, "rbd", KESTREL, "--seed", "-1")
    assert "can't read" in refused(capsys, "fmea", KESTREL, "--against", tmp_path / "absent.csv")
    assert "ends in .csv or .xlsx" in refused(capsys, "fmea", KESTREL, "--out", tmp_path / "a.pdf")
    assert "can't write" in refused(capsys, "fmea", KESTREL, "--out", tmp_path / "nowhere" / "a.csv")


def test_it_is_so_from_the_shell_too(tmp_path):
    """Once as a process of its own: status, standard output, standard error."""
    bomb = tmp_path / "bomb.xml"
    bomb.write_text(TREES["entity bomb"][0])
    command = [sys.executable, "-m", "faultlab", "fta", str(bomb), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "bomb.xml declares a document type or entities; remove the <!DOCTYPE> and what it holds.\n"
    )


def test_a_terminal_that_cannot_show_a_letter_shows_its_number(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(
        "components: {d\u012bsk: {availability: 0.9}}\n"
        "journeys: {buy: {needs: [d\u012bsk], worth_per_hour: 1}}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "faultlab", "rbd", str(path)]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "stopped by any of: d\\u012bsk" in done.stdout


def test_aliases_that_stand_for_a_billion_are_refused(tmp_path, capsys):
    path = tmp_path / "laughs.yaml"
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    path.write_text("\n".join(lines))
    assert "line 2: aliases (*name) are not read here; write out" in refused(capsys, "rbd", path)


def test_a_worksheet_that_unpacks_to_too_much_is_refused(tmp_path, capsys):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 61_000_000)
    assert path.stat().st_size < 1_000_000
    assert "bomb.xlsx unpacks to more than 60 MB; split it" in refused(capsys, "fmea", path)


def test_json_has_the_keys_that_are_promised(tmp_path, capsys):
    model = tmp_path / "model.xml"
    model.write_text(opsa(("t", f"<or>{A}{B}</or>")))
    assert main(["fta", str(model), "--json", "--importance"]) == 0
    found = json.loads(capsys.readouterr().out)
    promised = [
        "top",
        "basic_events",
        "gates",
        "probability",
        "minimal_cut_sets",
        "cut_sets",
        "importance",
        "seconds",
    ]
    assert set(promised) <= set(found)
    assert type(found["minimal_cut_sets"]) is int
    assert set(found["cut_sets"][0]) == {"events", "probability"}
    assert set(found["importance"]["a"]) == {"birnbaum", "criticality", "fussell_vesely", "raw", "rrw"}
    assert main(["fta", str(model), "--json"]) == 0
    assert "importance" not in json.loads(capsys.readouterr().out)

    assert main(["fta", str(KESTREL), "--journey", "checkout", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert main(["rbd", str(KESTREL), "--json"]) == 0
    checkout = json.loads(capsys.readouterr().out)["journeys"]["checkout"]
    promised = ["availability", "minutes_down_per_year", "naive_availability", "single_points_of_failure"]
    assert set(promised) <= set(checkout)
    assert tree["probability"] == pytest.approx(1 - checkout["availability"], abs=1e-12)
    single = {one["events"][0] for one in tree["cut_sets"] if len(one["events"]) == 1}
    assert single == set(checkout["single_points_of_failure"])

    sheet = tmp_path / "sheet.csv"
    sheet.write_text("item,failure_mode,severity,occurrence,detection\ncache,lost,5,8,3\n")
    assert main(["fmea", str(sheet), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["rpn"], row["action_priority"]) for row in rows] == [(120, "M")]


SLOW = ("edf9204", "edfpa14b", "edfpa14q", "cea9601")  # their cut sets take seconds to count
MODELS = [
    pytest.param(path.stem, marks=pytest.mark.slow if path.stem in SLOW else ())
    for path in sorted(SHARED.glob("*.xml"))
]


@pytest.mark.skipif(not MODELS, reason="the Aralia models are not beside the project (shared/benchmarks)")
@pytest.mark.parametrize("name", MODELS or ["none"])
def test_every_published_model_is_accepted(capsys, name):
    """Accepted within a second of work each: an exact answer, or an interval that says so."""
    assert main(["fta", str(SHARED / f"{name}.xml"), "--json", "--cut-sets", "3", "--seconds", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    if found["probability"] is None:
        assert 0 <= found["probability_low"] < found["probability_high"] <= 1
    else:
        assert 0 < found["probability"] < 1
        assert found["minimal_cut_sets"] is None or found["minimal_cut_sets"] > 0


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("fta", ["FILE", "--write", "OUT"]),
        ("slo", ["FILE", "--rules", "OUT"]),
        ("feedback", ["FILE", "--table", "OUT"]),
        ("feedback", ["FILE", "--form", "OUT"]),
        ("grade", [".", "--teams", "FILE", "--out", "OUT"]),
        ("grade", [".", "--for", "canvas", "--fill", "FILE", "--tasks", "OUT"]),
        ("certificate", ["--name", "Ada", "--secret", "FILE", "--out", "OUT"]),
        ("draft", ["FILE", "--out", "OUT"]),
        ("review", ["FILE", "--out", "OUT"]),
        ("teams", ["--out", "FILE", "--list", "OUT"]),
    ],
)
def test_no_command_writes_over_what_it_reads_or_has_written(tmp_path, capsys, command, more):
    file = tmp_path / "given.html"
    file.write_text("kept", encoding="utf-8")
    names = {"FILE": file, "OUT": tmp_path / "x" / ".." / "given.html"}
    said = refused(capsys, command, *(names.get(one, one) for one in more))
    assert "given.html is read here and would be lost; name another" in said or command == "teams"
    assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    "arguments",
    [
        ["fta"],
        ["rbd", KESTREL, "--seed", "x"],
        ["fmea", "a.csv", "--nope"],
        ["metrics", "a.csv", "--date-order", "x"],
    ],
)
def test_flags_that_cannot_be_read_are_refused_in_one_line(capsys, arguments):
    assert re.search(rf"see `python -m faultlab {arguments[0]} --help`\.$", refused(capsys, *arguments))
