"""A real server with a simulated clock, in a process of its own."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import make_free_port
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
MPP = [sys.executable, "-m", "server.cli.main"]
START_TIMEOUT_S, END_TIMEOUT_S = 120, 30


@dataclass(frozen=True)
class Hall:
    """`data` holds first-run.json and server.json."""

    url: str
    data: Path


def environment(clock: str, data: Path) -> dict[str, str]:
    """This environment without a site's own settings, for a server of a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    ports = {"TCP": make_free_port(), "HTTP": make_free_port()}
    virtual = {f"MPP_PRINTING_VIRTUAL_{kind}_PORT": str(port) for kind, port in ports.items()}
    return {**kept, **virtual, "MPP_CLOCK": clock, "MPP_SERVER_DATA": str(data), "MPP_SERVER_HOST": "127.0.0.1"}


def _is_ready(url: str, running: subprocess.Popen[bytes], said: Path) -> bool:
    if running.poll() is not None:
        raise AssertionError(said.read_text())
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Callable[[str], Hall]]:
    """Starts a server whose clock begins and runs as said; ends it with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(clock: str) -> Hall:
        data, said, port = tmp_path / "data", tmp_path / "said.txt", make_free_port()
        with said.open("wb") as out:
            running = subprocess.Popen(
                [*MPP, "serve", "--port", str(port)], cwd=ROOT, env=environment(clock, data), stdout=out, stderr=out
            )
        started.append(running)
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _is_ready(url, running, said), START_TIMEOUT_S, "the server is ready")
        return Hall(url, data)

    yield start
    for running in started:
        running.terminate()
        try:
            running.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
