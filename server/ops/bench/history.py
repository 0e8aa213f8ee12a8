"""What years behind a hall cost: a month's report, a year's figures, the supervisor's view, and the hall while they are made.

The floor of the same run is the bare scan: the month's legs with their tickets, every column, read by sqlite3 alone and looked
at no further. Report, figures and view are made in this process, by turns; the programs that make them and the report's files are run
too, for their time and peak memory.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from config import texts
from config.settings import load as load_settings
from server.app.figures import figures
from server.app.months import month_of
from server.app.report_periods import period_of
from server.app.ports import Work
from server.app.snapshot import SiteFacts
from server.app.views import view_data
from server.cli.places import home
from server.clock import parse_clock
from server.ops.backup import archive
from server.ops.bench import past
from server.ops.bench.cores import stay_on
from server.ops.bench.figures import Round
from server.ops.bench.people import AT_ONCE, Cast, Refused, bearer, read_token, ticket_wish
from server.ops.bench.report import Report
from server.ops.bench.servers import CLOCK, cpu_s, start_hall
from server.ops.bench.worker import LoadWorker
from server.ops.figures_child import TIMEOUT_S
from server.ops.report_desk import MODULE
from server.ops.first_run import around_of
from server.storage.database import database_of
from server.storage.unit import Readers

SCAN = (
    "SELECT * FROM leg JOIN ticket ON ticket.id = leg.ticket"
    " WHERE leg.site = (SELECT site FROM event_head) AND leg.business_date BETWEEN ? AND ?"
)
YEAR_DAYS = 365
#: views of one round
VIEWS = 20
#: a process is looked at so often, seconds
PEAK_LOOK_S = 0.02


class HistoryRows:
    """`halls`: suffix of the rows and data folder, the last one with the past; no server runs on them."""

    def __init__(
        self, report: Report, rounds: int, round_s: float, load: LoadWorker, halls: list[tuple[str, Path]], cast: Cast,
        cores: frozenset[int], say: Callable[[str], object],
    ) -> None:  # fmt: skip
        self._report, self._rounds, self._round_s, self._load = report, rounds, round_s, load
        self._halls, self._cast, self._cores, self._say = halls, cast, cores, say
        self._data = halls[-1][1]
        self._services = cycle(cast.services)
        self._first, self._last = _busiest_month(self._data)

    def measure(self) -> None:
        self._made_here()
        self._made_by_processes()
        self._beside_the_load()

    def _made_here(self) -> None:
        shelves = {suffix: _readers(data) for suffix, data in self._halls}
        for number in range(self._rounds):
            self._say(f"month and year, round {number + 1} of {self._rounds}")
            self._add("bare scan of a month", self._scan)
            self._add("month JSON", lambda: _read(shelves[self._halls[-1][0]], self._month))
            self._add("year's figures", lambda: _read(shelves[self._halls[-1][0]], self._year))
            for suffix, _ in self._halls:
                took = [_timed(lambda suffix=suffix: _read(shelves[suffix], _view)) for _ in range(VIEWS)]  # type: ignore[misc]
                self._report.of(f"floor view{suffix}").add(Round(tuple(took), sum(took)))
        for readers in shelves.values():
            readers.close()

    def _add(self, name: str, made: Callable[[], object]) -> None:
        took_s = _timed(made)
        self._report.of(name).add(Round((took_s,), took_s))

    def _scan(self) -> None:
        with sqlite3.connect(f"file:{self._data / archive.DATABASE}?mode=ro", uri=True) as database:
            legs = len(database.execute(SCAN, (self._first.isoformat(), self._last.isoformat())).fetchall())
        database.close()
        self._report.facts["legs of the month"] = legs

    def _month(self, work: Work) -> Any:
        return month_of(work, period_of("monthly", f"{self._first:%Y-%m}"), None)

    def _year(self, work: Work) -> Any:
        since = self._last - timedelta(days=YEAR_DAYS - 1)
        return figures(work, first=since, last=self._last, today=self._last, by=("gerai", "month"))

    def _made_by_processes(self) -> None:
        """Wall clock with the start of Python, and peak resident memory."""
        month = ["server.cli.main", "report", "monthly", "--month", f"{self._first:%Y-%m}", "--data", str(self._data), "--format"]
        year = {"what": "figures", "first": str(self._last - timedelta(days=YEAR_DAYS - 1)), "last": str(self._last), "today": str(self._last)}
        for name, command, said in (
            ("month JSON, process", [*month, "json"], ""), ("month PDF, process", [*month, "pdf"], ""), ("month XLSX, process", [*month, "xlsx"], ""),
            ("year's figures, process", ["server.ops.figures_child", str(self._data)], json.dumps(year)),
        ):  # fmt: skip
            self._say(f"{name} ...")
            took_s, peak_mb = _process(command, said)
            self._report.of(name).add(Round((took_s,), took_s))
            self._report.peaks_mb[name] = peak_mb
            times = took_s * 1000 / self._report.of("bare scan of a month").ms(0.5)
            self._report.facts[f"{name} / bare scan of a month"] = f"{times:.1f}, with the start of Python"

    def _beside_the_load(self) -> None:
        """A round of numbers without, one with a year's figures asked for again and again, and one with a year's report being made."""
        server = start_hall(self._data, self._cores)
        try:
            path = f"/api/v1/figures?from={self._last - timedelta(days=YEAR_DAYS - 1)}&to={self._last}&by=gerai,month"
            token = bearer(read_token(self._data))
            with _Making(self._year_report) as making:
                for number in range(self._rounds):
                    self._say(f"figures and a report beside the load, round {number + 1} of {self._rounds}")
                    self._report.of("tickets, no figures").add(self._tickets(server.address))
                    with _Asked(lambda: _got(server.address, path, token)):
                        self._report.of("tickets, a year's figures").add(self._tickets(server.address))
                    with making.at_work():
                        self._report.of("tickets, a year's report").add(self._tickets(server.address))
            self._report.facts["a year's report beside the load"] = f"had {making.worked_s:.1f} s of the processor in {making.over_s:.1f} s"
        finally:
            server.stop()

    def _year_report(self) -> subprocess.Popen[bytes]:
        """Its files, by the program that the server starts for them, on the server's cores."""
        folder = tempfile.mkdtemp(dir=self._data.parent)
        command = [MODULE, str(os.getpid()), str(self._data), "yearly", str(self._last.year), "-", "", str(self._last), folder]
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=home(), env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=stay_on(self._cores)
        )

    def _tickets(self, address: tuple[str, int]) -> Round:
        """In a hall in which nobody waits yet, at the next gerai: a series has 9,999 numbers a day."""
        past.settle_paper(self._data)
        past.send_home(self._data)
        kiosks = list(self._cast.kiosks.values())[:AT_ONCE]
        wishes = [ticket_wish(token, next(self._services)) for token in kiosks]
        return self._load.http(address, wishes, self._round_s)


def _busiest_month(data: Path) -> tuple[date, date]:
    """The first and last date of the month with most legs."""
    with sqlite3.connect(f"file:{data / archive.DATABASE}?mode=ro", uri=True) as database:
        row = database.execute("SELECT substr(business_date, 1, 7) FROM leg GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1").fetchone()
    database.close()
    first = date.fromisoformat(f"{row[0]}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _readers(data: Path) -> Readers:
    database = database_of("", data)
    return Readers(database.url, database.cache(), around_of(load_settings(None, {"MPP_SERVER_DATA": str(data)})))


def _read(readers: Readers, made: Callable[[Work], Any]) -> None:
    """As plain data and then as JSON, like an answer."""
    with readers.work() as work:
        json.dumps(made(work), default=str)


def _view(work: Work) -> Any:
    clock = parse_clock(CLOCK)
    assert clock is not None
    now = clock.now()
    return view_data(work.snapshot(now), "floor", now, SiteFacts(texts=texts.load("id")))


def _timed(made: Callable[[], object]) -> float:
    """Processor time of this process, which waits for nobody: steadier than the clock on a busy machine."""
    since_s = time.process_time()
    made()
    return time.process_time() - since_s


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return {**kept, "PYTHONPATH": str(home())}


def _process(command: list[str], said: str) -> tuple[float, float]:
    """(seconds, peak megabytes of 10^6 bytes). Raises Refused."""
    since_s = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=home(), env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert child.stdin is not None
    child.stdin.write(said.encode())
    child.stdin.close()
    peak_mb = 0.0
    while child.poll() is None:
        peak_mb = max(peak_mb, _peak_mb(child.pid))
        time.sleep(PEAK_LOOK_S)
    if child.returncode:
        raise Refused(f"{command[:3]}: exit {child.returncode}")
    return time.perf_counter() - since_s, peak_mb


def _peak_mb(pid: int) -> float:
    """Since its program began; what wait4(2) tells counts the memory of whoever forked it as well."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _got(address: tuple[str, int], path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """A year may take as long as the server lets it."""
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT_S + 10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class _Making:
    """A process that goes on where it was while `at_work`, begun again when it is done. `worked_s`, `over_s`: its processor time, and the clock's."""

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._begin = begin
        self.worked_s = self.over_s = 0.0

    def __enter__(self) -> _Making:
        self._child = self._begin()
        self._child.send_signal(signal.SIGSTOP)
        return self

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Raises Refused when it went wrong."""
        if self._child.poll() == 0:
            self._child = self._begin()
        since_s, before_s = time.perf_counter(), cpu_s(self._child.pid)
        self._child.send_signal(signal.SIGCONT)
        yield
        if self._child.poll():
            raise Refused(f"a year's report: exit {self._child.returncode}")
        self._child.send_signal(signal.SIGSTOP)
        self.over_s += time.perf_counter() - since_s
        self.worked_s += cpu_s(self._child.pid) - before_s if self._child.poll() is None else 0.0

    def __exit__(self, *problem: object) -> None:
        self._child.kill()
        self._child.wait()


class _Asked:
    """Asks again and again while the block runs; the last answer is awaited. Raises Refused at the end."""

    def __init__(self, ask: Callable[[], tuple[int, bytes]]) -> None:
        self._ask = ask
        self._wrong = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()
        if self._wrong:
            raise Refused(self._wrong)

    def _work(self) -> None:
        while not self._over.is_set() and not self._wrong:
            status, answer = self._ask()
            self._wrong = "" if status == 200 else f"{status} {answer[:200]!r}"
