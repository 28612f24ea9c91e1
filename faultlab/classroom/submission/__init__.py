"""What runs in the process of a submitted notebook; the judge in `grading` runs none of it.

The grader copies the package for each submission without its tasks, and `stand_in` takes the place of
`faultlab.classroom` there: the learner's cells find a `check` that knows the team's numbers and nothing else.
`keeper` starts it and ends it, `runner` runs the cells, `shell` reads them as IPython does, `confine` and
`sockets` take away what it may not touch.
"""
