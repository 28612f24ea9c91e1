"""Real processes: a small fleet of HTTP workers, the load on it, the faults in it.

This door opens late: a name is loaded when it is first asked for. A worker is a process that comes through
here too, and it has to start in a tenth of a second, without NumPy and the other floors.
"""

from importlib import import_module

_WHERE = {
    "ContainerRun": "containers",
    "ContainerTask": "containers",
    "Event": "runs",
    "Fleet": "fleet",
    "Flush": "statsd_server",
    "Happening": "containers",
    "Health": "health",
    "Interval": "runs",
    "Load": "loads",
    "LoadResult": "runs",
    "POLICIES": "policies",
    "Replay": "replay",
    "Run": "runs",
    "StatsDServer": "statsd_server",
    "WorkerSeen": "runs",
    "detection_seconds": "health",
    "haproxy_program": "haproxy",
    "health_history": "health",
    "health_step": "health",
    "intended_starts": "load",
    "kill_log": "incidents",
    "read_run": "runs",
    "recorded_run": "replay",
    "recorded_runs": "replay",
    "run_containers": "containers",
    "worker_incidents": "incidents",
}

__all__ = sorted(_WHERE)


def __getattr__(name):
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def __dir__():
    return __all__
