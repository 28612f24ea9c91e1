"""Open-PSA models, read."""

from faultlab.analysis.open_psa.reading import read_open_psa
from faultlab.analysis.open_psa.writing import open_psa_as_text
