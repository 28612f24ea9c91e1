"""Published outages of Microsoft Azure as fault trees, and what one more barrier would have changed.

Each gate names the report that it was read in. The reports give no probabilities: those are bets, and
`always_at_least_as_good` finds the conclusions that hold under any bets.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from faultlab.analysis import AND, AT_LEAST, NOT, OR, FaultTree, solve
from faultlab.errors import BadInput

EVEN_BET = 0.1


@dataclass(frozen=True)
class Outage:
    """An outage as its report tells it.

    Attributes
    ----------
    title : str
    began, ended : datetime
        In UTC; `ended` is when the report says that service was whole again. None where it was not read.
    gates : dict
        From name to Gate; the first is the top. Names are the words to show.
    sources : dict
        From every gate to where it was read.
    assumed : frozenset
        Events that the report does not tell: they are there so that a layer can also fail on its own.
    note : str
        What the tree leaves out.
    """

    title: str
    began: datetime
    ended: datetime | None
    gates: dict
    sources: dict
    assumed: frozenset = frozenset()
    note: str = ""

    @property
    def top(self):
        """The top event's name."""
        return next(iter(self.gates))

    @property
    def events(self):
        """The basic events in the order in which the tree names them."""
        names = [one for gate in self.gates.values() for one in gate.inputs]
        return tuple(dict.fromkeys(name for name in names if name not in self.gates))


def _utc(*parts):
    return datetime(*parts, tzinfo=UTC)


_LEAP = "azure.microsoft.com/en-us/blog/summary-of-windows-azure-service-disruption-on-feb-29th-2012/"
_STORAGE = "azure.microsoft.com/en-us/blog/update-on-azure-storage-service-interruption/"
_MFA = "theregister.com/2018/11/27/microsoft_azure_outage_postmortem/"
_KEY = "learn.microsoft.com/en-us/answers/questions/315440/sticky-azure-authentication-and-portal-outage.html"
_WAN = "status.leanix.net/incidents/gqytsz121wy5"
_SYDNEY = "Microsoft's post-incident review, as quoted by Reseller News (reseller.co.nz)"
_DOOR = "azure.status.microsoft/status/history/?trackingId=YKYN-BWZ"

OUTAGES = {
    "leap day 2012": Outage(
        "Leap day",
        _utc(2012, 2, 29, 0, 0),
        _utc(2012, 3, 1, 10, 15),
        {
            "customers lose servers": OR("first wave", "second wave"),
            "first wave": AND(
                "invalid certificate", "three time-outs mark a server faulty", "healing moves the machine"
            ),
            "invalid certificate": AND("expiry is the date plus one year", "it is 29 February"),
            "second wave": AND(
                "package with an unfit network plug-in", "no test of connections", "fast roll-out"
            ),
        },
        dict.fromkeys(("customers lose servers", "first wave", "invalid certificate", "second wave"), _LEAP),
        note="The second wave was the mending of the first: seven clusters from 10:47 UTC on.",
    ),
    "Storage 2014": Outage(
        "Storage",
        _utc(2014, 11, 19, 0, 51),
        _utc(2014, 11, 19, 11, 45),
        {
            "front ends loop for ever": AND("loop bug in the front ends", "exposed everywhere"),
            "exposed everywhere": AND("configuration is switched on", "not in increments"),
        },
        dict.fromkeys(("front ends loop for ever", "exposed everywhere"), _STORAGE),
        note="The health dashboard stood on Storage too: for three hours it could not tell customers.",
    ),
    "MFA 2018": Outage(
        "Multi-factor authentication",
        _utc(2018, 11, 19),
        None,
        {
            "sign-in fails for hours": AND("requests are no longer served", "gap in telemetry"),
            "requests are no longer served": AND("front ends restart", "back-end processes pile up"),
            "front ends restart": AND("cache latency above the load threshold", "race in handling replies"),
        },
        dict.fromkeys(
            ("sign-in fails for hours", "requests are no longer served", "front ends restart"), _MFA
        ),
        note="It lasted 14 hours; only the date of its beginning was read.",
    ),
    "Azure AD 2021": Outage(
        "Azure Active Directory",
        _utc(2021, 3, 15, 19, 0),
        _utc(2021, 3, 16, 9, 25),
        {
            "tokens are rejected": AND("key in use is removed", "clients trust published keys only"),
            "key in use is removed": AND(
                "key must be kept longer", "automation ignores the mark", "staged protection not yet there"
            ),
        },
        dict.fromkeys(("tokens are rejected", "key in use is removed"), _KEY),
        note="Keys went back at 21:05 UTC; caches made it last. Another account says 09:37 for the end.",
    ),
    "WAN 2023": Outage(
        "Wide area network",
        _utc(2023, 1, 25, 7, 8),
        _utc(2023, 1, 25, 12, 43),
        {
            "connections lost until noon": AND("all routers recompute", "repair automation is paused"),
            "all routers recompute": AND("command differs by device", "not fully qualified on that router"),
        },
        dict.fromkeys(("connections lost until noon", "all routers recompute"), _WAN),
        note="Most regions were back by 09:05 UTC; the pause made the tail. The first report said 07:05.",
    ),
    "Australia East 2023": Outage(
        "Australia East",
        _utc(2023, 8, 30, 8, 41),
        None,
        {
            "data hall too hot": AND("cooling too weak", "not restarted in time"),
            "cooling too weak": AT_LEAST(3, *(f"chiller {i} is off" for i in range(1, 8))),
            **{f"chiller {i} is off": OR("voltage sag", f"chiller {i} fails alone") for i in range(1, 6)},
            **{f"chiller {i} is off": OR(f"chiller {i} does not start") for i in (6, 7)},
            "not restarted in time": AND("pumps send no run signal", "three people at night"),
        },
        dict.fromkeys(
            (
                "data hall too hot",
                "cooling too weak",
                *(f"chiller {i} is off" for i in range(1, 8)),
                "not restarted in time",
            ),
            _SYDNEY,
        ),
        frozenset(f"chiller {i} fails alone" for i in range(1, 6)),
        "Five chillers ran and two stood by; that five of seven are needed is read from these counts. "
        "One account says 08:30 UTC for the sag.",
    ),
    "Front Door 2025": Outage(
        "Front Door, 29 October",
        _utc(2025, 10, 29, 15, 41),
        _utc(2025, 10, 30, 0, 5),
        {
            "edge servers crash everywhere": AND(
                "harmful configuration", "released everywhere", "no way back"
            ),
            "harmful configuration": AND(
                "valid changes in an unlucky order", "two builds of the control plane"
            ),
            "released everywhere": OR("crash comes after the health check", "health gate fails alone"),
            "no way back": OR("crash comes after the health check", "last known good is bad alone"),
        },
        dict.fromkeys(
            ("edge servers crash everywhere", "harmful configuration", "released everywhere", "no way back"),
            _DOOR,
        ),
        frozenset({"health gate fails alone", "last known good is bad alone"}),
        "Both protections asked the same question too early: that is their common cause.",
    ),
}


def outage_tree(outage, bets=None):
    """Return an outage's fault tree with bets in place of the probabilities that no report gives.

    Parameters
    ----------
    outage : Outage
    bets : dict, optional
        From event to probability; events without a bet get the same, one in ten.

    Returns
    -------
    FaultTree
    """
    bets = bets or {}
    for name in bets:
        if name not in outage.events:
            raise BadInput(
                f"{outage.title!r} has no event {name!r}; its events are {', '.join(outage.events)}."
            )
    events = {name: bets.get(name, EVEN_BET) for name in outage.events}
    return FaultTree(outage.top, outage.gates, events)


def with_barrier(tree, guarded, fails=EVEN_BET):
    """Return a tree in which an event or gate only has its effect where one more barrier fails too.

    Parameters
    ----------
    tree : FaultTree
    guarded : str
        An event or a gate, wherever it is used.
    fails : float
        The probability that the barrier does not hold.
    """
    if guarded not in tree.gates and guarded not in tree.events:
        raise BadInput(f"the tree has no event or gate {guarded!r}; a barrier stands before one of them.")
    behind = f"{guarded}, barrier fails too"
    gates = {
        name: type(gate)(gate.kind, tuple(behind if one == guarded else one for one in gate.inputs), gate.k)
        for name, gate in tree.gates.items()
    }
    gates[behind] = AND(guarded, BARRIER)
    top = behind if guarded == tree.top else tree.top
    return FaultTree(top, gates, {**tree.events, BARRIER: fails}, tree.house)


BARRIER = "the new barrier fails"


@dataclass(frozen=True)
class BarrierWorth:
    """What one more barrier changes: the top event's probability before and after."""

    guarded: str
    before: float
    after: float


def barriers_ranked(tree, fails=EVEN_BET):
    """Return what one more barrier before each event would change, the best first.

    Examples
    --------
    >>> barriers_ranked(outage_tree(OUTAGES["Front Door 2025"]))[0].guarded
    'valid changes in an unlucky order'
    """
    before = solve(tree).probability()[0]
    found = [
        BarrierWorth(name, before, solve(with_barrier(tree, name, fails)).probability()[0])
        for name in tree.events
    ]
    return sorted(found, key=lambda one: one.after)


def always_at_least_as_good(tree, one, other):
    """Whether a barrier before `one` is at least as good as the same before `other`, under any bets.

    True when every combination of events that still gets past the first barrier also gets past the
    second. That is decided exactly, for all combinations at once.

    Examples
    --------
    >>> tree = outage_tree(OUTAGES["leap day 2012"])
    >>> always_at_least_as_good(tree, "first wave", "it is 29 February")
    True
    >>> always_at_least_as_good(tree, "first wave", "second wave")
    False
    """
    guarded, alike = with_barrier(tree, one), with_barrier(tree, other)
    gates = {f"first: {name}": _renamed(gate, guarded, "first: ") for name, gate in guarded.gates.items()}
    gates |= {f"second: {name}": _renamed(gate, alike, "second: ") for name, gate in alike.gates.items()}
    gates["only the first is passed"] = AND(f"first: {guarded.top}", NOT(f"second: {alike.top}"))
    # With every event at one half each combination counts, so the sum is zero only if there is none.
    even = dict.fromkeys(guarded.events, 0.5)
    both = FaultTree("only the first is passed", gates, even, tree.house)
    return solve(both).probability()[0] == 0.0


def _renamed(gate, tree, prefix):
    inputs = tuple(prefix + one if one in tree.gates else one for one in gate.inputs)
    return type(gate)(gate.kind, inputs, gate.k)
