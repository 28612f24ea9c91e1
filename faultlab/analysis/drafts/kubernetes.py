"""A draft from manifests of Kubernetes: what runs in how many copies, whose address is in whose settings."""

from __future__ import annotations

import math
import re
from typing import Any

from faultlab.analysis.drafts.parts import (
    Draft,
    Part,
    count_of,
    list_of,
    mapping_of,
    name_of,
    named_in,
    quoted,
    refuse_twice,
    say_unread,
    without,
)
from faultlab.errors import BadInput

WORKLOADS = (
    *("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Pod"),
    *("DeploymentConfig", "Rollout"),  # of OpenShift and of Argo
)
MADE = ("Pod", "ReplicaSet", "ReplicationController")
"""What a cluster makes from other workloads."""
NO_ADDRESS = (
    *("name", "image", "labels", "affinity", "nodeSelector", "tolerations", "topologySpreadConstraints"),
    *("resources", "mountPath", "path", "subPath", "workingDir", "serviceAccount", "serviceAccountName"),
    *("claimName", "securityContext"),
)
"""Fields of a pod whose texts name no other part."""

KUSTOMIZATION = "this is a kustomization; give what `kubectl kustomize` makes of it."
_HOST = re.compile(r"(?<![\w.-])([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?(?=[:./,;\s\"'@]|$)")


def of_kubernetes(documents: list[dict[str, Any]]) -> Draft:
    """Draft from manifests.

    Raises
    ------
    BadInput
        Where a manifest has no name, a number is none, or it is a kustomization.

    Examples
    --------
    >>> web = {"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3}}
    >>> of_kubernetes([web]).parts["web"].copies
    3
    """
    found = Draft("manifests of Kubernetes", may_go_round=True)
    if any(str(one.get("apiVersion")).startswith("kustomize.config.k8s.io") for one in documents):
        raise BadInput(KUSTOMIZATION)
    kinds: dict[str, list[dict]] = {}
    for one in documents:
        kind, group = str(one.get("kind")), str(one.get("apiVersion")).rpartition("/")[0]
        kinds.setdefault(f"Service of {group}" if kind == "Service" and group else kind, []).append(one)
    pods = _workloads(kinds, found)
    _autoscaled(kinds.pop("HorizontalPodAutoscaler", ()), found)
    for one in kinds.pop("PodDisruptionBudget", ()):
        spec = mapping_of(one.get("spec"))
        selector = mapping_of(spec.get("selector"))
        kept = _selected(selector.get("matchLabels"), pods, list_of(selector.get("matchExpressions")))
        for name in kept:
            if name in found.parts:
                found.parts[name].enough = _kept(spec, found.parts[name].copies, name)
        if not kept:
            found.remarks.append(f"The disruption budget {quoted(named_in(one))} is of no part here.")
    addresses = {
        named_in(one): _selected(mapping_of(one.get("spec")).get("selector"), pods) or [named_in(one)]
        for one in kinds.pop("Service", ())
    }
    maps = {("configMap", named_in(one)): mapping_of(one.get("data")) for one in kinds.pop("ConfigMap", ())}
    for one in kinds.pop("Secret", ()):
        maps["secret", named_in(one)] = mapping_of(one.get("stringData"))
    for name, part in found.parts.items():
        for text in _settings(pods[name], maps):
            for host, after in _HOST.findall(text):  # web.shop, or of one pod: web-0.web.shop
                known = host if host in addresses or not re.search(r"-\d+$", host) else after
                part.needs += [
                    one for one in addresses.get(known, ()) if one in found.parts or one not in pods
                ]
    batch = [named_in(one) for kind in ("Job", "CronJob") for one in kinds.pop(kind, ())]
    if batch:
        found.remarks.append(f"Jobs are left out: {', '.join(batch[:5])}{', ...' if len(batch) > 5 else ''}.")
    say_unread(kinds, found)
    return without(found, (), "Needs were told by addresses in settings: take out what is not needed.")


def _workloads(kinds, found):
    """Make parts of what runs; the pod of each by its name, also of what runs in no copy."""
    described = {(kind, named_in(one)) for kind, ones in kinds.items() for one in ones if _labelled(one)}
    pods: dict[str, dict] = {}
    made = 0
    for kind in [kind for kind in kinds if kind in WORKLOADS]:
        for one in kinds.pop(kind):
            maker = _maker(one) if kind in MADE else None
            if maker and (maker in described or maker[0] == "Job" or _maker_of_maker(maker) in described):
                made += 1
            elif maker and maker[1] in found.parts:
                found.parts[maker[1]].copies += 1
            else:
                _add_workload(kind, one, maker[1] if maker else named_in(one), pods, found)
    if made:
        found.remarks.append(f"Pods and the like that others here have made are left out: {made}.")
    return pods


def _labelled(one):
    return bool(mapping_of(one.get("metadata")).get("name"))


def _maker(one):
    """Kind and name of what made a pod, or None where somebody wrote it."""
    for owner in map(mapping_of, list_of(mapping_of(one.get("metadata")).get("ownerReferences"))):
        if owner.get("name") and owner.get("kind") != "Node":
            return str(owner.get("kind")), name_of(owner["name"])
    return None


def _maker_of_maker(maker):
    """The Deployment behind a set of its copies, told by the name: web-5d4f7 is of web."""
    return ("Deployment", maker[1].rpartition("-")[0]) if maker[0] == "ReplicaSet" else None


def _add_workload(kind, one, name, pods, found):
    spec = mapping_of(one.get("spec"))
    refuse_twice(pods, {name: None}, kind)
    pod = pods[name] = one if kind == "Pod" else mapping_of(spec.get("template"))
    said = None if kind in ("Pod", "DaemonSet") else spec.get("replicas")
    copies = 1 if said is None else count_of(said, f"replicas of {name!r}")
    if kind == "DaemonSet":
        found.remarks.append(f"{quoted(name)} runs on every machine; it stands as one part.")
    if not copies:
        found.remarks.append(f"{quoted(name)} runs in no copy and is left out.")
        return
    inside = mapping_of(pod.get("spec"))
    apart = "podAntiAffinity" in mapping_of(inside.get("affinity"))
    spread = bool(inside.get("topologySpreadConstraints")) or apart
    found.parts[name] = Part(name, copies=copies, spread=spread)


def _autoscaled(scalers, found):
    """Of what is scaled by load, the copies that there are at least."""
    for one in scalers:
        spec = mapping_of(one.get("spec"))
        target, least = str(mapping_of(spec.get("scaleTargetRef")).get("name")), spec.get("minReplicas")
        if target in found.parts:
            least = 1 if least is None else count_of(least, f"minReplicas of {target!r}")
            found.parts[target].copies = max(1, least)
        else:
            found.remarks.append(f"The autoscaler {quoted(named_in(one))} is of no part here.")


def _selected(labels, pods, expressions=()):
    """The workloads that a selector means."""
    wanted = mapping_of(labels).items()
    return [
        name
        for name, labelled in ((name, _labels(pod)) for name, pod in pods.items())
        if (wanted or expressions)
        and wanted <= labelled.items()
        and all(_holds(mapping_of(one), labelled) for one in expressions)
    ]


def _labels(pod):
    return mapping_of(mapping_of(pod.get("metadata")).get("labels"))


def _holds(expression, labels):
    """Whether labels are as one of `matchExpressions` wants them."""
    key, operator, values = (expression.get(word) for word in ("key", "operator", "values"))
    found = key in labels if isinstance(key, str) else False
    if operator in ("In", "NotIn"):
        found = found and labels[key] in list_of(values)
    return found == (operator in ("In", "Exists"))


def _kept(spec, copies, name):
    """How many copies a disruption budget keeps, at least one."""
    for key in ("minAvailable", "maxUnavailable"):
        said = spec.get(key)
        if said is None:
            continue
        share = re.fullmatch(r"(\d+)%", str(said))
        count = math.ceil(int(share[1]) * copies / 100) if share else count_of(said, f"{key} of {name!r}")
        return min(copies, max(1, count if key == "minAvailable" else copies - count))
    return None


def _settings(pod, maps):
    """All texts that a pod is given: its settings, its arguments, and the maps that it names."""
    waiting = [mapping_of(pod.get("spec"))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [value for key, value in one.items() if key not in NO_ADDRESS]
            for room in ("configMap", "secret"):
                for key in (room, f"{room}Ref", f"{room}KeyRef"):
                    of = mapping_of(one.get(key))
                    held = maps.get((room, str(of.get("name") or of.get("secretName"))), {})
                    whole = not key.endswith("KeyRef")
                    waiting += [text for entry, text in held.items() if whole or entry == of.get("key")]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield one
