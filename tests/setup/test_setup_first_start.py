"""The whole way of a learner: a fresh clone, one command, and JupyterLab answers."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest


@pytest.mark.slow
def test_fresh_clone_opens_the_first_lesson_behind_its_token(checkout):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "start.py", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            address = re.search(rf"(http://127\.0\.0\.1:{port}/\S*)\?token=(\w+)", line)
            if address:
                break
        else:
            if "can't be downloaded" in said[-1]:
                pytest.skip("needs a network connection: it installs what a learner installs")
            pytest.fail("".join(said))
        page, token = address.groups()
        assert page.endswith("/lab/tree/course/00_start_here.ipynb")
        assert (checkout / "course" / "00_start_here.ipynb").exists()

        wait_until_listening(port)
        lesson = f"http://127.0.0.1:{port}/api/contents/course/00_start_here.ipynb"
        with urllib.request.urlopen(f"{lesson}?token={token}", timeout=30) as reply:
            assert json.load(reply)["type"] == "notebook"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(lesson, timeout=30)
        with urllib.request.urlopen(f"{page}?token={token}", timeout=30) as reply:
            settings = re.search(
                r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', reply.read().decode()
            )
        extensions = json.loads(settings.group(1))["federated_extensions"]
        assert "faultlab" in [one["name"] for one in extensions]
        assert not answers_elsewhere(port)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in "".join(said) + rest


def wait_until_listening(port, seconds=60):
    """The address is printed a moment before the server listens there."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "JupyterLab does not listen"
            time.sleep(0.05)


def answers_elsewhere(port):
    """Whether the server can be reached by another of this machine's addresses than loopback."""
    for address in {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}:
        if not address.startswith("127."):
            try:
                socket.create_connection((address, port), timeout=2).close()
            except OSError:
                continue
            return True
    return False
