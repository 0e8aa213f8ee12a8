"""A real server in a process of its own, on eventlet and on gevent."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.realtime.wires import Http, Screen

ROOT = Path(__file__).parents[2]
WORKERS = {"eventlet": "EventletWorker", "gevent": "GeventWorker"}
START_TRIES = 400


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _command(mode: str, port: int) -> list[str]:
    settings = ["--graceful-timeout", "1", "--no-control-socket", "--log-level", "warning"]
    worker = f"server.concurrency.{WORKERS[mode]}"
    bind = ["-k", worker, "-b", f"127.0.0.1:{port}"]
    return [sys.executable, "-m", "gunicorn", *bind, *settings, "tests.realtime.served:application"]


@pytest.fixture(scope="session", params=list(WORKERS))
def server(request, tmp_path_factory):
    """(port, file of what the server said), running until the end of the tests."""
    port, said = _free_port(), tmp_path_factory.mktemp("server") / "said.txt"
    env = {**os.environ, "MPP_TEST_MODE": request.param, "PYTHONPATH": str(ROOT)}
    with said.open("wb") as out:
        running = subprocess.Popen(_command(request.param, port), cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        _await_port(running, port, said)
        yield port, said
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _await_port(running: subprocess.Popen, port: int, said: Path) -> None:
    """Wait until the server answers; each try waits at most 50 ms for the process to end."""
    for _ in range(START_TRIES):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            pass
        try:
            running.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(said.read_text())


@pytest.fixture
def http(server) -> Http:
    return Http(server[0])


@pytest.fixture
def screen(server):
    """Makes screens, and at the end closes them and waits until the server has seen it."""
    made: list[Screen] = []

    def make(**options: object) -> Screen:
        made.append(Screen(server[0], **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
    assert Http(server[0]).json("/test/counts?screens=0")["screens"] == 0
