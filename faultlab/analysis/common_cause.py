"""Common cause: members of a group that fail together, by the beta factor or multiple Greek letters.

NUREG/CR-4780 (Mosleh and others, 1988). Each member's failure is split into causes that strike it alone,
a pair, and so on up to all; every such cause becomes a basic event of its own.
"""

import itertools
import math
from dataclasses import dataclass

from faultlab.analysis.event_models import Constant
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.gates import OR
from faultlab.errors import BadInput

MOST_MEMBERS = 12


@dataclass(frozen=True)
class CommonCause:
    """A group of like events.

    Parameters
    ----------
    name : str
    members : tuple of str
        Basic events, all of the same probability.
    factors : tuple of float
        One number for the beta-factor model: the share of a member's failures that strikes all. More for
        the multiple Greek letter model: beta, gamma, delta ..., each the share of the failures that
        strike at least that many which strikes one more; as many as there are members, less one.
    model : str
        "beta-factor" or "MGL".

    Examples
    --------
    >>> CommonCause("pumps", ("a", "b"), (0.1,)).shares()
    {1: 0.9, 2: 0.1}
    """

    name: str
    members: tuple
    factors: tuple
    model: str = "beta-factor"

    def __post_init__(self):
        count = len(self.members)
        if not 2 <= count <= MOST_MEMBERS or len(set(self.members)) < count:
            raise BadInput(f"Common cause group {self.name!r} needs 2 to {MOST_MEMBERS} different members.")
        if self.model not in ("beta-factor", "MGL"):
            raise BadInput(f"Common cause group {self.name!r}: the model is 'beta-factor' or 'MGL'.")
        needed = 1 if self.model == "beta-factor" else count - 1
        if len(self.factors) != needed:
            raise BadInput(f"Common cause group {self.name!r}: {self.model} has {needed} factors here.")
        if not all(0 <= factor <= 1 for factor in self.factors):
            raise BadInput(f"Common cause group {self.name!r}: factors lie between 0 and 1.")

    def shares(self):
        """From the number struck to the share of a member's probability that *one* such cause carries.

        With rho the factors (rho of one is 1), a cause that strikes exactly k of n carries the product of
        rho up to k, times (1 - the next), over the binomial coefficient of n-1 over k-1.
        """
        count = len(self.members)
        if self.model == "beta-factor":
            return {1: 1 - self.factors[0], count: self.factors[0]}
        chain = (1.0, *self.factors, 0.0)
        return {
            k: math.prod(chain[:k]) * (1 - chain[k]) / math.comb(count - 1, k - 1)
            for k in range(1, count + 1)
        }


def with_common_causes(tree, hours=math.inf):
    """Return the tree in which every common cause is a basic event of its own.

    Parameters
    ----------
    tree : FaultTree
    hours : float
        The time at which the members' probabilities are taken.

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
        chances = {tree.events[member].at(hours)[0] for member in group.members}
        if len(chances) > 1:
            raise BadInput(
                f"Common cause group {group.name!r}: its members differ in probability; give them the same."
            )
        if any(member not in events for member in group.members):
            raise BadInput(
                f"Common cause group {group.name!r} shares a member with another group; part them."
            )
        whole = chances.pop()
        strikes = {member: [] for member in group.members}
        for size, share in group.shares().items():
            for struck in itertools.combinations(group.members, size):
                cause = f"{group.name}[{' '.join(struck)}]"
                if cause in events or cause in gates:
                    raise BadInput(f"{cause!r} is taken; rename common cause group {group.name!r}.")
                events[cause] = Constant(share * whole)
                for member in struck:
                    strikes[member].append(cause)
        for member, causes in strikes.items():
            del events[member]
            gates[member] = OR(*causes)
    return FaultTree(tree.top, gates, events, tree.house)
