"""Real processes: a small fleet of HTTP workers, the load on it, the faults in it.

This door opens late: a name is loaded when it is first asked for. A worker is a process that comes through
here too, and it has to start in a tenth of a second, without NumPy and the other floors.
"""

from importlib import import_module

_WHERE = {
    "ContainerTask": "containers.container_runs",
    "Event": "runs.runs",
    "Fleet": "fleet.fleet",
    "Health": "balancers.health",
    "Interval": "runs.runs",
    "Load": "load.loads",
    "POLICIES": "balancers.policies",
    "Replay": "runs.replay",
    "Run": "runs.runs",
    "StatsDServer": "statsd.server",
    "WorkerSeen": "runs.runs",
    "detection_seconds": "balancers.health",
    "haproxy_program": "balancers.haproxy",
    "health_history": "balancers.health",
    "health_step": "balancers.health",
    "intended_starts": "load.load_process",
    "keep_wished": "containers.control_loop",
    "kill_log": "runs.incidents",
    "read_run": "runs.runs",
    "recorded_run": "runs.replay",
    "recorded_runs": "runs.replay",
    "run_containers": "containers.container_runs",
    "worker_incidents": "runs.incidents",
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
