"""How long the first start takes beside a bare install of the packages that the course can't do without.

Both install into a fresh environment, in turns, with the same installer, from the same warm download
cache or, with --empty-cache, each from an empty one as on a learner's first day. Then: from
`git clone` to an answering JupyterLab, and the second start.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = ["jupyterlab", "ipywidgets", "matplotlib", "networkx", "nbval"]
PATIENCE = 600  # seconds until a JupyterLab that doesn't answer counts as broken


def main(argv=None):
    """Print the table; return 0, or 1 where a start failed."""
    parser = argparse.ArgumentParser(prog="start.py bench setup", description=__doc__)
    parser.add_argument("--runs", type=int, default=2, help="installations of each kind to take (default: 2)")
    parser.add_argument("--empty-cache", action="store_true", help="download everything each time")
    options = parser.parse_args(argv)
    if not shutil.which("git") or not (ROOT / ".git").exists():
        print("Skipped: the fresh clone needs git, and this folder to be a clone itself.")
        return 0
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    print(f"{'installer':10} {'bare s':>8} {'start.py s':>11} {'ratio':>6}   ", end="")
    print(f"{'clone to answer s':>18} {'2nd launch s':>13} {'2nd answer s':>13}")
    for tool in ["pip", "uv"]:
        if tool == "uv" and not uv:
            print("uv         skipped: it is not on PATH (pip install uv)")
            continue
        report(tool, uv, options)
    print(f"bare: a fresh environment with {', '.join(BARE)}; ratio: of the medians, at most 1.3 is the aim")
    return 0


def report(tool, uv, options):
    """Measure one installer and print its line."""
    variables = variables_for(tool, uv)
    bare, ours = [], []
    first_counts = options.empty_cache  # otherwise the first turn fills the cache
    for turn in range(options.runs + (not first_counts)):
        seconds_bare = install_bare(tool, uv, variables, options.empty_cache)
        starts = start_twice(variables, options.empty_cache)
        if turn > 0 or first_counts:
            bare.append(seconds_bare)
            ours.append(starts)
    middle = {name: statistics.median(one[name] for one in ours) for name in ours[0]}
    least = statistics.median(bare)
    line = f"{tool:10} {least:8.1f} {middle['setup']:11.1f} {middle['setup'] / least:6.2f}   "
    line += f"{middle['answer']:18.1f} {middle['second launch']:13.2f} {middle['second answer']:13.2f}"
    print(line, flush=True)


def variables_for(tool, uv):
    """The environment variables under which start.py finds uv, or doesn't."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    folders = [folder for folder in folders if not shutil.which("uv", path=folder)]
    if tool == "uv":
        folders.append(str(Path(uv).parent))
    return {**os.environ, "PATH": os.pathsep.join(folders)}


def base_python():
    """The Python that environments are made from, also when this one is in an environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def own_cache(folder):
    """Variables that give pip and uv an empty cache in a folder."""
    return {"PIP_CACHE_DIR": str(Path(folder) / "cache"), "UV_CACHE_DIR": str(Path(folder) / "cache")}


def install_bare(tool, uv, variables, empty_cache):
    """Seconds for a fresh environment with the bare packages."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {**variables, **(own_cache(folder) if empty_cache else {})}
        venv = Path(folder) / "venv"
        python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if tool == "uv":
            commands = [[uv, "venv", "--python", base_python(), venv]]
            commands.append([uv, "pip", "install", "--python", python, *BARE])
        else:
            commands = [[base_python(), "-m", "venv", venv], [python, "-m", "pip", "install", *BARE]]
        started = time.perf_counter()
        for command in commands:
            subprocess.run(command, env=variables, cwd=folder, check=True, capture_output=True)
        return time.perf_counter() - started


def start_twice(variables, empty_cache):
    """Seconds of a first and a second start in a fresh clone."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {**variables, **(own_cache(folder) if empty_cache else {})}
        clone = Path(folder) / "course"
        started = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        cloned = time.perf_counter() - started
        setup, answer = start(clone, variables)
        second_launch, second_answer = start(clone, variables)
    return {
        "setup": setup,
        "answer": cloned + answer,
        "second launch": second_launch,
        "second answer": second_answer,
    }


def start(clone, variables):
    """Seconds until start.py launches JupyterLab, and until that answers; then close it."""
    port = free_port()
    command = [base_python(), "start.py", "--no-browser", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=clone, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith("Opening the course"):
                break
        else:
            raise SystemExit("start.py failed:\n" + "".join(said))
        launched = time.perf_counter() - started
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                raise SystemExit("JupyterLab did not answer.")
            time.sleep(0.05)
        return launched, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def answers(port):
    """Whether a Jupyter server answers on the port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


def free_port():
    """A port that no program holds just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
