"""Borg's job as a manifest: right by Kubernetes' own schemas, and every line that is told of is there."""

import copy

import pytest
import yaml

from faultlab.cases.borg.kubernetes import INHERITED, ServiceJob, kubernetes_manifest, manifest_text
from faultlab.errors import BadInput

WEB = ServiceJob("web", 4, 4.0, 12.0, 2.2, 8.5, 200)
REPORTS = ServiceJob("reports", 9, 0.25, 0.5, 0.1, 0.2, 112, notice=5)


@pytest.mark.parametrize("job", [WEB, REPORTS], ids=lambda job: job.name)
def test_kubernetes_own_schemas_take_it_and_refuse_what_is_wrong(job):
    judge = pytest.importorskip("kubernetes_validate", reason="needs kubernetes-validate, in the extra dev")
    for one in yaml.safe_load_all(manifest_text(kubernetes_manifest(job))):
        judge.validate(one, judge.latest_version(), strict=True)
        broken = copy.deepcopy(one)
        broken["spec" if "spec" in broken else "value"] = "four"
        with pytest.raises(judge.ValidationError):
            judge.validate(broken, judge.latest_version(), strict=True)


def test_production_asks_for_its_limits_and_others_for_their_reservations():
    resources = {}
    for job in (WEB, REPORTS):
        pod = kubernetes_manifest(job)[1]["spec"]["template"]["spec"]
        resources[job.name] = pod["containers"][0]["resources"]
    assert resources["web"]["requests"] == resources["web"]["limits"] == {"cpu": "4000m", "memory": "12288Mi"}
    assert resources["reports"] == {
        "requests": {"cpu": "100m", "memory": "205Mi"},
        "limits": {"cpu": "250m", "memory": "512Mi"},
    }


def test_every_line_that_has_an_ancestor_stands_in_the_manifest():
    text = manifest_text(kubernetes_manifest(WEB))
    for field, _, ancestor in INHERITED:
        assert field.rpartition(".")[2] in text
        assert ancestor
    assert "&id" not in text, "no YAML aliases, which people can't read"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "Web"}, "lower case"),
        ({"tasks": 0}, "whole number of tasks"),
        ({"cpu": 1.0}, "cpu reservation"),
        ({"memory_reserved": 0}, "memory reservation"),
        ({"priority": -1}, "priority"),
        ({"priority": 2_000_000_000}, "takes up to 1,000,000,000"),
    ],
)
def test_a_job_that_makes_no_sense_is_refused(change, says):
    with pytest.raises(BadInput, match=says):
        ServiceJob(**{**vars(WEB), **change})
