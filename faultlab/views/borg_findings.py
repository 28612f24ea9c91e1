"""The Borg paper's table, its figures beside ours: recorded, or computed again while one watches."""

from faultlab.cases import EXPERIMENTS, paper_findings


def finding_rows(findings):
    """One row for each finding, for a table.

    Parameters
    ----------
    findings : sequence of faultlab.cases.Finding

    Returns
    -------
    list of dict
    """
    return [
        {
            "What is changed": found.experiment,
            "The paper": found.paper,
            "Ours": f"{found.ours:.0f} % ({found.low:.0f} to {found.high:.0f})",
            "Why they may differ": found.differs,
        }
        for found in findings
    ]


def findings_again(machines, cells, trials, seed=0):
    """Return the work of a `LongRun`: the paper's experiments again, one after the other.

    Parameters
    ----------
    machines, cells, trials, seed : int
        See `faultlab.cases.paper_findings`.
    """

    def work(tell):
        rows = []
        for done, name in enumerate(EXPERIMENTS):

            def within(part, of, done=done, rows=tuple(rows)):
                tell((done + part / of) / len(EXPERIMENTS), rows)

            rows += finding_rows(
                paper_findings(machines, cells, trials, seed=seed, only=[name], progress=within)
            )
        return rows

    return work
