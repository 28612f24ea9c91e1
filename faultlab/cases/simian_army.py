"""What else Netflix broke on purpose, and the principles that came of it, each with its source."""

from dataclasses import dataclass

ARMY_SOURCE = "Netflix/SimianArmy (retired), chaos.properties and wiki page The Chaos Monkey Army"
PRINCIPLES_SOURCE = "reported after principlesofchaos.org"


@dataclass(frozen=True)
class ChaosKind:
    """A way in which the Simian Army's Chaos Monkey could break an instance.

    `key` is its name in chaos.properties (simianarmy.chaos.KEY.enabled); `like` is what failure it stands
    for; `needs_login` is whether it runs a script on the instance.
    """

    key: str
    does: str
    like: str
    needs_login: bool = True
    source: str = ARMY_SOURCE


CHAOS_KINDS = (
    ChaosKind("shutdowninstance", "shuts the instance down", "a lost machine", needs_login=False),
    ChaosKind(
        "blockallnetworktraffic", "lets no traffic in or out", "a machine that is cut off", needs_login=False
    ),
    ChaosKind("detachvolumes", "takes the disks away", "failed storage", needs_login=False),
    ChaosKind("burncpu", "keeps the processors busy", "a noisy neighbour or a faulty processor"),
    ChaosKind("burnio", "keeps the disk busy", "a noisy neighbour or a faulty disk"),
    ChaosKind("filldisk", "fills the disk", "a log that nobody rotates"),
    ChaosKind("killprocesses", "kills the application every second", "a crash loop"),
    ChaosKind("nullroute", "cuts the network inside the cloud", "instances that can't reach each other"),
    ChaosKind("faildns", "blocks name resolution", "a failure of DNS"),
    ChaosKind("failec2", "makes the cloud's control unreachable", "a failure of the control plane"),
    ChaosKind("fails3", "makes object storage unreachable", "a failure of S3"),
    ChaosKind("faildynamodb", "makes the database service unreachable", "a failure of DynamoDB"),
    ChaosKind("networkcorruption", "corrupts packets", "a degraded network"),
    ChaosKind("networklatency", "delays packets by a second, give or take half", "a slow network"),
    ChaosKind("networkloss", "drops packets", "a lossy network"),
)


@dataclass(frozen=True)
class Principle:
    """A principle of chaos engineering, in our words."""

    name: str
    means: str
    source: str = PRINCIPLES_SOURCE


PRINCIPLES = (
    Principle("steady state", "Say first, in a number that customers feel, what well means."),
    Principle("real-world events", "Break what really breaks: machines, networks, dependencies, load."),
    Principle("in production", "Only the real system has the real traffic; go there when you are ready."),
    Principle("automate", "An experiment that was done once says how the system was on that day."),
    Principle("small blast radius", "Hit as few customers as will answer the question, and be able to stop."),
)
