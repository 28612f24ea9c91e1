"""The case studies, one module each, built on the ground floors."""

from faultlab.doors import door

__getattr__, __dir__ = door(__name__, "netflix", "amazon", "borg", "azure", "breaches", "etsy")
