"""Probabilities from diagrams: one pass up for the top event, one pass down for every event's share.

The pair (P, 1 - P) is carried upwards, because subtracting from one would lose every digit of a small
probability.
"""

import numpy as np

# Above this many nodes a level, a pass by numpy arrays beats one by plain numbers.
DENSE = 12


def probability(block, yes, no):
    """The pair (P, 1 - P) of a block, with the pairs of its variables by level.

    Parameters
    ----------
    block : Block
    yes, no : list of float, or of numpy arrays of one length
        By level: the probability that the variable is true, and that it is false.

    Returns
    -------
    tuple
        Two numbers, or two arrays.
    """
    values = edge_values(block, yes, no)
    return values[block.root], values[block.root ^ 1]


def edge_values(block, yes, no):
    """The probability of every edge of a block: by node P, then 1 - P."""
    plain = not any(isinstance(one, np.ndarray) for one in yes)
    if plain and len(block.level) > DENSE * len(block.variables):
        return _by_level(block, yes, no)
    values = [1.0, 0.0]
    for level, high, low in block.triples:
        p, q = yes[level], no[level]
        values.append(p * values[high] + q * values[low])
        values.append(p * values[high ^ 1] + q * values[low ^ 1])
    return values


def _by_level(block, yes, no):
    high, low = block.high, block.low
    values = np.empty(2 * len(high))
    values[0], values[1] = 1.0, 0.0
    for level, nodes in block.by_level:
        above, below = high[nodes], low[nodes]
        values[2 * nodes] = yes[level] * values[above] + no[level] * values[below]
        values[2 * nodes + 1] = yes[level] * values[above ^ 1] + no[level] * values[below ^ 1]
    return values


def slopes(block, yes, no):
    """By level, how the block's probability changes with the variable's: its Birnbaum importance.

    The derivative is P(block | variable true) - P(block | variable false), for every variable in one
    pass down. A difference of two probabilities near one is taken between their complements.
    """
    values = edge_values(block, yes, no)
    weight = [0.0] * (2 * len(block.level))
    weight[block.root] = 1.0
    found = [0.0] * len(block.variables)
    for node in range(len(block.triples), 0, -1):
        level, high, low = block.triples[node - 1]
        positive, negative = weight[2 * node], weight[2 * node + 1]
        if positive == 0.0 and negative == 0.0:
            continue
        p, q = yes[level], no[level]
        weight[high] += p * positive
        weight[low] += q * positive
        weight[high ^ 1] += p * negative
        weight[low ^ 1] += q * negative
        if values[high] + values[low] <= 1.0:
            change = values[high] - values[low]
        else:
            change = values[low ^ 1] - values[high ^ 1]
        found[level] += (positive - negative) * change
    return found
