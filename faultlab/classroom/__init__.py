"""Tasks and checks, quizzes, predictions, progress, the gradebook."""

from faultlab.doors import door

__getattr__, __dir__ = door(
    __name__, "notebook", "own_system", "answers", "learner", "folders", "tasks", "grading"
)
