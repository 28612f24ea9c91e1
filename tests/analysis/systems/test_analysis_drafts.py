"""A system drafted from what teams have: each kind read as it means it, and always one that can be solved."""

import pytest

from faultlab.__main__ import main
from faultlab.analysis.systems import draft, read_system

COMPOSE = """x-base: &base {restart: always}
services:
  web:
    <<: *base
    deploy: {replicas: 3}
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
  worker: {scale: 2, depends_on: [db, cache], links: ["mail:smtp"]}
  db: {image: postgres}
  cache: {network_mode: "service:db"}
  migrate: {depends_on: [db]}
  debug: {profiles: [debug], deploy: {replicas: "${DEBUGGERS:-0}"}}
"""
MANIFESTS = """apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: shop}
  spec:
    template:
      metadata: {labels: {app: shop}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1}]
        containers:
        - name: shop
          env: [{name: CART, value: "http://cart.default.svc:8080/x"}, {name: MODE, value: cartoon}]
          envFrom: [{configMapRef: {name: shop}}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cart-v2}
spec: {replicas: 2, template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: c}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}}
---
apiVersion: v1
kind: Service
metadata: {name: idle}
spec: {selector: {app: idle}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {queue: "amqp://user@queue:5672"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: queue}
spec: {replicas: 3, template: {metadata: {labels: {app: queue}}, spec: {}}}
---
apiVersion: v1
kind: Service
metadata: {name: queue}
spec: {selector: {app: queue}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {minAvailable: 50%, selector: {matchLabels: {app: shop}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec: {minReplicas: 5, scaleTargetRef: {kind: Deployment, name: shop}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
"""
CATALOGUE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: site}
spec: {type: website, dependsOn: ["component:default/words"], consumesApis: [orders-api, rates-api]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: orders}
spec: {type: service, providesApis: [orders-api]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: words}
spec: {type: library}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: store}
spec: {type: database, dependencyOf: ["component:orders"]}
"""
TABLE = """Part;Depends on;Copies;Enough;MTBF_hours;mttr hours;Owner
front;rates, bank;2;1;900;2;Ann
rates;;;;;;Bob
"""


def drafted(tmp_path, text, name="system.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return draft([path])


def needs(found):
    return {name: (part.copies, part.enough, set(part.needs)) for name, part in found.parts.items()}


def test_compose_without_what_only_runs_at_the_start(tmp_path):
    found = drafted(tmp_path, COMPOSE)
    assert needs(found) == {
        "web": (3, None, {"db"}),
        "worker": (2, None, {"db", "cache", "mail"}),
        "db": (1, None, set()),
        "cache": (1, None, {"db"}),
        "mail": (1, None, set()),
    }
    assert found.journeys() == ["web", "worker"]
    assert any("migrate ends before others start" in remark for remark in found.remarks)
    assert any("debug runs in no copy" in remark for remark in found.remarks)


def test_a_later_compose_file_changes_the_earlier(tmp_path):
    (tmp_path / "a.yaml").write_text(COMPOSE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("services: {web: {deploy: {replicas: 7}}, more: {}}", encoding="utf-8")
    found = draft([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert (found.parts["web"].copies, found.parts["web"].needs) == (7, ["db"])
    assert "more" in found.parts


def test_manifests_with_what_settings_disruption_budgets_and_autoscalers_tell(tmp_path):
    found = drafted(tmp_path, MANIFESTS)
    assert needs(found) == {
        "shop": (5, 3, {"cart-v2", "queue"}),
        "cart-v2": (2, None, set()),
        "queue": (3, None, set()),
    }
    assert [name for name, part in found.parts.items() if part.spread] == ["shop"]
    assert any("nightly" in remark for remark in found.remarks)


def test_a_catalogue_by_its_interfaces_and_without_libraries(tmp_path):
    found = drafted(tmp_path, CATALOGUE)
    assert {name: set(part.needs) for name, part in found.parts.items()} == {
        "site": {"orders", "rates-api"},
        "orders": {"store"},
        "store": set(),
        "rates-api": set(),
    }


def test_a_table_keeps_its_figures(tmp_path):
    found = drafted(tmp_path, TABLE, "parts.csv")
    assert needs(found) == {
        "front": (2, 1, {"rates", "bank"}),
        "rates": (1, None, set()),
        "bank": (1, None, set()),
    }
    assert found.parts["front"].figures == {"mtbf_hours": "900", "mttr_hours": "2"}
    assert any("owner" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("text", "name"),
    [(COMPOSE, "a.yml"), (MANIFESTS, "b.yaml"), (CATALOGUE, "c.yaml"), (TABLE, "d.csv")],
    ids=["compose", "kubernetes", "backstage", "table"],
)
def test_every_draft_is_a_system_whose_numbers_are_all_assumed(tmp_path, capsys, text, name):
    path, out = tmp_path / name, tmp_path / "out.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["draft", str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    system = read_system(out)
    found = draft([path])
    assert set(system.journeys) == set(found.journeys())
    assert f"{len(found.parts)} parts" in said
    ranges = [name for name in system.numbers() if not name.startswith("option")]
    assert {system.origins[name].kind for name in ranges} == {"assumed"}
    assert main(["rbd", str(out)]) == 0


def of_many(count):
    return "services:\n" + "".join(f"  s{i}: {{}}\n" for i in range(count))


def test_what_a_draft_makes_has_no_name_that_a_part_has(tmp_path):
    table = "name,copies,needs\nweb,2.0,db\nweb copy,2,\nweb and what it needs,1,\ndb,1,\n"
    found = drafted(tmp_path, table, "parts.csv")
    (tmp_path / "out.yaml").write_text(found.as_yaml("Shop"), encoding="utf-8")
    system = read_system(tmp_path / "out.yaml")
    assert system.groups["web"].of == "web copy too"
    assert system.journeys["web"].needs == ("web and what it needs too",)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("services: {a: {depends_on: [b]}, b: {depends_on: [a]}}", "a.yaml", "in a circle: a > b > a"),
        ("services: {a: {depends_on: 5}}", "a.yaml", "depends_on of 'a' lists names: write `depends_on: ["),
        ("services: {a: {depends_on: db}}", "a.yaml", "depends_on of 'a' lists names"),
        ("services: {a: {depends_on: [[db]]}}", "a.yaml", "depends_on of 'a' lists names"),
        ("services:\n  a: {}\n  a: {}\n", "a.yaml", "line 3: 'a' is there twice; keep one"),
        ("services:\n\ta: {}\n", "a.yaml", "(line 2); indent with spaces, not with a tab"),
        (
            'services: {"a\u200b": {}}',
            "a.yaml",
            "can't be a name: up to 170 characters, none invisible",
        ),
        ("services: {" + "x" * 171 + ": {}}", "a.yaml", "rename it"),
        ("services: {disk fails: {}}", "a.yaml", "no ' fails' at its end; rename it"),
        (of_many(2001), "a.yaml", "2,001 parts are more than a model has, 2,000"),
        (of_many(101), "a.yaml", "101 parts that no other needs, each a journey, are more"),
        ("apiVersion: backstage.io/v1\nkind: Location\n", "a.yaml", "names other files; give those instead"),
        ("components: {}\njourneys: {}", "a.yaml", "a system already; `review` and `rbd` take it"),
        ("services: {a: {scale: two}}", "a.yaml", "the copies of 'a' is a whole number, not 'two'"),
        ("services: {}", "a.yaml", "no part in a Compose file"),
        ("name: {{ .Values.name }}", "a.yaml", "helm template"),
        ("apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization", "a.yaml", "kubectl kustomize"),
        ("a: [1", "a.yaml", "no YAML that can be read (line 1)"),
        ("a: 1", "a.yaml", "no Compose file"),
        ("apiVersion: v1\nkind: Pod\n", "a.yaml", "a Pod has no metadata.name"),
        (MANIFESTS + "---\n" + MANIFESTS, "a.yaml", "'shop' is described twice"),
        ("name,copies\na,0\n", "a.csv", "line 2: 'a' has no copy"),
        ("name,copies,enough\na,2,3\n", "a.csv", "'a' needs 3 of 2 copies"),
        ("name,availability\na,99.9 %\n", "a.csv", "from 0 to 1, not '99.9 %': for 99.9 % write 0.999"),
        ("name,availability\na,99.9\n", "a.csv", "for 99.9 % write 0.999"),
        ("name;availability\na;0,999\n", "a.csv", "write decimals with a point, 0.999"),
        ("name,mtbf_hours,mttr_hours\na,30 days,1\n", "a.csv", "write 720, the unit is in the name"),
        ("name,mtbf_hours,mttr_hours\na,-9,1\n", "a.csv", "line 2: mtbf_hours is a number from"),
        ("name,mtbf_hours,mttr_hours\na,nan,1\n", "a.csv", "not 'nan'; write digits alone"),
        ("name,copies,enough\na,2,0\n", "a.csv", "line 2: none of 'a' is enough; write 1 or more"),
        ("name,copies\na,2.5\n", "a.csv", "not '2.5'; write one, such as 2"),
        ("name,service\na,b\n", "a.csv", "columns 'name' and 'service' both mean 'name'; keep one"),
        ("name,needs\na,b,c\n", "a.csv", "line 2 has more cells than the 2 of the first line"),
        ("name,mtbf_hours\na,9\n", "a.csv", "both mtbf_hours and mttr_hours"),
        ("what\na\n", "a.csv", "no column is called name"),
        ("name,needs\n,b\n", "a.csv", "line 2 names no part"),
    ],
    ids=lambda one: one[:40],
)
def test_what_makes_no_system_is_refused_in_one_line(tmp_path, capsys, text, name, said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert main(["draft", str(path)]) == 2
    error = capsys.readouterr().err
    assert name in error
    assert said in error
    assert error.count("\n") == 1


LAUGHS = "".join(f"x{i + 1}: &x{i + 1} [{', '.join([f'*x{i}'] * 10)}]\n" for i in range(9))
MERGES = "".join(
    f"x{i + 1}: &x{i + 1}\n  <<: [{', '.join([f'*x{i}'] * 10)}]\n  k{i + 1}: 1\n" for i in range(9)
)


@pytest.mark.parametrize(
    "bomb",
    ["x0: &x0 [a]\n" + LAUGHS, "x0: &x0 {a: 1}\n" + MERGES, "x0: &x0 [*x0]\n"],
    ids=["list", "merge", "itself"],
)
def test_aliases_without_end_are_refused(bomb, tmp_path, capsys):
    file = tmp_path / "compose.yaml"
    file.write_text(bomb + "services: {web: {image: a}}\n")
    assert main(["draft", str(file)]) == 2
    said = capsys.readouterr()
    assert "aliases (*name) here stand for" in said.err
    assert said.err.count("\n") == 1
