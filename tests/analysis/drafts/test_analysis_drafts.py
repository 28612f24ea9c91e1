"""A system drafted from what teams have: each kind read as it means it, and always one that can be solved."""

import json

import pytest

from faultlab.__main__ import main
from faultlab.analysis.drafts import draft
from faultlab.analysis.systems import read_system

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


def written(tmp_path, *texts):
    """Files that are drafted together."""
    paths = [tmp_path / f"{place}.yaml" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return draft(paths)


def test_a_later_compose_file_adds_to_what_is_needed_and_changes_a_part_only_where_it_says_so(tmp_path):
    first = """services:
  web: {depends_on: [db], deploy: {replicas: 3}}
  old: {depends_on: [db]}
  only: {depends_on: [db]}
  db: {}
"""
    later = """services:
  web: {depends_on: {cache: {condition: service_started}}, deploy: {resources: {limits: {cpus: "1"}}}}
  old: !reset null
  only: {depends_on: !override [cache]}
  cache:
"""
    found = written(tmp_path, first, later)
    assert needs(found) == {
        "web": (3, None, {"db", "cache"}),
        "only": (1, None, {"cache"}),
        "db": (1, None, set()),
        "cache": (1, None, set()),
    }


def test_a_compose_service_takes_over_what_it_extends(tmp_path):
    found = drafted(
        tmp_path,
        """services:
  base: {depends_on: [db], deploy: {replicas: 4}}
  web: {extends: {service: base}, depends_on: {auth: {condition: service_healthy}}}
  twice: {extends: web, scale: 9}
  far: {extends: {file: common.yaml, service: app}}
  auth: {}
include: [logs.yaml, {path: [more.yaml]}]
""",
    )
    assert needs(found)["web"] == needs(found)["twice"] == (4, None, {"db", "auth"})
    assert any("far extends app of common.yaml, which is not read" in remark for remark in found.remarks)
    assert any("not read, logs.yaml, more.yaml: give what" in remark for remark in found.remarks)


def test_compose_services_that_run_otherwise_than_in_copies(tmp_path):
    found = drafted(
        tmp_path,
        """services:
  agent: {deploy: {mode: global}}
  once: {deploy: {mode: replicated-job, replicas: 4}}
  web: {depends_on: {once: {}, spare: {condition: service_started, required: false}}}
  side: {pid: "service:web", volumes_from: ["files:ro", "container:other"]}
  inner: {scale: "${A:-${B:-3}}"}
  unsaid: {scale: "${C:?is missing}"}
  empty: {scale: null, deploy: {replicas: null}}
""",
    )
    assert needs(found) == {
        "agent": (1, None, set()),
        "web": (1, None, set()),
        "side": (1, None, {"web", "files"}),
        "inner": (3, None, set()),
        "unsaid": (1, None, set()),
        "empty": (1, None, set()),
        "files": (1, None, set()),
    }
    for said in (
        "agent runs on every machine",
        "Jobs are left out: once.",
        "web starts without spare too",
        "copies are taken as 3",
        "unsaid: how many copies ${C:?is missing} stands for is not in the file; 1 stands",
    ):
        assert any(said in remark for remark in found.remarks)


def test_double_braces_and_tags_in_what_can_be_read_make_no_template(tmp_path):
    found = drafted(tmp_path, 'services: {web: {image: !mine x, logging: {options: {tag: "{{.Name}}"}}}}')
    assert list(found.parts) == ["web"]


CLUSTER = """apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec:
    replicas: null
    template:
      metadata: {labels: {app: web}}
      spec:
        affinity: {podAffinity: {terms: [{values: [side]}]}}
        containers:
        - volumeMounts: [{name: x, mountPath: /data/side}]
          env:
          - {name: A, value: "store-0.store.shop.svc.cluster.local:27017"}
          - {name: B, value: "outside:5432"}
          - {name: C, valueFrom: {configMapKeyRef: {name: all, key: CACHE}}}
          - {name: D, valueFrom: {secretKeyRef: {name: keys, key: url}}}
          - {name: E, value: "http://idle:80"}
- {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: store-v2},
   spec: {replicas: 3, template: {metadata: {labels: {app: store}}}}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: cache},
   spec: {replicas: 5, template: {metadata: {labels: {app: cache, tier: back}}}}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: idle},
   spec: {replicas: 0, template: {metadata: {labels: {app: idle}}}}}
- {apiVersion: v1, kind: Service, metadata: {name: store}, spec: {selector: {app: store}}}
- {apiVersion: v1, kind: Service, metadata: {name: cache}, spec: {selector: {app: cache}}}
- {apiVersion: v1, kind: Service, metadata: {name: idle}, spec: {selector: {app: idle}}}
- {apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName}}
- {apiVersion: v1, kind: Service, metadata: {name: paid}, spec: {selector: {app: paid}}}
- {apiVersion: v1, kind: Service, metadata: {name: side}, spec: {selector: {app: side}}}
- {apiVersion: v1, kind: Service, metadata: {name: other}, spec: {selector: {app: other}}}
- {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: late}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: all},
   data: {CACHE: "redis://cache:6379", OTHER: "http://other"}}
- {apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {url: "https://paid/x"}}
- apiVersion: policy/v1
  kind: PodDisruptionBudget
  metadata: {name: back}
  spec:
    maxUnavailable: 30%
    selector:
      matchExpressions: [{key: tier, operator: In, values: [back]}, {key: x, operator: DoesNotExist}]
- {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: lost},
   spec: {minAvailable: 1, selector: {matchLabels: {app: nobody}}}}
- {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: load},
   spec: {scaleTargetRef: {name: [nobody]}}}
- {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: front}}
"""


def test_what_a_cluster_holds_is_read_by_names_and_what_is_not_read_is_said(tmp_path):
    found = drafted(tmp_path, CLUSTER)
    assert needs(found) == {
        "web": (1, None, {"store-v2", "outside", "cache", "paid"}),
        "store-v2": (3, None, set()),
        "cache": (5, 3, set()),
        "outside": (1, None, set()),
        "paid": (1, None, set()),
    }
    for said in (
        "idle runs in no copy",
        "disruption budget lost is of no part",
        "autoscaler load is of no part",
        "Not read: 1 Ingress, 1 Service of serving.knative.dev.",
        "outside is needed and not described",
    ):
        assert any(said in remark for remark in found.remarks)


def test_a_part_that_names_itself_alone_needs_nothing(tmp_path):
    found = drafted(tmp_path, MANIFESTS.replace("cart.default", "shop.default").split("---")[0])
    assert found.remarks == []
    named = """---
apiVersion: v1
kind: Service
metadata: {name: me}
spec: {selector: {app: me}}
---
apiVersion: v1
kind: Pod
metadata: {name: me, labels: {app: me}}
spec: {containers: [{args: [--join=me:80]}]}
"""
    assert drafted(tmp_path, named).remarks == []


def made(kind, name, owner_kind, owner):
    owners = f"[{{kind: {owner_kind}, name: {owner}}}]"
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, ownerReferences: {owners}}}\nspec: {{}}\n"
    )


def test_what_a_cluster_made_of_a_workload_is_no_part_of_its_own(tmp_path):
    web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"
    found = written(
        tmp_path,
        web,
        made("ReplicaSet", "web-5d", "Deployment", "web"),
        made("Pod", "web-5d-a", "ReplicaSet", "web-5d"),
        made("Pod", "web-6e-a", "ReplicaSet", "web-6e"),
        made("Pod", "night-a", "Job", "night"),
        made("Pod", "lone-0", "StatefulSet", "lone"),
        made("Pod", "lone-1", "StatefulSet", "lone"),
        made("Pod", "proxy", "Node", "machine"),
    )
    assert needs(found) == {
        "web": (2, None, set()),
        "lone": (2, None, set()),
        "proxy": (1, None, set()),
    }
    assert any("others here have made are left out: 4" in remark for remark in found.remarks)


def test_a_list_of_one_kind_names_it_once(tmp_path):
    found = drafted(
        tmp_path,
        "{kind: DeploymentList, apiVersion: apps/v1, items: [{metadata: {name: web}, spec: {replicas: 2}}]}",
    )
    assert needs(found) == {"web": (2, None, set())}


def entity(kind, name, **spec):
    return (
        f"---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {json.dumps(name)}\n"
        f"spec: {json.dumps(spec)}\n"
    )


def test_a_catalogue_is_read_by_kind_namespace_and_name(tmp_path):
    store = {"name": "store", "namespace": "data"}
    found = drafted(
        tmp_path,
        entity(
            "Component",
            {"name": "web"},
            dependsOn=[
                "Component:Default/Lib",
                "resource:data/Store",
                "resource:db",
                "api:pay",
                "component:a/db",
            ],
        )
        + entity("Component", {"name": "lib"}, type="library", dependsOn="resource:cache")
        + entity("Resource", store, dependencyOf=["component:default/later"])
        + entity("Component", {"name": "db"}, providesApis=["pay"])
        + entity("Resource", {"name": "db"})
        + entity("Resource", {"name": "cache"})
        + "---\n{apiVersion: scaffolder.backstage.io/v1beta3, kind: Template, spec: {x: '${{ v.y }}'}}\n",
    )
    assert {name: set(part.needs) for name, part in found.parts.items()} == {
        "web": {"store", "db", "db resource", "cache"},
        "store": set(),
        "db": set(),
        "db resource": set(),
        "cache": set(),
        "later": {"store"},
    }
    for said in (
        "Several are called db: one stands as db resource",
        'component:a/db" is described in another namespace only: db is taken',
        "Not read: 1 Template.",
    ):
        assert any(said in remark for remark in found.remarks)


def test_a_circle_in_a_catalogue_is_opened_and_said(tmp_path):
    found = drafted(
        tmp_path,
        entity("Component", {"name": "a"}, dependsOn=["component:b"])
        + entity("Component", {"name": "b"}, dependsOn=["component:c"])
        + entity("Component", {"name": "c"}, dependsOn=["component:b", "component:d"]),
    )
    assert {name: part.needs for name, part in found.parts.items()} == {
        "a": ["b"],
        "b": ["c"],
        "c": ["d"],
        "d": [],
    }
    assert any("in a circle, b > c > b: the last of these needs is left out" in one for one in found.remarks)


def test_a_table_as_a_spreadsheet_writes_it(tmp_path):
    table = (
        '\ufeffsep=;\r\nCOMPONENT NAME;"Depends\r\non";QTY;MTBF (h);MTTR [h];"Owner\r\n(person)"\r\n'
        'Web;"DB\r\nCache; Mail";2;900;2;Ann\r\ndb;-;n/a;–;;\r\nMail\r\n;;;;;\r\n'
    )
    found = drafted(tmp_path, table, "parts.CSV")
    assert needs(found) == {
        "Web": (2, None, {"db", "Cache", "Mail"}),
        "db": (1, None, set()),
        "Mail": (1, None, set()),
        "Cache": (1, None, set()),
    }
    assert found.parts["Web"].figures == {"mtbf_hours": "900", "mttr_hours": "2"}
    assert "Columns that were not used: owner person." in found.remarks
    (tmp_path / "out.yaml").write_text(found.as_yaml("Shop"), encoding="utf-8")
    assert set(read_system(tmp_path / "out.yaml").journeys) == {"Web"}


def test_the_file_that_is_wrong_is_named_and_of_many_only_some(tmp_path, capsys):
    for name in "abcde":
        (tmp_path / f"{name}.yaml").write_text("services: {a: {}}")
    (tmp_path / "d.yaml").write_text("services: {a: {links: [a]}, b: {scale: x}}")
    assert main(["draft", *(str(tmp_path / f"{name}.yaml") for name in "abcde")]) == 2
    assert "a.yaml, b.yaml, c.yaml and 2 more: the copies of 'b'" in capsys.readouterr().err
    (tmp_path / "d.yaml").write_text("a: [1")
    assert main(["draft", *(str(tmp_path / f"{name}.yaml") for name in "abcde")]) == 2
    said = capsys.readouterr().err
    assert "d.yaml: this is no YAML" in said
    assert "a.yaml" not in said


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
        ("services: {a: {extends: b}, b: {extends: a}}", "a.yaml", "'a' extends itself; take one"),
        ("services: {a: {extends: b}}", "a.yaml", "'a' extends 'b', which is not there; mend the name"),
        (
            "services:\n" + "".join(f"  s{i}: {{extends: s{i + 1}}}\n" for i in range(300)) + "  s300: {}\n",
            "a.yaml",
            "'s0' extends over 100 others in a row; write them together",
        ),
        ("include: [b.yaml]", "a.yaml", "includes others and no more, b.yaml; give what `docker compose"),
        ("resources: [b.yaml]", "a.yaml", "kubectl kustomize"),
        (
            MANIFESTS + "---\nservices: {a: {}}",
            "a.yaml",
            "manifests of Kubernetes and a Compose file; draft one",
        ),
        ("services: {a: {deploy: {replicas: 0}}}", "a.yaml", "no part in a Compose file; give a file that"),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}", "a.yaml", "no part in manifests of"),
        ("apiVersion: x/v1\nkind: Route\n", "a.yaml", "that runs. Not read: 1 Route."),
        ('apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Name }}"}', "a.yaml", "helm template"),
        ('services: {a: {scale: "{{ copies }}"}}', "a.yaml", "this is a template"),
        ("a:\n{{- if .b }}\n  c: 1\n{{- end }}\n", "a.yaml", "helm template"),
        ("{% if a %}\nservices: {}\n{% endif %}", "a.yaml", "this is a template"),
        (
            entity("Component", {"name": "a"}, dependsOn={"b": 1}),
            "a.yaml",
            "dependsOn of 'a' lists names; write",
        ),
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
        ('name,Availability (%)\na,"99,9 %"\n', "a.csv", "for 99.9 % write 0.999"),
        ("name;mtbf_hours;mttr_hours\na;8.760,5;1\n", "a.csv", "not '8.760,5': write 8760.5"),
        ("Parts 2026,,\nname,needs\n", "a.csv", "the first line has: parts 2026."),
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
