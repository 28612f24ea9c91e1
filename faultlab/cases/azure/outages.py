"""Published outages of Microsoft Azure as fault trees; each names the reports that it was read in.

The reports give no probabilities. Those are bets, and `faultlab.cases.azure.barriers` finds the conclusions
that hold under any bets. Times are in UTC. A tree says what came together, and blames nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from faultlab.analysis.engine import AND, AT_LEAST, OR, Gate
from faultlab.analysis.fault_trees import FaultTree
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
    source : str
        Where its gates were read.
    assumed : frozenset
        Events and gates that no report tells: a layer that fails on its own, or a number of ours.
    certain : frozenset
        Events that are taken as they were: a date, a rule of the protocol. They are house events.
    note : str
        What the tree leaves out, and where reports differ.
    """

    title: str
    began: datetime
    ended: datetime | None
    gates: dict[str, Gate]
    source: str
    assumed: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    note: str = ""

    @property
    def top(self) -> str:
        """The top event's name."""
        return next(iter(self.gates))

    @property
    def events(self) -> tuple[str, ...]:
        """The basic events in the order in which the tree names them."""
        names = [str(one) for gate in self.gates.values() for one in gate.inputs]
        return tuple(dict.fromkeys(one for one in names if one not in self.gates and one not in self.certain))


def _utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


_ALONE = tuple(f"chiller {i} fails alone" for i in range(1, 6))

OUTAGES = {
    "Leap day 2012": Outage(
        "Compute, leap day",
        _utc(2012, 2, 29, 0, 0),
        _utc(2012, 3, 1, 10, 15),
        {
            "customers lose servers": OR("first wave", "second wave"),
            "first wave": AND(
                "no new machine can start",
                "software fault is read as broken hardware",
                "healing moves machines on",
            ),
            "second wave": AND(
                "no new machine can start",
                "package with an unfit network plug-in",
                "no test of connections",
                "rolled out at full speed",
            ),
            "no new machine can start": AND("expiry is today plus one year", "it is 29 February"),
        },
        "azure.microsoft.com/en-us/blog/summary-of-windows-azure-service-disruption-on-feb-29th-2012/",
        certain=frozenset({"it is 29 February"}),
        note="The second wave came with the fix for the first: seven clusters, from 10:47 UTC on.",
    ),
    "Storage 2014": Outage(
        "Storage",
        _utc(2014, 11, 19, 0, 51),
        _utc(2014, 11, 19, 11, 45),
        {
            "storage stops in most regions": AND("blob front ends loop", "setting goes everywhere at once"),
            "blob front ends loop": AND(
                "latent bug in blob front ends", "trial ran on table front ends only"
            ),
            "setting goes everywhere at once": AND("steps are left out", "tool does not enforce the steps"),
        },
        "azure.microsoft.com/en-us/blog/update-on-azure-storage-service-interruption/; "
        "azure.microsoft.com/en-us/blog/final-root-cause-analysis-and-improvement-areas-nov-18-azure-storage-"
        "service-interruption/",
        note="The health dashboard ran on Storage too, so for three hours it couldn't inform customers.",
    ),
    "MFA 2018": Outage(
        "Multi-factor authentication",
        _utc(2018, 11, 19),
        None,
        {
            "sign-in fails for hours": AND("back end is exhausted", "monitoring shows no fault"),
            "back end is exhausted": AND("front ends restart", "back-end processes pile up"),
            "front ends restart": AND("cache answers slowly", "update brings a race condition"),
            "cache answers slowly": AND("update brings slow connections", "morning peak"),
            "update brings slow connections": OR("update with both bugs passes tests"),
            "update brings a race condition": OR("update with both bugs passes tests"),
        },
        "theregister.com/2018/11/27/microsoft_azure_outage_postmortem/; "
        "securityweek.com/microsoft-details-cause-recent-multi-factor-authentication-outage/",
        note="It lasted 14 hours; our source gives only its date. The report calls the three causes "
        "independent; two of them came with one update.",
    ),
    "Azure AD 2021": Outage(
        "Azure Active Directory",
        _utc(2021, 3, 15, 19, 0),
        _utc(2021, 3, 16, 9, 25),
        {
            "tokens are rejected": AND("key in use is removed", "clients trust published keys only"),
            "key in use is removed": AND(
                "key must be kept for longer",
                "automation ignores the mark",
                "staged protection not there yet",
            ),
        },
        "learn.microsoft.com/en-us/answers/questions/315440/sticky-azure-authentication-and-portal-outage.html",
        certain=frozenset({"clients trust published keys only"}),
        note="Metadata went back at 21:05 UTC; caches made it last. Another account says 09:37 for the end.",
    ),
    "WAN 2023": Outage(
        "Wide area network",
        _utc(2023, 1, 25, 7, 8),
        _utc(2023, 1, 25, 12, 43),
        {
            "packets are lost until noon": AND(
                "all routers recompute at once", "repair automation is paused"
            ),
            "all routers recompute at once": AND(
                "command differs by device", "not qualified for that router"
            ),
        },
        "status.leanix.net/incidents/gqytsz121wy5",
        note="Most regions were back by 09:05 UTC; the paused repair automation and two routers delayed the "
        "rest. The first report said 07:05 and 09:00.",
    ),
    "Australia East 2023": Outage(
        "Australia East, one data centre",
        _utc(2023, 8, 30, 8, 41),
        None,
        {
            "data halls too hot": AND("cooling too weak", "not restarted in time"),
            "cooling too weak": AT_LEAST(
                3,
                *(f"chiller {i} stops" for i in range(1, 6)),
                "standby 6 stays off",
                "standby 7 trips again",
            ),
            **{f"chiller {i} stops": OR("voltage sag", _ALONE[i - 1]) for i in range(1, 6)},
            "not restarted in time": AND("pumps get no run signal", "too few people on site at night"),
        },
        "Microsoft's post-incident review, as quoted by reseller.co.nz/article/708608 and wizit.com.au",
        assumed=frozenset({*_ALONE, "standby 6 stays off", "cooling too weak"}),
        note="Five chillers were running and two were on standby; one of those two stayed up. That "
        "five of seven must run is our reading of those counts. One account says 08:30 UTC for the sag.",
    ),
    "Front Door 9 October 2025": Outage(
        "Front Door, 9 October",
        _utc(2025, 10, 9, 7, 50),
        _utc(2025, 10, 9, 16, 0),
        {
            "edge servers crash": AND("harmful metadata", "it gets past the protection"),
            "harmful metadata": AND(
                "defect in the new control plane",
                "rare order of profile updates",
                "crash bug in the edge servers",
            ),
            "it gets past the protection": OR("clean-up goes around it", "protection fails on its own"),
        },
        "azure.status.microsoft/status/history/?trackingId=QNBQ-5W8",
        assumed=frozenset({"protection fails on its own"}),
        note="The protection layer had worked; the clean-up afterwards did not pass through it. Availability "
        "was back at 12:50 UTC, latency at 16:00.",
    ),
    "Front Door 29 October 2025": Outage(
        "Front Door, 29 October",
        _utc(2025, 10, 29, 15, 41),
        _utc(2025, 10, 30, 0, 5),
        {
            "edge is down for hours": AND(
                "harmful metadata", "tests skip mixed builds", "stages let it through", "no clean way back"
            ),
            "harmful metadata": AND(
                "rare order of valid changes", "two builds side by side", "crash bug in the edge servers"
            ),
            "stages let it through": OR("crash comes after the health check", "stage gate fails on its own"),
            "no clean way back": OR("crash comes after the health check", "last good copy is bad anyway"),
        },
        "azure.status.microsoft/status/history/?trackingId=YKYN-BWZ",
        assumed=frozenset({"stage gate fails on its own", "last good copy is bad anyway"}),
        note="The crash came minutes after the health check had passed. So the stages let it through, and it "
        "was saved as last known good: one cause for both.",
    ),
}


def outage_tree(outage: Outage, bets: dict[str, float] | None = None) -> FaultTree:
    """Return an outage's fault tree with bets in place of the probabilities that no report gives.

    Parameters
    ----------
    outage : Outage
    bets : dict, optional
        From event to probability; events without a bet get the same, one in ten.

    Returns
    -------
    FaultTree

    Raises
    ------
    BadInput
        For a bet on something that is no event of the outage.

    Examples
    --------
    >>> outage_tree(OUTAGES["Storage 2014"]).top
    'storage stops in most regions'
    """
    bets = bets or {}
    for name in bets:
        if name not in outage.events:
            raise BadInput(
                f"{outage.title!r} has no event {name!r}; its events are {', '.join(outage.events)}."
            )
    events = {name: bets.get(name, EVEN_BET) for name in outage.events}
    return FaultTree(outage.top, outage.gates, events, dict.fromkeys(sorted(outage.certain), True))
