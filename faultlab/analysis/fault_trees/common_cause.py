"""Common cause: members of a group that fail together, by one of four models.

NUREG/CR-4780 (Mosleh and others, 1988) and NUREG/CR-5485. Each member's failure is split into causes that
strike it alone, a pair, and so on up to all; every such cause becomes a basic event of its own.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.gates import OR
from faultlab.analysis.fault_trees.event_models import Constant
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

    from faultlab.analysis.fault_trees.expressions import Values

MOST_MEMBERS = 12
# From a model to the least number struck that has a factor.
FIRST_LEVELS: dict[str, Any] = {"beta-factor": None, "MGL": 2, "alpha-factor": 1, "phi-factor": 1}


@dataclass(frozen=True)
class CommonCause:
    """A group of like events.

    Parameters
    ----------
    name : str
    members : tuple of str
        Basic events, all of the same probability.
    factors : tuple of float
        "beta-factor": one, the share of a member's failures that strikes all. "MGL" (multiple Greek
        letters): beta, gamma, delta ..., each the share of the failures that strike at least that many
        which strikes one more. "alpha-factor": for one, two, ... struck, the share of all failures that
        strike so many. "phi-factor": for one, two, ... struck, the probability of one such cause as a share
        of a member's; they add up to 1. Factors left out at the end are 0.
    model : str

    Examples
    --------
    >>> CommonCause("pumps", ("a", "b"), (0.1,)).shares()
    {1: 0.9, 2: 0.1}
    >>> CommonCause("pumps", ("a", "b"), (0.9, 0.1), "phi-factor").shares()
    {1: 0.9, 2: 0.1}
    """

    name: str
    members: tuple[str, ...]
    factors: tuple[float, ...]
    model: str = "beta-factor"

    def __post_init__(self):
        count, said = len(self.members), f"Common cause group {self.name!r}"
        if not 2 <= count <= MOST_MEMBERS or len(set(self.members)) < count:
            raise BadInput(f"{said} needs 2 to {MOST_MEMBERS} different members.")
        if self.model not in FIRST_LEVELS:
            raise BadInput(f"{said}: there is no model {self.model!r}; use one of {', '.join(FIRST_LEVELS)}.")
        most = 1 if self.model == "beta-factor" else count + 1 - FIRST_LEVELS[self.model]
        if not 1 <= len(self.factors) <= most:
            raise BadInput(f"{said}: {self.model} has {'1 to ' * (most > 1)}{most} factors here.")
        if not all(0 <= factor <= 1 for factor in self.factors):
            raise BadInput(f"{said}: factors lie between 0 and 1.")
        if self.model == "alpha-factor" and not any(self.factors):
            raise BadInput(f"{said}: one of its factors is above 0.")
        if self.model == "phi-factor" and not math.isclose(sum(self.factors), 1, rel_tol=1e-4):
            raise BadInput(f"{said}: phi-factors add up to 1, not {sum(self.factors):.6g}.")

    def shares(self) -> dict[int, float]:
        """From the number struck to the share of a member's probability that *one* such cause carries.

        Multiple Greek letters: with rho the factors (rho of one is 1), a cause that strikes exactly k of n
        carries the product of rho up to k, times (1 - the next), over the binomial coefficient of n-1 over
        k-1. Alpha factors: k alpha of k, over the sum of all j alpha of j, over the same coefficient.
        """
        count, factors = len(self.members), self.factors
        if self.model == "beta-factor":
            return {1: 1 - factors[0], count: factors[0]}
        if self.model == "phi-factor":
            return dict(enumerate(factors, 1))
        choices = [math.comb(count - 1, k) for k in range(count)]
        if self.model == "alpha-factor":
            whole = math.fsum(k * factor for k, factor in enumerate(factors, 1))
            return {k: k * factor / whole / choices[k - 1] for k, factor in enumerate(factors, 1)}
        chain = (1.0, *factors, 0.0)
        return {k: math.prod(chain[:k]) * (1 - chain[k]) / choices[k - 1] for k in range(1, len(chain))}


@dataclass(frozen=True)
class CauseShare:
    """The event that one common cause strikes: a share of its members' probability.

    Parameters
    ----------
    whole : model of an event
        Of each member.
    share : float

    Examples
    --------
    >>> from faultlab.analysis.fault_trees.event_models import Constant
    >>> CauseShare(Constant(0.5), 0.5).at(1)
    (0.25, 0.75)
    """

    whole: Any
    share: float

    @property
    def timed(self) -> bool:
        """Whether it has a probability only at a time."""
        return self.whole.timed

    @property
    def random(self) -> bool:
        """Whether it can be drawn."""
        return self.whole.random

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (happened, has not) after `hours`."""
        chance = self.share * self.whole.at(hours)[0]
        return chance, 1 - chance

    def drawn(self, values: Values) -> np.ndarray:
        """Draws of the probability, with the whole's."""
        return self.share * self.whole.drawn(values)


def _cause(whole, share):
    return Constant(share * whole.probability) if isinstance(whole, Constant) else CauseShare(whole, share)


def with_common_causes(tree: FaultTree) -> FaultTree:
    """Return the tree in which every common cause is a basic event of its own.

    Parameters
    ----------
    tree : FaultTree

    Returns
    -------
    FaultTree
        Without groups. A cause is named after its group and members, as in `pumps[a b]`; a member that
        was a basic event is now an OR gate of the causes that strike it.

    Raises
    ------
    BadInput
        If the members of a group differ in probability.
    """
    gates, events = dict(tree.gates), dict(tree.events)
    for group in tree.common_causes:
        models = [tree.events[member] for member in group.members]
        if any(model != models[0] for model in models):
            raise BadInput(
                f"Common cause group {group.name!r}: its members differ in probability; give them the same."
            )
        if any(member not in events for member in group.members):
            raise BadInput(
                f"Common cause group {group.name!r} shares a member with another group; part them."
            )
        strikes: dict[str, list[str]] = {member: [] for member in group.members}
        for size, share in group.shares().items():
            for struck in itertools.combinations(group.members, size):
                cause = f"{group.name}[{' '.join(struck)}]"
                if cause in events or cause in gates:
                    raise BadInput(f"{cause!r} is taken; rename common cause group {group.name!r}.")
                events[cause] = _cause(models[0], share)
                for member in struck:
                    strikes[member].append(cause)
        for member, causes in strikes.items():
            del events[member]
            gates[member] = OR(*causes)
    return FaultTree(tree.top, gates, events, tree.house, remarks=tree.remarks)
