"""What a cluster's name says at Netflix: application, stack and detail, joined by hyphens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from faultlab.errors import BadInput

_PUSH = re.compile(r"-v[0-9_]+\Z")
_LABELLED = re.compile(r"(-[a-zA-Z]0[a-zA-Z0-9]+)+\Z")
_NAME = re.compile(r"[a-zA-Z0-9._]+(?:-[a-zA-Z0-9._-]*)?\Z")


@dataclass(frozen=True)
class ClusterName:
    """The parts of a name such as web-prod-checkout; stack and detail may be empty."""

    app: str
    stack: str
    detail: str


def cluster_name(name: str) -> ClusterName:
    """Take a cluster's name apart, by the rules of Frigga, the library that Chaos Monkey asks.

    A push number at the end (-v042) and labelled variables (-c0de) belong to no part.

    Raises
    ------
    BadInput
        If it is empty or begins with something else than an application.

    References
    ----------
    SmartThingsOSS/frigga-go, names.go, which Netflix/chaosmonkey uses.

    Examples
    --------
    >>> cluster_name("web-prod-checkout-v042")
    ClusterName(app='web', stack='prod', detail='checkout')
    >>> cluster_name("web")
    ClusterName(app='web', stack='', detail='')
    """
    if not (isinstance(name, str) and _NAME.match(name)):
        raise BadInput(f"{name!r} is no name of a cluster; write app-stack-detail, such as web-prod-eu.")
    plain = _LABELLED.sub("", _PUSH.sub("", name))
    app, stack, detail = [*plain.split("-", 2), "", ""][:3]
    return ClusterName(app, stack, detail)
