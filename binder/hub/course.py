# What a hub needs for the course. The Littlest JupyterHub takes this file as it is, in
# /opt/tljh/config/jupyterhub_config.d/; Zero to JupyterHub by `hub.extraFiles` (values.yaml, beside it).
# `python3 start.py bench hub` runs a real hub with it.

# ruff: noqa: F821  both give `c`; on Kubernetes `get_config` is another function than JupyterHub's

import sys

# A page, and not a program: the first lesson in its reading mode. Where the course stands in a home folder is
# said in values.yaml and README.md.
c.Spawner.default_url = "/lab/tree/fault-tolerance/course/00_start_here.ipynb"

# A server and its first lesson take about 175 MB, each further lesson 60 to 110 until its kernel stops.
c.Spawner.environment = {"MALLOC_ARENA_MAX": "2"}  # less memory for each thread
c.Spawner.mem_limit = "1G"
c.Spawner.mem_guarantee = "256M"
c.Spawner.cpu_limit = 1.0
c.Spawner.cpu_guarantee = 0.1

# A class that comes at once is let in by and by, and nobody is turned away.
c.JupyterHub.concurrent_spawn_limit = 20
c.JupyterHub.active_server_limit = 0
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 120

# Lessons left open: their kernels stop after an hour, whether a browser still looks at them or not. What was
# answered is on the disk. Servers that nobody uses stop after two hours.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=120",
    "--MappingKernelManager.cull_connected=True",
]
c.JupyterHub.load_roles.append(
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
)
c.JupyterHub.services.append(
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200"],
    }
)
