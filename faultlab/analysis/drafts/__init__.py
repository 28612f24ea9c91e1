"""Drafts: a system from what teams keep anyway, in Docker Compose, Kubernetes, Backstage or a table."""

from faultlab.analysis.drafts.reading import draft
