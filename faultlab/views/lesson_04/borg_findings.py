"""The Borg paper's table, its figures beside ours: recorded, or computed again while one watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.cases.borg import EXPERIMENTS, paper_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from faultlab.cases.borg import Finding


PLAIN = {
    "segregating production": "production on machines of its own",
    "splitting users": "each large user on machines of their own",
    "smaller cells": "five small cells in place of one",
    "power-of-two buckets": "sizes rounded up to 1, 2, 4, 8, …",
    "no reclamation": "unused capacity is not lent",
    "work on reclaimed resources": "share of the work on reclaimed capacity",
    "worst fit against best fit": "each task goes to the emptiest machine that fits, not the fullest",
    "hybrid against best fit": "Google's mix of both, against the fullest machine",
}
"""What each experiment changes, in a reader's words."""


def finding_rows(findings: Sequence[Finding], why: bool = True) -> list[dict]:
    """One row for each finding, for a table.

    Parameters
    ----------
    findings : sequence of faultlab.cases.Finding
    why : bool
        With why the paper's figure and ours may differ.

    Returns
    -------
    list of dict
    """
    return [
        {
            "What is changed": PLAIN[found.experiment],
            "The paper": found.paper,
            "Ours": f"{found.ours:.0f} % ({found.low:.0f} to {found.high:.0f})",
        }
        | ({"Why they may differ": found.differs} if why else {})
        for found in findings
    ]


def findings_again(machines: int, cells: int, trials: int) -> Callable[..., list[dict]]:
    """Return the work of a `LongRun`: the paper's experiments again, one after the other.

    Parameters
    ----------
    machines, cells, trials : int
        See `faultlab.cases.paper_findings`.
    """

    def work(tell):
        rows: list[dict] = []
        for done, name in enumerate(EXPERIMENTS):

            def within(part, of, done=done, rows=tuple(rows)):
                tell((done + part / of) / len(EXPERIMENTS), rows)

            found = paper_findings(machines, cells, trials, only=[name], progress=within)
            rows += finding_rows(found, why=False)
        return rows

    return work
