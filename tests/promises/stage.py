"""Real servers for the promises, and the crowds that press on them from processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from server.ops.prove.records import Records
from server.storage.database import FILE
from tests.house.files import ROOT
from tests.promises.crowd import CLOCK, crowd_folder
from tests.serve.servers import Server
from tests.waiting import wait_for

#: below the range the system takes ports from by itself, so that nobody gets one while its server is down
PORTS = range(8400, 8500)
#: a bound for what takes a second or two on an idle machine
SOON_S = 120


def free_port() -> int:
    """One of PORTS that nobody listens on; different processes begin their search at different ones."""
    for step in range(len(PORTS)):
        port = PORTS[(os.getpid() + step) % len(PORTS)]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"all of {PORTS} are taken")


class Racer:
    """A process of racer.py; what it says goes to a file."""

    def __init__(self, path: Path, port: int, kind: str, n: int, count: int, life: str) -> None:
        self.path = path
        self.file: IO[bytes] = self.path.open("wb")
        words = [sys.executable, "-m", "tests.promises.racer", kind, str(n), str(port), str(count), life]
        self.process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=self.file, stderr=self.file)

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()

    def is_ready(self) -> bool:
        return self.lines()[:1] == ["ready"]

    def says(self) -> list[dict[str, Any]]:
        """Its answers so far; a last line that is only half written is not one."""
        whole = self.path.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def tell(self) -> None:
        """Go, and later: stop."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Its end, which must be an orderly one."""
        assert self.process.wait(SOON_S) == 0, self.path.read_text()

    def clean_up(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.file.close()


class Crowd:
    """Racers that start at one moment."""

    def __init__(self, racers: list[Racer]) -> None:
        self.racers = racers
        wait_for(lambda: all(racer.is_ready() for racer in racers), SOON_S, "every racer ready")

    def go(self) -> Crowd:
        for racer in self.racers:
            racer.tell()
        return self

    def says(self) -> list[dict[str, Any]]:
        return [line for racer in self.racers for line in racer.says()]

    def more(self, answers: int) -> None:
        """Wait until it has had so many answers more."""
        wanted = self._count() + answers
        wait_for(lambda: self._count() >= wanted or self._fell(), SOON_S, f"{answers} more answers")
        assert not self._fell(), [racer.lines()[-1:] for racer in self.racers]

    def _count(self) -> int:
        return sum(racer.path.read_bytes().count(b"\n{") for racer in self.racers)

    def _fell(self) -> bool:
        return any(racer.process.poll() for racer in self.racers)

    def stop(self) -> None:
        self.go().end()

    def end(self) -> None:
        for racer in self.racers:
            racer.end()

    def tickets(self) -> dict[int, str]:
        """What kiosks were told: ticket id -> number."""
        return {line["id"]: line["number"] for line in self.says() if "id" in line}


class Stage:
    """A server with a hall for a crowd. Its print host has no token: nothing is printed here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = crowd_folder(folder / "data")
        settings = {"clock": CLOCK, "printing_virtual": "false", "server_log_level": "WARNING"}
        self.server = Server(self.data, port=free_port(), settings=settings)
        self._racers: list[Racer] = []
        self._records: list[Records] = []

    def crowd(self, kiosks: Iterable[int] = (), officers: Iterable[int] = (), count: int = 0, life: str = "1") -> Crowd:
        """These kiosks and officers; `count` acts each, 0: until told to stop. Their keys belong to this `life`."""
        racers = []
        for kind, n in [*(("kiosk", n) for n in kiosks), *(("officer", n) for n in officers)]:
            path = self.folder / f"racer-{len(self._racers)}.said"
            racers.append(Racer(path, self.server.port, kind, n, count, life))
            self._racers.append(racers[-1])
        return Crowd(racers)

    def records(self) -> Records:
        self._records.append(Records(self.data / FILE))
        return self._records[-1]

    def kill(self, whom: str) -> None:
        """kill -9 of the `worker` alone (its master starts another), or of the `master`, or of the whole `group`."""
        if whom == "worker":
            worker = self.server.family()["worker"]
            os.kill(worker, signal.SIGKILL)
            wait_for(lambda: self.server.family().get("worker", worker) != worker, SOON_S, "another worker")
            return
        assert self.server.process is not None
        (os.killpg if whom == "group" else os.kill)(self.server.pid, signal.SIGKILL)
        self.server.process.wait(SOON_S)
        self.server.start().up()

    def clean_up(self) -> None:
        for racer in self._racers:
            racer.clean_up()
        for records in self._records:
            records.close()
        process = self.server.process
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.clean_up()


