"""Lines that move: deploys, many tests, detectors of what is odd."""

from faultlab.metrics.graphs.anomaly_study import detection_rates
from faultlab.metrics.graphs.deploys import deploy_effects, suspects, which_deploy
