"""Etsy, driven by metrics: a day of deploys, minutes watched by a real StatsD, detectors tried."""

from faultlab.cases.etsy.deploy_days import deploy_day
from faultlab.cases.etsy.deploy_trials import compared_days, first_suspect_right
from faultlab.cases.etsy.detector_trials import detector_trial
from faultlab.cases.etsy.watched_minutes import watch_minutes
