"""Say which notebooks of different learners share what somebody wrote, letter for letter."""

from collections.abc import Iterable

from faultlab.classroom.grading.marking import Graded, listed


def remark_on_copies(several: Iterable[Graded]) -> None:
    """Add a remark to notebooks of different learners that share their bytes, or what somebody wrote.

    Cells that hold a number alone are passed over: right numbers are the same for everybody in a team.

    Parameters
    ----------
    several : iterable of Graded
    """
    several = list(several)
    holders: dict[tuple, list[Graded]] = {}
    for graded in several:
        for key in _keys(graded):
            holders.setdefault(key, []).append(graded)
    for graded in several:
        for labels, learners in _shared(graded, holders).items():
            what = (
                "Every byte of the file" if "" in labels else f"What was written in {listed(sorted(labels))}"
            )
            graded.remarks.append(f"{what} is the same as that of {listed(learners, 4)}.")


def _keys(graded):
    own = [(graded.lab, label, text) for label, text in graded.own.items()]
    return [*own, (graded.lab, "", graded.digest)] if graded.digest else own


def _shared(graded, holders):
    """What a notebook shares, and with whom: learners, in order, by the labels of the cells."""
    with_whom: dict[str, set[str]] = {}
    for key in _keys(graded):
        for other in holders[key]:
            if other.learner != graded.learner:
                with_whom.setdefault(other.learner, set()).add(key[1])
    found: dict[frozenset, list[str]] = {}
    for learner in sorted(with_whom):
        found.setdefault(frozenset(with_whom[learner]), []).append(learner)
    return found
