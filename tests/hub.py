"""A real JupyterHub on loopback, with the settings of binder/hub/; learners open a lesson and answer."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import nbformat
import psutil
from packaging.requirements import Requirement
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "binder" / "hub" / "course.py"
PROXY = ROOT / "build" / "npm" / "node_modules" / ".bin" / "configurable-http-proxy"
READY = PROXY.exists() and find_spec("jupyterhub") is not None
MISSING = "runs a JupyterHub: install the extra `dev`, and its proxy as `.ci/run` does"
FIRST_PAGE = "fault-tolerance/course/00_start_here.ipynb"
LESSON, BET = Path(FIRST_PAGE).stem, "bad_year"
TOKEN = "hub-test"
CONFIG = """
load_subconfig({settings!r})
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.auth_token = "{token}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.Spawner.environment = {{**c.Spawner.environment, "JUPYTER_PATH": "{extension}", "PYTHONPATH": "{path}"}}
c.JupyterHub.services.append({{"name": "teacher", "api_token": "{token}"}})
c.JupyterHub.load_roles.append({{
    "name": "teacher",
    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
    "services": ["teacher"],
}})
"""


@dataclass(frozen=True)
class Learner:
    """What became of a learner: seconds until the server and the lesson were there, and for each answer."""

    name: str
    spawned: float
    opened: float
    answers: tuple[float, ...]
    said: tuple[float, ...]
    megabytes: float
    kept: dict

    @property
    def answer_kept(self):
        """The last answer, as it stands on the disk."""
        return float(self.kept["bets"][LESSON[:2]][BET]["bet"])


@contextlib.contextmanager
def hub(folder):
    """A JupyterHub whose users have a home of their own with the course in it; gives its address."""
    lent = folder / "lent"
    lent.mkdir()
    python, packages = learner_python(lent)
    port, hub_port, api_port = _free_ports(3)
    config = folder / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            settings=str(SETTINGS),
            extension=ROOT / "faultlab" / "labextension" / "share" / "jupyter",
            python=python,
            path=os.pathsep.join(filter(None, (str(ROOT), packages))),
            token=TOKEN,
            proxy=str(PROXY),
            folder=folder,
            port=port,
            hub_port=hub_port,
            api_port=api_port,
        ),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    with (folder / "hub.log").open("w") as log:
        running = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            asyncio.run(_until_there(f"http://127.0.0.1:{port}/hub/api", running, folder / "hub.log"))
            yield f"http://127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                running.kill()
            for one in _processes_of(folder):
                one.kill()


def learner_python(folder):
    """A learner's Python that finds the hub's own packages too, and what to add to its PYTHONPATH.

    Where the tests have made no learner's environment, or one of another Python, it is this one.
    """
    site = next((ROOT / ".venv-learner" / "lib").glob("python*/site-packages"), None)
    if site is None or site.parent.name != "python{}.{}".format(*sys.version_info[:2]):
        return sys.executable, ""
    known = {one.name.partition("-")[0].lower().replace("_", "-") for one in site.glob("*.dist-info")}
    waiting, lent = ["jupyterhub"], set()
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in known:
            continue
        known.add(name)
        found = metadata.distribution(name)
        lent |= {found.locate_file(file.parts[0]) for file in found.files if file.parts[0] != ".."}
        asked = map(Requirement, found.requires or [])
        waiting += [one.name for one in asked if not one.marker or one.marker.evaluate({"extra": ""})]
    for path in lent:
        (folder / path.name).symlink_to(path)
    return str(ROOT / ".venv-learner" / "bin" / "python"), str(folder)


def class_of(address, folder, count, apart=0.0, answers=5):
    """Let learners come, one every `apart` seconds; each opens the lesson and answers.

    Returns
    -------
    list of Learner
    """

    async def all_of_them():
        return await asyncio.gather(
            *(_learner(address, folder, f"learner-{i}", i, i * apart, answers) for i in range(count))
        )

    return asyncio.run(all_of_them())


async def _learner(address, folder, name, number, later, answers):
    home = folder / "home" / name
    course = (home / FIRST_PAGE).parent
    shutil.copytree(ROOT / "course", course)
    await asyncio.sleep(later)
    started = time.perf_counter()
    await _ask(f"{address}/hub/api/users/{name}", "POST")
    await _ask(f"{address}/hub/api/users/{name}/server", "POST")
    while not (await _ask(f"{address}/hub/api/users/{name}"))["servers"].get("", {}).get("ready"):
        await asyncio.sleep(0.25)
    spawned = time.perf_counter() - started
    token = (await _ask(f"{address}/hub/api/users/{name}/tokens", "POST"))["token"]
    here = f"{address}/user/{name}/api"
    wanted = {"path": FIRST_PAGE, "name": FIRST_PAGE, "type": "notebook", "kernel": {"name": "python3"}}
    session = await _ask(f"{here}/sessions", "POST", wanted, token)
    channels = f"{here.replace('http', 'ws', 1)}/kernels/{session['kernel']['id']}/channels"
    socket_ = await websocket_connect(HTTPRequest(channels, headers={"Authorization": f"token {token}"}))
    started = time.perf_counter()
    for cell in nbformat.read(home / FIRST_PAGE, as_version=4).cells:
        if cell.cell_type == "code" and "as-saved" not in cell.metadata.get("tags", []):
            await _run(socket_, cell.source)
    opened = time.perf_counter() - started
    took, said = [], []
    for i in range(answers):  # each their own
        started = time.perf_counter()
        code = f"b = lesson.bet({BET!r}); b.choose({1000 * number + i}); print(b.answer)"
        said.append(float(await _run(socket_, code)))
        took.append(time.perf_counter() - started)
        await asyncio.sleep(0.5)
    memory = sum(_memory_of(one) for one in _processes_of(home))
    socket_.close()
    progress = next((course.parent / "progress").glob("*.json"), None)
    kept = json.loads(progress.read_text(encoding="utf-8")) if progress else {}
    return Learner(name, spawned, opened, tuple(took), tuple(said), memory, kept)


async def _run(channels, code):
    """Run code in a kernel; return what it printed, once the kernel has answered and is idle."""
    own, printed, left = uuid.uuid4().hex, [], {"execute_reply", "idle"}
    header = {"msg_id": own, "msg_type": "execute_request", "session": own, "username": "", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.write_message(json.dumps(message))
    while left:
        raw = await channels.read_message()
        assert raw is not None, "the kernel has gone"
        heard = json.loads(raw) if isinstance(raw, str) else {}
        if heard.get("parent_header", {}).get("msg_id") != own:
            continue
        content = heard["content"]
        if heard["msg_type"] == "stream":
            printed.append(content["text"])
        assert heard["msg_type"] != "error", f"{content['ename']}: {content['evalue']}"
        left -= {heard["msg_type"], content.get("execution_state")}
    return "".join(printed).strip()


async def _ask(address, method="GET", body=None, token=TOKEN):
    request = HTTPRequest(
        address,
        method,
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
        body=json.dumps(body or {}) if method == "POST" else None,
        request_timeout=120,
    )
    answer = await AsyncHTTPClient().fetch(request)
    return json.loads(answer.body) if answer.body else {}


async def _until_there(address, running, log):
    for _ in range(240):
        assert running.poll() is None, log.read_text()[-2000:]
        try:
            return await _ask(address)
        except (OSError, HTTPClientError):
            await asyncio.sleep(0.25)
    raise AssertionError(log.read_text()[-2000:])


def _processes_of(folder):
    """The processes that work in a folder or below it."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(one.cwd()).is_relative_to(folder):
                found.append(one)
    return found


def _memory_of(process):
    """A process's share of the memory in megabytes: what several share counts for each in part."""
    try:
        return process.memory_full_info().pss / 1e6
    except psutil.Error:
        return 0.0


def _free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
