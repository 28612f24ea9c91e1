"""What the owner of a service tells Chaos Monkey: how often, in which groups, and what to spare."""

from __future__ import annotations

from dataclasses import dataclass

from faultlab.errors import BadInput, is_whole

GROUPINGS = ("app", "stack", "cluster")


@dataclass(frozen=True)
class Exemption:
    """What an owner has opted out ("exception" in Chaos Monkey); "*" in a field matches everything.

    An empty stack or detail matches only clusters without one.
    """

    account: str
    stack: str = ""
    detail: str = ""
    region: str = "*"

    def matches(self, account: str, stack: str, detail: str, region: str) -> bool:
        """Whether it spares this cluster in this region.

        >>> Exemption("prod", stack="*", detail="db", region="*").matches("prod", "live", "db", "eu-west")
        True
        """
        pairs = ((self.account, account), (self.stack, stack), (self.detail, detail), (self.region, region))
        return all(wanted in ("*", found) for wanted, found in pairs)


@dataclass(frozen=True)
class AppConfig:
    """Chaos Monkey's settings for one application.

    Attributes
    ----------
    enabled : bool
    mean_time, min_time : int
        Between kills in a group, in work days; the mean from 1, the minimum from 0.
    grouping : str
        One instance at a time of each "app", "stack" or "cluster".
    regions_are_independent : bool
        Whether each region has groups of its own.
    exceptions : tuple of Exemption
    whitelist : bool
        Whether there is a whitelist. It is no longer supported: such an application is never touched.

    Notes
    -----
    Mean 5 and minimum 0 are from `NewAppConfig` in chaosmonkey.go, which only tests call; in use an enabled
    application without either number is refused. docs/Configuring-behavior-via-Spinnaker.md says 2 and 1.
    """

    enabled: bool = True
    mean_time: int = 5
    min_time: int = 0
    grouping: str = "cluster"
    regions_are_independent: bool = True
    exceptions: tuple[Exemption, ...] = ()
    whitelist: bool = False

    def __post_init__(self):
        if self.grouping not in GROUPINGS:
            raise BadInput(f"There is no grouping {self.grouping!r}; choose one of {', '.join(GROUPINGS)}.")
        if not is_whole(self.mean_time, 1 if self.enabled else 0):
            raise BadInput(f"The mean time between kills is 1 working day or more, not {self.mean_time!r}.")
        if not is_whole(self.min_time, 0):
            raise BadInput(
                f"The minimum time between kills is 0 working days or more, not {self.min_time!r}."
            )
        object.__setattr__(self, "exceptions", tuple(self.exceptions))
