"""The Net Promoter Score and its range, against surveys that are drawn."""

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.customers import promoter_score


@pytest.mark.parametrize(("promoters", "detractors"), [(0.5, 0.2), (0.3, 0.05), (0.2, 0.5)])
def test_nine_ranges_in_ten_hold_the_true_score(promoters, detractors):
    rng = np.random.default_rng(4)
    held = 0
    for drawn in rng.multinomial(200, [promoters, detractors, 1 - promoters - detractors], size=2_000):
        found = promoter_score(int(drawn[0]), int(drawn[1]), 200)
        held += found.low <= 100 * (promoters - detractors) <= found.high
    assert 0.87 <= held / 2_000 <= 0.93


@pytest.mark.parametrize("counts", [(-1, 0, 10), (1.5, 0, 10), (6, 5, 10), (0, 0, 0), (True, 0, 3)])
def test_counts_that_make_no_sense_are_refused(counts):
    with pytest.raises(BadInput):
        promoter_score(*counts)
