"""Chaos experiments: what is expected, what is done, and what may be concluded."""

from faultlab.design.experiments.experiment import (
    Action,
    Experiment,
    Hypothesis,
    Probe,
    http_provider,
    python_provider,
)
from faultlab.design.experiments.experiment_run import run_experiment
from faultlab.design.experiments.verdicts import survival, verdict
