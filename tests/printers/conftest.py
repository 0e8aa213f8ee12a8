"""Real parts for the printing tests: virtual printers on real ports, the print host as a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from printers.virtual.listener import Listener
from printers.virtual.machine import Behaviour, Machine, Mode
from printers.virtual.paper import Paper
from printers.virtual.store import PrintedSlip, SlipStore
from tests.printers.fakes import TOKEN, WAIT_S, FakeServer, printer

ROOT = Path(__file__).parents[2]


class WatchedStore(SlipStore):
    """The product's store, which tells the test when a slip came out."""

    def __init__(self) -> None:
        super().__init__(None)
        self.news = threading.Condition()

    def add(self, paper: Paper, cut: bool) -> PrintedSlip:
        with self.news:
            slip = super().add(paper, cut)
            self.news.notify_all()
            return slip


class VirtualPrinter:
    """One virtual printer in this process."""

    def __init__(self, width_mm: int = 80) -> None:
        self.store = WatchedStore()
        self.machine = Machine(width_mm, self.store)
        self.listener = Listener(self.machine, "127.0.0.1", 0)
        self.port = self.listener.address[1]
        self.listener.start()

    def behave(self, mode: str, count: int = 0, **more: Any) -> None:
        """`more`: answers, late_s, lies of Behaviour."""
        assert self.listener.behave(Behaviour(Mode(mode), count, **more))

    def slips(self, count: int) -> list[PrintedSlip]:
        """Oldest first, once `count` have come out."""
        with self.store.news:
            assert self.store.news.wait_for(lambda: len(self.store.newest_first()) >= count, WAIT_S)
        return self.store.newest_first()[::-1]

    @property
    def errors(self) -> list[str]:
        return [error["text"] for error in self.machine.facts()["errors"]]


@pytest.fixture
def make_printer() -> Iterator[Callable[..., VirtualPrinter]]:
    made: list[VirtualPrinter] = []

    def make(width_mm: int = 80) -> VirtualPrinter:
        made.append(VirtualPrinter(width_mm))
        return made[-1]

    yield make
    for each in made:
        each.listener.close()


@pytest.fixture
def virtual(make_printer: Callable[..., VirtualPrinter]) -> VirtualPrinter:
    return make_printer()


@pytest.fixture
def make_server() -> Iterator[Callable[..., FakeServer]]:
    made: list[FakeServer] = []

    def make(printers: list[dict[str, object]], **limits: float) -> FakeServer:
        made.append(FakeServer(printers, **limits))
        return made[-1]

    yield make
    for each in made:
        each.away()


@pytest.fixture
def server(make_server: Callable[..., FakeServer], virtual: VirtualPrinter) -> FakeServer:
    """A server with one printer P1: `virtual`."""
    return make_server([printer("P1", virtual.port)])


StartHost = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[StartHost]:
    """Start the real process; `program` replaces `-m printers` for one that dies at a known step."""
    started: list[subprocess.Popen[str]] = []

    def start(server: FakeServer, *program: str, url: str = "") -> subprocess.Popen[str]:
        arguments = [*(program or ("-m", "printers")), "--url", url or server.url]
        with (tmp_path / f"host-{len(started)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments, "--state", str(tmp_path / "state")],
                cwd=ROOT, env={**os.environ, "MPP_TOKEN": TOKEN}, text=True, stderr=log,
            )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        print(f"print host {process.pid}: exit code before the end of the test {process.poll()}")
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(WAIT_S)


@pytest.fixture
def dead_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
