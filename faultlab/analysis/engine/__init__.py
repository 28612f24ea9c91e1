"""Exact chances: decision diagrams, their orders, modules, cut sets as families."""

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge
from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR, Gate
