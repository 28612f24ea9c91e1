"""Lines that move: deploys, many tests, detectors of what is odd."""

from faultlab.metrics.graphs.anomaly_study import DetectionRates, detection_rates, seasonal_anomaly
from faultlab.metrics.graphs.deploys import DeployEffect, deploy_effects, suspects, which_deploy
from faultlab.metrics.graphs.many_tests import holm, mean_change
from faultlab.metrics.graphs.skyline_votes import ALGORITHMS, QUIRKS, Votes, skyline
