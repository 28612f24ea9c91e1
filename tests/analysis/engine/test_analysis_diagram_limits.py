"""A diagram that has reached its limit can be taken up again, and is then what it would have been."""

import numpy as np
import pytest

from faultlab.analysis.engine.diagram import Diagram, TooManyNodes


@pytest.mark.parametrize("limit", range(11, 25))
def test_work_that_stopped_at_a_limit_goes_on_with_more(limit):
    plain, stopped = Diagram(), Diagram()
    edges = [[one.variable(level) for level in range(10)] for one in (plain, stopped)]
    whole = plain.nodes(plain.at_least(3, edges[0]))
    stopped.allow(limit)
    with pytest.raises(TooManyNodes):
        stopped.at_least(3, edges[1])
    stopped.allow(1000)
    for found, expected in zip(stopped.nodes(stopped.at_least(3, edges[1])), whole, strict=True):
        assert np.array_equal(found, expected)
