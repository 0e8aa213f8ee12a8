"""What safety costs: a start after kill -9, a backup beside the load, and the hash chain in every act.

A server is killed while numbers are pressed, so that its WAL is there to be read again; the time runs from the new start to the
first number that it gives. The floors of the same run are the start of the bare app, the load without a backup, and one row
inserted and committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from server.cli.places import home
from server.domain.events import seal
from server.ops.backup import archive, copying
from server.ops.bench import disk, past
from server.ops.bench.cores import stay_on
from server.ops.bench.figures import Round
from server.ops.bench.http_load import once
from server.ops.bench.people import Cast, Refused
from server.ops.bench.report import Report
from server.ops.bench.servers import HOST, Server, start_bare, start_hall
from server.ops.bench.worker import LoadWorker

FIRST_ACT_S, LOOK_S = 30.0, 0.02
#: as the scheduled backups run (`server/ops/backup/child.py`)
NICE = 10
#: events that are sealed again and again
EVENTS = 500


@dataclass
class _Hall:
    suffix: str
    data: Path
    server: Server


class SafetyRows:
    """`halls`: suffix of the rows and data folder; no server runs on them."""

    def __init__(
        self, report: Report, rounds: int, round_s: float, load: LoadWorker, halls: list[tuple[str, Path]], cast: Cast,
        cores: frozenset[int], say: Callable[[str], object],
    ) -> None:  # fmt: skip
        self._report, self._rounds, self._round_s, self._load = report, rounds, round_s, load
        self._halls, self._cast, self._cores, self._say = halls, cast, cores, say
        self._running: dict[str, _Hall] = {}

    def measure(self) -> None:
        self._seals_and_floors()
        with ExitStack() as ends:
            for suffix, data in self._halls:
                hall = self._running[suffix] = _Hall(suffix, data, start_hall(data, self._cores))
                ends.callback(lambda hall=hall: hall.server.stop())  # type: ignore[misc]
            for number in range(self._rounds):
                self._say(f"kills and backups, round {number + 1} of {self._rounds}")
                for hall in self._running.values():
                    self._recover(hall)
                for hall in self._running.values():
                    self._backup(hall)

    def _seals_and_floors(self) -> None:
        """While no hall runs: it has the small one's files open."""
        data = self._halls[0][1]
        for number in range(self._rounds):
            self._say(f"seals and bare starts, round {number + 1} of {self._rounds}")
            self._seal(data)
            self._start_bare(data.parent)

    def _seal(self, data: Path) -> None:
        """The chain's share of an act, with the least that a committed row costs on this disk."""
        with copying.opened(data / archive.DATABASE) as database:
            events = [event for _, event in copying.events_after(database, past.site_of(database), 0)][:EVENTS]
        head, took = "", []
        began_s = since_s = time.perf_counter()
        while since_s - began_s < self._round_s / 8:
            for event in events:
                head = seal(head, event, event.seq)
                now_s = time.perf_counter()
                took.append(now_s - since_s)
                since_s = now_s
        self._report.of("seal of an event").add(Round(tuple(took), since_s - began_s))
        self._report.of("insert+commit, here").add(disk.insert_loop(data.parent, self._round_s / 8))

    def _start_bare(self, folder: Path) -> None:
        since_s = time.perf_counter()
        server = start_bare(folder, self._cores, LOOK_S)
        took_s = time.perf_counter() - since_s
        server.stop()
        self._report.of("start of the bare app").add(Round((took_s,), took_s))

    def _recover(self, hall: _Hall) -> None:
        """Kill it while its WAL is long, and put it up again."""
        self._tickets(hall)
        hall.server.kill()
        self._report.facts[f"WAL left by a kill{hall.suffix}"] = f"{_size(hall.data, '-wal') / 1e6:.1f} MB"
        since_s = time.perf_counter()
        hall.server = start_hall(hall.data, self._cores, look_s=LOOK_S)
        self._first_number(hall.server)
        took_s = time.perf_counter() - since_s
        past.settle_paper(hall.data)
        self._report.of(f"kill -9 to a number{hall.suffix}").add(Round((took_s,), took_s))

    def _first_number(self, server: Server) -> None:
        """Raises Refused."""
        ends_s = time.perf_counter() + FIRST_ACT_S
        while time.perf_counter() < ends_s:
            status, answer = once(server.address, self._cast.ticket_wishes()[0])
            if status == 201:
                return
            time.sleep(LOOK_S)
        raise Refused(f"no number after a restart: {status} {answer[:200]!r}")

    def _backup(self, hall: _Hall) -> None:
        """A round of load without, and one with backups one after the other."""
        self._report.of(f"tickets, no backup{hall.suffix}").add(self._tickets(hall))
        with _Backups(hall, self._cores) as backups:
            self._report.of(f"tickets, backup{hall.suffix}").add(self._tickets(hall))
        self._report.of(f"backup{hall.suffix}").add(backups.round())
        self._report.facts[f"backup{hall.suffix}"] = f"{_size(hall.data, '') / 1e6:.1f} MB in {backups.bytes / 1e6:.1f} MB"

    def _tickets(self, hall: _Hall) -> Round:
        """In a hall in which nobody waits yet."""
        past.settle_paper(hall.data)
        past.send_home(hall.data)
        return self._load.http(hall.server.address, self._cast.ticket_wishes(), self._round_s)


def _size(data: Path, ending: str) -> int:
    return (data / f"{archive.DATABASE}{ending}").stat().st_size


class _Backups:
    """`mpp backup` again and again while the block runs, at the nice of a scheduled one and on the server's cores; the last one is awaited."""

    def __init__(self, hall: _Hall, cores: frozenset[int]) -> None:
        self._cores = cores
        self._file = hall.data.with_name("bench.mppbackup")
        self._data, self._port = hall.data, hall.server.address[1]
        self._took: list[float] = []
        self._wrong = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.bytes = 0

    def __enter__(self) -> _Backups:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()
        if self._wrong:
            raise Refused(self._wrong)
        self.bytes = self._file.stat().st_size
        self._file.unlink()

    def round(self) -> Round:
        return Round(tuple(self._took), sum(self._took))

    def _work(self) -> None:
        command = ["nice", "-n", str(NICE), sys.executable, "-m", "server.cli.main", "backup", str(self._file), "--data", str(self._data)]
        here = {"MPP_SERVER_PORT": str(self._port), "MPP_SERVER_HOST": HOST, "PYTHONPATH": str(home())}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
        while not self._over.is_set() and not self._wrong:
            since_s = time.perf_counter()
            done = subprocess.run(command, cwd=home(), env={**kept, **here}, capture_output=True, text=True, preexec_fn=stay_on(self._cores))
            self._took.append(time.perf_counter() - since_s)
            self._wrong = done.stdout + done.stderr if done.returncode else ""
