"""Tasks and checks, quizzes, predictions, progress, the gradebook."""

from faultlab.doors import door

__getattr__, __dir__ = door(
    __name__, "folders", "notebook", "own_system", "answers", "learner", "tasks", "grading"
)
