"""FMEA worksheets: read, rated, ranked, written."""

from faultlab.analysis.fmea.criticality import FailureMode, item_criticality
from faultlab.analysis.fmea.ranking import gamed, rpn_counts, with_rpn
from faultlab.analysis.fmea.revisions import changes
from faultlab.analysis.fmea.scales import DETECTION, OCCURRENCE, SEVERITY
from faultlab.analysis.fmea.sheets import read_fmea, read_worksheet
from faultlab.analysis.fmea.variants import wrong_tables
from faultlab.analysis.fmea.worksheet import Row, action_priority, priority_table, ranked, rows_of, rpn
from faultlab.analysis.fmea.writing import safe_cell, write_fmea
