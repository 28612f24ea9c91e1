"""Building fault-tolerant software systems: the helper package of the course.

The floors, ground first: `metrics`, `analysis` and `design` compute; `live` and `cases`
run real processes and case studies on them; `views` draws what they return; `classroom`
checks answers against them; `commands` takes each tool home (`python -m faultlab`).
"""

__version__ = "1.0.0"
