"""Tasks and checks, quizzes, predictions, progress, the gradebook."""
