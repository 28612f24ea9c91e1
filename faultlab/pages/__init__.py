"""The course as pages that need no server: `python3 start.py pages`."""
