"""Labs as learners hand them in, for the tests of the classroom."""

import nbformat


def answered(lab_notebook, answers):
    """A copy of a lab in which some answer cells hold other sources, by the task's name."""
    notebook = nbformat.from_dict(lab_notebook)
    for cell in notebook.cells:
        name = cell.get("id", "").removesuffix("-answer")
        if cell.get("id", "").endswith("-answer") and name in answers:
            cell.source = answers[name]
    return notebook
