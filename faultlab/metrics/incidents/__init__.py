"""Incidents: tables of them as tools export them, times, and stretches of being down."""

from faultlab.metrics.incidents.columns import OVERRIDDEN
from faultlab.metrics.incidents.model import kestrel_csv, kestrel_incidents, kestrel_raw_csv
from faultlab.metrics.incidents.stretches import Incident, down_minutes, merge_intervals, read_window
from faultlab.metrics.incidents.table import IncidentLog, read_incidents
from faultlab.metrics.incidents.times import read_time, read_zone
