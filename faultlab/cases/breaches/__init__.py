"""Published security breaches as fault trees, beside Azure's outages."""

from faultlab.cases.breaches.published import BREACHES
