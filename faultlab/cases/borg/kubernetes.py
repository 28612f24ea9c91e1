"""A job of Borg's written for Kubernetes, its descendant, and what each line of it has inherited.

Kubernetes' fields are those of its API reference (apps/v1, policy/v1, scheduling.k8s.io/v1). The descent is
told in Burns, Grant, Oppenheimer, Brewer and Wilkes, "Borg, Omega, and Kubernetes", ACM Queue 14, 2016.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from faultlab.cases.borg.jobs import band, is_production
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

INHERITED = (
    ("replicas", "how many copies run", "a job and its tasks"),
    ("resources.limits", "what a copy may use at most", "a task's limit"),
    ("resources.requests", "what the scheduler sets aside", "production's limit, others' reservation"),
    ("priorityClassName", "who gives way to whom", "a priority in a band"),
    ("PriorityClass", "the priority as a number", "a band; in production nobody evicts, here one may"),
    ("topologySpreadConstraints", "copies in different zones", "spreading over failure domains"),
    ("PodDisruptionBudget", "how many copies may go at a time", "the limit on a job's disruptions"),
    ("terminationGracePeriodSeconds", "notice before the kill", "a signal to end (SIGTERM) before the kill"),
)
"""(field of the manifest, what it says, what it was in Borg)."""
_HIGHEST_PRIORITY = 10**9  # above it Kubernetes keeps priorities to itself
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,51}[a-z0-9])?")


@dataclass(frozen=True)
class ServiceJob:
    """One job, with the sizes of one task: cores and GiB.

    Attributes
    ----------
    name : str
        Lower case letters, digits and hyphens.
    tasks : int
    cpu, memory : float
        Limits.
    cpu_reserved, memory_reserved : float
        Reservations: what a task is expected to use.
    priority : int
        Of Borg, such as 200 for production; Kubernetes takes up to a billion.
    notice : int
        Seconds between SIGTERM and SIGKILL.
    """

    name: str
    tasks: int
    cpu: float
    memory: float
    cpu_reserved: float
    memory_reserved: float
    priority: int
    notice: int = 30

    def __post_init__(self):
        if not _NAME.fullmatch(self.name):
            raise BadInput(
                f"A job's name has up to 53 lower case letters, digits and hyphens, not {self.name!r}."
            )
        if (
            isinstance(self.tasks, bool)
            or not isinstance(self.tasks, int)
            or self.tasks < 1
            or self.notice < 0
        ):
            raise BadInput(
                f"Job {self.name} needs a whole number of tasks from 1, and a notice from 0 seconds."
            )
        for what in ("cpu", "memory"):
            limit, reserved = getattr(self, what), getattr(self, f"{what}_reserved")
            if not (0 < reserved <= limit < math.inf):
                raise BadInput(f"Job {self.name} needs a {what} reservation above 0 and up to its limit.")
        band(self.priority)
        if self.priority > _HIGHEST_PRIORITY:
            raise BadInput(
                f"Job {self.name} has the priority {self.priority}; Kubernetes takes up to "
                f"{_HIGHEST_PRIORITY:,}, and Borg's are far smaller."
            )


def kubernetes_manifest(job: ServiceJob) -> list[dict[str, Any]]:
    """Return a job as Kubernetes objects: PriorityClass, Deployment, PodDisruptionBudget.

    Production is scheduled by its limits, as in Borg: its requests are its limits. Others are scheduled by
    their reservations.

    Parameters
    ----------
    job : ServiceJob

    Returns
    -------
    list of dict

    Examples
    --------
    >>> web = ServiceJob("web", 4, cpu=4, memory=12, cpu_reserved=2.2, memory_reserved=8, priority=200)
    >>> [one["kind"] for one in kubernetes_manifest(web)]
    ['PriorityClass', 'Deployment', 'PodDisruptionBudget']
    >>> container = kubernetes_manifest(web)[1]["spec"]["template"]["spec"]["containers"][0]
    >>> container["resources"]["requests"]
    {'cpu': '4000m', 'memory': '12288Mi'}
    """
    of, labels = band(job.priority).replace(" ", "-"), {"app": job.name}
    limits = _quantities(job.cpu, job.memory)
    reserved = _quantities(job.cpu_reserved, job.memory_reserved)
    requests = dict(limits) if is_production(job.priority) else reserved
    container = {
        "name": job.name,
        "image": f"example.org/shop/{job.name}:1",
        "resources": {"requests": requests, "limits": limits},
    }
    pod = {
        "priorityClassName": f"{of}-{job.priority}",
        "terminationGracePeriodSeconds": job.notice,
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(labels)},
            }
        ],
        "containers": [container],
    }
    return [
        {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": f"{of}-{job.priority}"},
            "value": job.priority,
            "globalDefault": False,
            "description": f"The {band(job.priority)} band of Borg.",
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": job.name, "labels": dict(labels)},
            "spec": {
                "replicas": job.tasks,
                "selector": {"matchLabels": dict(labels)},
                "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
            },
        },
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": job.name},
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": dict(labels)}},
        },
    ]


def manifest_text(objects: Iterable[dict[str, Any]]) -> str:
    """Return Kubernetes objects as one YAML text.

    >>> print(manifest_text([{"kind": "A"}, {"kind": "B"}]), end="")
    kind: A
    ---
    kind: B
    """
    # Without aliases: a label that stands in three places is written three times.
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return yaml.dump_all(objects, Dumper=dumper, sort_keys=False)


def _quantities(cpu, memory):
    return {"cpu": f"{math.ceil(round(1000 * cpu, 6))}m", "memory": f"{math.ceil(round(1024 * memory, 6))}Mi"}
