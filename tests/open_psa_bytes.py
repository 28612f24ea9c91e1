"""Open-PSA documents that a test holds in memory, read from a file as a user's are."""

import tempfile
from pathlib import Path

from faultlab.analysis.open_psa.reading import read_open_psa


def parse_open_psa(content, top=None):
    """Read a fault tree from the bytes of a document."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xml"
        path.write_bytes(content)
        return read_open_psa(path, top=top)
