"""A Dask cluster that grades, held to the same code as this machine, so that the marks are the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import faultlab
from faultlab.errors import BadInput

SECONDS = 10
"""To wait for the scheduler, and for its first worker."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Enter a cluster; what is left is closed again, and the cluster itself goes on.

    Parameters
    ----------
    address : str
        Of the scheduler, such as "tcp://10.0.0.7:8786".

    Yields
    ------
    concurrent.futures.Executor
        For `grade_folder`.

    Raises
    ------
    BadInput
        If Dask is missing, nothing answers there, there is no worker, or a worker has another course.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadInput(
            "--dask needs Dask here, too: pip install -e .[cluster], the extra `cluster`."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it tells of each try that fails
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError):
        raise BadInput(
            f"No Dask scheduler answers at {address}: name it as tcp://HOST:8786, and see that it runs."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError:
            raise BadInput(
                f"The cluster at {address} has no worker: start some with `dask worker`."
            ) from None
        _require_the_same(client)
        yield client.get_executor()


def _require_the_same(client):
    try:
        found = client.run(digest_of_package)
    except ImportError:
        raise BadInput(
            "A worker of the cluster has no package faultlab, or an old one: install this course's there."
        ) from None
    others = sorted(worker for worker, digest in found.items() if digest != digest_of_package())
    if others:
        raise BadInput(
            f"{others[0]} has another version of faultlab, which might mark differently: install this one."
        )


def digest_of_package() -> str:
    """Return what is the same on two machines if, and only if, all of the package's Python is."""
    root = Path(faultlab.__file__).parent
    parts = [
        f"{path.relative_to(root).as_posix()} {sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(root.rglob("*.py"))
    ]
    return sha256("\n".join(parts).encode()).hexdigest()
