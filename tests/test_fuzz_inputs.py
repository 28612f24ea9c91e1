"""Thousands of broken files: every one is answered or refused in one line, with no traceback and no hang.

A mutation loop over good files of every format that the command line reads. Some hundreds run in the
suite, more with `--fuzz 10000`. A failure names the seed; `mutant(name, number)` makes the file again.
"""

import io
import json
import random
import signal
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from faultlab.__main__ import main
from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR, XOR, Gate
from faultlab.analysis.fault_trees.common_cause import CommonCause
from faultlab.analysis.fault_trees.event_models import Exponential, Repairable, Weibull
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fmea.worksheet import Row, rows_of
from faultlab.analysis.fmea.writing import write_fmea
from faultlab.analysis.open_psa.writing import open_psa_as_text
from faultlab.analysis.systems import read_system

COURSE = Path(__file__).parents[1] / "course"
LONGEST = 60  # seconds for one file: what takes longer counts as a hang

TREE = FaultTree(
    "top",
    {
        "top": OR("power", AT_LEAST(2, "a", "b", "c"), Gate("imply", ("d", "h"))),
        "power": AND("grid", XOR("d", "e"), NOT("f")),
        "f": Gate("iff", (Gate("nand", ("a", "b")), Gate("nor", ("c", "e")))),
    },
    {
        "a": 0.1,
        "b": 0.1,
        "c": 0.1,
        "d": Exponential(1e-4),
        "e": Weibull(900.0, 2.0),
        "grid": Repairable(99, 1),
    },
    {"h": True},
    (CommonCause("cause", ("a", "b", "c"), (0.1, 0.2), "MGL"),),
)
EXPRESSIONS = """<opsa-mef><define-fault-tree name="f"><label>words</label><define-gate name="t"><or>
<event name="a"/><atleast min="2"><event name="b"/><event name="c"/><event name="d"/></atleast>
<gate name="east.down"/><constant value="false"/></or></define-gate>
<define-component name="east" role="private"><define-gate name="down"><and><basic-event name="pump"/>
<event name="h" type="house-event"/><basic-event name="b"/></and></define-gate>
<define-basic-event name="pump">
<periodic-test><parameter name="r"/>
<float value="3.5"/><float value="9"/><system-mission-time/></periodic-test>
</define-basic-event></define-component><define-house-event name="h"/></define-fault-tree>
<define-initiating-event name="i"/><model-data>
<define-basic-event name="a"><mul><parameter name="p"/><float value="0.5"/></mul></define-basic-event>
<define-basic-event name="b"><exponential><parameter name="r"/><parameter name="time"/></exponential>
</define-basic-event><define-basic-event name="c"/>
<define-parameter name="p"><div><float value="1"/><float value="8"/></div></define-parameter>
<define-parameter name="r" unit="years-1"><uniform-deviate><float value="1e-2"/><float value="2e-2"/>
</uniform-deviate></define-parameter>
<define-parameter name="time" unit="hours"><min>
<system-mission-time/><int value="99"/></min></define-parameter>
<define-basic-event name="d">
<Weibull><float value="9"/><float value="2"/><float value="0"/><int value="3"/></Weibull>
</define-basic-event><define-basic-event name="x"/><define-basic-event name="y"><switch><case><gt>
<float value="2"/><pi/></gt><float value="0.1"/></case><histogram><float value="0"/><bin><float value="0.1"/>
<float value="1"/></bin></histogram></switch></define-basic-event></model-data>
<define-CCF-group name="g" model="alpha-factor">
<members><basic-event name="c"/><basic-event name="e"/></members>
<factors><factor level="2"><float value="0.1"/></factor>
<factor level="1"><float value="0.9"/></factor></factors>
<distribution>
<lognormal-deviate><float value="0.01"/><float value="3"/><float value="0.95"/></lognormal-deviate>
</distribution></define-CCF-group></opsa-mef>"""
LINES = """top = a and (b or atleast(2, c, d, e)) and f  # a remark
b = any(c) or all(a, 'part #1 = odd')
a = 0.5
c = 0.25
d = 1e-3
e = 1
f = True
'part #1 = odd' = 0.125
"""
SHOP = """company: Shop
currency: EUR
components:
  disk: {availability: [0.9, 0.95, 0.99], mttr_hours: 2}
  tape: {mtbf_hours: [900, 1000, 2000], mttr_hours: [1, 2, 3]}
  fan: {scale_hours: 9000, shape: 2, mission_hours: 720}
  lamp: {failures_per_hour: 1e-4, mission_hours: 720}
groups:
  stores: {among: [disk, tape], needs: 1, shared_cause: 0.1}
  fans: {of: fan, needs: 2, copies: 3, shared_cause: [0, 0.1, 1]}
  tapes: {of: tape, needs: 1, copies: 2, switch_over_fails: [0, 0.1, 1], tested_every_hours: 90}
services:
  room: {needs: [fans, lamp]}
journeys:
  buy: {needs: [stores, tapes, disk], worth_per_hour: [0, 10, 1e6]}
  fly: {needs: [room], worth_per_hour: 7, objectives: {tolerance_hours: 4}, origin: assumed}
scenarios:
  fire: {per_year: 0.1, hours: [1, 2, 3], journeys: [buy], lasting_cost: 9, origin: {judgement: me}}
appetite: {loss: 5, chance: 0.1}
options:
  more: {cost_per_year: 9, changes: {fans: {copies: 4}, tape: {mttr_hours: 0}, fire: {hours: 1}}}
  less: {cost_per_year: 9, changes: {fans: {copies: 2}}, excludes: [more]}
"""
COMPOSE = """services:
  web: {scale: 2, depends_on: {db: {condition: service_healthy}}, links: ["mail:smtp"], profiles: [all]}
  db: {deploy: {replicas: "${N:-2}"}, network_mode: "service:web2"}
"""
MANIFESTS = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  template: {metadata: {labels: {app: shop}}, spec: {containers: [{env: [{value: "shop:80"}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {selector: {app: shop}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {maxUnavailable: 50%, selector: {matchLabels: {app: shop}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec: {minReplicas: 5, scaleTargetRef: {name: shop}}
"""
CATALOGUE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: site}
spec: {type: website, dependsOn: ["component:default/words"], consumesApis: [a], providesApis: [a]}
"""
OBJECTIVES = """apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout, displayName: Checkout answers, labels: {team: [shop]}}
spec:
  service: shop
  indicator:
    metadata: {name: errors}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'failed_total{code=~"5[0-9]{2}"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}]
  budgetingMethod: Timeslices
  objectives: [&tight {target: 0.999, timeSliceTarget: 0.95, timeSliceWindow: 5m}]
  alertPolicies:
  - kind: AlertPolicy
    metadata: {name: fast}
    spec:
      alertWhenBreaching: true
      conditions:
      - kind: AlertCondition
        metadata: {name: fast-burn}
        spec:
          severity: page
          condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
      notificationTargets: [{targetRef: phone}]
---
- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: search}
  spec:
    timeWindow: [{duration: 28d, isRolling: true}]
    budgetingMethod: Occurrences
    objectives: [{targetPercent: 95}, {<<: {target: 0.5}, displayName: half}]
    alertPolicies: [{alertPolicyRef: slow}]
- apiVersion: openslo/v1
  kind: AlertPolicy
  metadata: {name: slow}
  spec: {conditions: [{conditionRef: slow}]}
- apiVersion: openslo/v1
  kind: AlertCondition
  metadata: {name: slow}
  spec: {severity: ticket, condition: {op: gt, threshold: 1, lookbackWindow: 3d}}
"""


def sheet(ending, folder):
    rows = [
        Row(row.item, row.failure_mode, row.effect, severity=i % 10 + 1, occurrence=5, detection=3)
        for i, row in enumerate(rows_of(read_system(COURSE / "kestrel.yaml")))
    ]
    path = folder / f"good.{ending}"
    done = Row("a", "b", action="c", occurrence_after=2, detection_after=3, others=(("Owner", "Ann"),))
    write_fmea(path, [Row("=1+1", "-odd", '"quoted", and\na line'), done, *rows], {"": [["FMEA", "2026"]]})
    return path.read_bytes()


FORMATS = {  # command line around the file, the file's ending, how much of the work it gets
    "open_psa": (["fta", None, "--seconds", "2", "--importance", "--hours", "500"], "xml", 0.2),
    "open_psa_drawn": (["fta", None, "--seconds", "2", "--hours", "9", "--uncertainty", "30"], "xml", 0.2),
    "lines": (["fta", None, "--seconds", "2", "--path-sets", "3"], "tree", 0.05),
    "system": (["rbd", None], "yaml", 0.2),
    "draft": (["draft", None], "yaml", 0.1),
    "open_slo": (["slo", None, "--requests-per-hour", "60"], "yaml", 0.05),
    "worksheet_csv": (["fmea", None], "csv", 0.1),
    "worksheet_xlsx": (["fmea", None], "xlsx", 0.1),
    "incidents": (["metrics", None, "--from", "2026-08-01", "--to", "2026-11-01"], "csv", 0.15),
}


def good_files(name, folder):
    """Files of a format that are all right."""
    if name == "open_psa":
        return [open_psa_as_text(TREE).encode(), EXPRESSIONS.encode()]
    if name == "open_psa_drawn":
        return [EXPRESSIONS.encode()]
    if name == "lines":
        return [LINES.encode(), LINES.replace("1e-3", "True").encode()]
    if name == "system":
        return [SHOP.encode(), (COURSE / "kestrel.yaml").read_bytes()]
    if name == "draft":
        return [COMPOSE.encode(), MANIFESTS.encode(), CATALOGUE.encode()]
    if name == "open_slo":
        return [OBJECTIVES.encode(), OBJECTIVES.partition("---")[0].encode()]
    if name == "incidents":
        return [(COURSE / "data" / "kestrel_incidents_raw.csv").read_bytes()]
    return [sheet(name.partition("_")[2], folder)]


ODD = [
    *(b"", b"0", b"-1", b"1.2", b"nan", b"inf", b"-inf", b"1e999", b"1e-999", b"9" * 400, b"0x10", b"1_0"),
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae"),
    *("١".encode(), b"\r", b"\n", b"\t", b"'", b'"', b",", b";", b"=", b"<", b">", b"&", b"&#0;", b"]]>"),
    *(b"*a", b"&a ", b"!!python/name:os.system ", b"- ", b"? ", b": ", b"{", b"}", b"[", b"]", b"|", b"#"),
    *(b"<!DOCTYPE x>", b"<!--", b"<![CDATA[", b"<?x ?>", b'=HYPERLINK("x")', b"_xD800_", b"2026-13-45"),
    *(b"9999-12-31T23:59Z", b"0001-01-01", b"<gate name='t'/>", b"<not>", b"</or>", b"true", b"~"),
]


def mutated(content, others, luck):
    """A file with one to six things done to it."""
    content = bytearray(content)
    for _ in range(luck.choice((1, 1, 1, 2, 3, 6))):
        place = luck.randrange(len(content) + 1)
        end = min(len(content), place + luck.choice((1, 2, 5, 20, 100)))
        change = luck.randrange(9)
        if change == 0:
            content[place:end] = b""
        elif change == 1:
            content[place:place] = luck.choice(ODD)
        elif change == 2:
            content[place:end] = luck.choice(ODD)
        elif change == 3 and place < len(content):
            content[place] = luck.randrange(256)
        elif change == 4:
            content[place:place] = content[place:end] * luck.choice((1, 2, 50))
        elif change == 5:
            content[place:] = b""
        elif change == 6:
            content = _with_a_number_replaced(content, luck)
        elif change == 7:
            lines = bytes(content).splitlines(keepends=True)
            luck.shuffle(lines)
            content = bytearray(b"".join(lines)) if luck.random() < 0.3 else content
        else:
            other = luck.choice(others)
            start = luck.randrange(len(other) + 1)
            content[place:end] = other[start : start + luck.choice((5, 50, 500))]
    return bytes(content)


def _with_a_number_replaced(content, luck):
    places = [i for i, byte in enumerate(content) if 48 <= byte <= 57]
    if places:
        place = luck.choice(places)
        end = place
        while end < len(content) and content[end] in b"0123456789.eE+-":
            end += 1
        content[place:end] = luck.choice(ODD[:12])
    return content


def mutant(name, number, goods):
    """The file of a format with a number: the same every time."""
    luck = random.Random(f"{name} {number}")
    content = luck.choice(goods)
    if name != "worksheet_xlsx" or luck.random() < 0.2:
        return mutated(content, goods, luck)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        parts = {part: before.read(part) for part in before.namelist()}
        broken = luck.choice(
            [part for part in parts if "sheet1" in part or luck.random() < 0.5] or list(parts)
        )
        for part, inside in parts.items():
            if part == broken and luck.random() < 0.05:
                continue
            after.writestr(part, mutated(inside, list(parts.values()), luck) if part == broken else inside)
    return packed.getvalue()


@contextmanager
def no_hang():
    """End a call that takes far too long, where the system can; elsewhere the whole test would."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(*_):
        raise AssertionError(f"it took over {LONGEST} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", FORMATS)
def test_broken_files_are_answered_or_refused_in_one_line(tmp_path, capsys, pytestconfig, name):
    command, ending, part = FORMATS[name]
    goods = good_files(name, tmp_path)
    outcomes = {0: 0, 2: 0}
    for number in range(max(20, round(part * pytestconfig.getoption("--fuzz")))):
        path = tmp_path / f"{number}.{ending}"
        path.write_bytes(mutant(name, number, goods))
        as_json = ["--json"] if number % 3 else []
        try:
            with no_hang(), warnings.catch_warnings():
                warnings.simplefilter("error")
                status = main([str(path) if word is None else word for word in command] + as_json)
            said = capsys.readouterr()
            if status == 0:
                assert said.err == ""
                if as_json:
                    json.loads(said.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
            else:
                assert (status, said.out, said.err.count("\n")) == (2, "", 1)
            said.err.encode()
            said.out.encode()
        except BaseException as wrong:
            wrong.add_note(f"This was mutant({name!r}, {number}, goods), at {path}.")
            raise
        outcomes[status] += 1
        path.unlink()
    # Both happen: neither are all files refused, nor is nothing broken.
    assert min(outcomes.values()) > 0, outcomes


@pytest.mark.parametrize("name", FORMATS)
def test_the_good_files_are_good(tmp_path, capsys, name):
    command, ending, _ = FORMATS[name]
    for number, content in enumerate(good_files(name, tmp_path)):
        path = tmp_path / f"{number}.{ending}"
        path.write_bytes(content)
        status = main([str(path) if word is None else word for word in command])
        assert (status, capsys.readouterr().err) == (0, "")
