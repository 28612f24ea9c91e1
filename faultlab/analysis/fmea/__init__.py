"""FMEA worksheets: read, rated, ranked, written."""

from faultlab.analysis.fmea.criticality import FailureMode, item_criticality, mode_criticality
from faultlab.analysis.fmea.ranking import Gamed, gamed, rpn_counts, with_rpn
from faultlab.analysis.fmea.revisions import Change, changes
from faultlab.analysis.fmea.scales import DETECTION, OCCURRENCE, SEVERITY
from faultlab.analysis.fmea.sheets import Worksheet, read_fmea, read_worksheet
from faultlab.analysis.fmea.variants import WrongTable, wrong_tables
from faultlab.analysis.fmea.worksheet import Row, action_priority, priority_table, ranked, rows_of, rpn
from faultlab.analysis.fmea.writing import safe_cell, write_fmea
