"""The whole bench: prepares the halls, runs the rounds in turn, leaves nothing behind."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from server.ops.bench import disk, paper, past, touch
from server.ops.bench.cores import split
from server.ops.bench.figures import Round
from server.ops.bench.hall import SETTLE_S, SHOUT, HallRows, Length
from server.ops.bench.history import HistoryRows
from server.ops.bench.http_load import WARM_S, Wish, wish
from server.ops.bench.people import (
    Cast,
    call_somebody,
    give_numbers,
    hall_guests,
    make_cast,
    one_room_guests,
    read_token,
    serve_each_service,
    serve_samples,
)
from server.ops.bench.pressing import Pressed
from server.ops.bench.report import Report
from server.ops.bench.safety import SafetyRows
from server.ops.bench.servers import Server, start_bare, start_hall
from server.ops.bench.site import GERAI, write_floor
from server.ops.bench.worker import Address, LoadWorker

NAMES = ("disk", "http", "screens", "hall", "paper", "touch", "safety", "report")
#: rows of a database without the past
WITHOUT_PAST = frozenset({"disk", "paper", "touch", "hall"})
KIOSKS, DISPLAYS = 25, 65
#: numbers are given for this share of a round more, unmeasured, so that Next never runs dry
STOCK = 2.0
#: a round of slips is this share of another one: there are eight, and none has to warm up
PAPER_SHARE = 0.25
#: visitors waiting at each counter while frames are measured
LINE = 10


@dataclass(frozen=True)
class Plan:
    """`round_s`: length of one round of load; `presses`: of one round of frames; `parts`: of NAMES; `calls`: in a page's day;
    `gerai`: of the site with years behind it."""

    parts: tuple[str, ...] = NAMES
    rounds: int = 5
    round_s: float = 4.0
    presses: int = 12
    screens: int = 200
    legs: int = 1_000_000
    fsyncs: int = 200
    calls: int = 5000
    gerai: int = GERAI

    def wants(self, *names: str) -> bool:
        """Any of these."""
        return any(name in self.parts for name in names)


#: enough to see that a page says its calls; too few to see it grow
QUICK_CALLS = 30


def quick(plan: Plan) -> Plan:
    """Short rounds and a short past: to see that everything works, not how fast it is."""
    return replace(plan, rounds=2, round_s=1.5, presses=5, legs=min(plan.legs, 20_000), fsyncs=50, calls=QUICK_CALLS)


@dataclass(frozen=True)
class _Hall:
    """A running hall; `suffix` names its rows in the table."""

    suffix: str
    server: Server
    data: Path
    cast: Cast

    @property
    def address(self) -> Address:
        return self.server.address


class Bench:
    """`say` is told what is going on; the figures are in the report that `run` gives."""

    def __init__(self, plan: Plan, say: Callable[[str], object]) -> None:
        self._plan, self._say = plan, say
        self._servers, self._load_cores = split()
        self.report = Report()

    def run(self) -> Report:
        """Raises NotStarted, Refused, Broken when something could not be measured."""
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-bench-")))
            self._facts(folder)
            if self._plan.wants("paper"):
                self._paper()
            if self._plan.wants("http", "screens", "hall", "touch", "safety", "report"):
                load = ends.enter_context(LoadWorker(self._load_cores))
                self._measure(folder, ends, load)
        return self.report

    def _facts(self, folder: Path) -> None:
        fsync = self.report.of("fsync of 4 KB")
        fsync.add(disk.fsync_times(folder, self._plan.fsyncs))
        same = self._servers == self._load_cores
        self.report.facts.update({
            "disk": f"{folder.parent}, fsync p50 {fsync.ms(0.5):.3f} ms, p99 {fsync.ms(0.99):.3f} ms",
            "cores": f"servers on {sorted(self._servers)}, load on {sorted(self._load_cores)}" + (" (shared)" if same else ""),
            "rounds": f"{self._plan.rounds} of {self._plan.round_s} s, in turn",
        })
        if self._plan.parts == ("disk",):
            self.report.of("insert+commit").add(disk.insert_loop(folder, self._plan.round_s))

    def _paper(self) -> None:
        """Slips to bytes, in this process; nothing else runs meanwhile."""
        makers = paper.makers()
        self.report.facts["bytes of a slip"] = ", ".join(
            f"{name.removeprefix('slip ')} {len(make(1))}" for name, make in makers.items() if name.startswith("slip ")
        )
        for number in range(self._plan.rounds):
            self._say(f"slips, round {number + 1} of {self._plan.rounds}")
            for name, make in makers.items():
                self.report.of(name).add(paper.measure(make, self._plan.round_s * PAPER_SHARE))

    def _measure(self, folder: Path, ends: ExitStack, load: LoadWorker) -> None:
        # Before the other servers start: what is measured in these two has the disk and the cores to itself.
        if self._plan.wants("report"):
            site = folder / "site"
            write_floor(site.with_suffix(".toml"), self._plan.gerai)
            site_cast = self._prepare(site, MPP_SERVER_FLOOR=str(site.with_suffix(".toml")))
            halls = self._with_past("site", site)
            HistoryRows(self.report, self._plan.rounds, self._plan.round_s, load, halls, site_cast, self._servers, self._say).measure()
            shutil.rmtree(halls[-1][1])
        if not self._plan.wants("http", "screens", "hall", "touch", "safety"):
            return
        small = folder / "small"
        cast = self._prepare(small)
        folders = [("", small)] if WITHOUT_PAST.issuperset(self._plan.parts) else self._with_past("hall", small)
        if self._plan.wants("safety"):
            SafetyRows(self.report, self._plan.rounds, self._plan.round_s, load, folders, cast, self._servers, self._say).measure()
        bare = start_bare(folder, self._servers)
        ends.callback(bare.stop)
        halls = []
        for suffix, data in folders:
            server = start_hall(data, self._servers)
            ends.callback(server.stop)
            halls.append(_Hall(suffix, server, data, replace(cast, cli=read_token(data))))
        if self._plan.wants("touch"):
            self._touch(folder, halls[0])
        # The screens first: their hall has lines as a hall has them, not what the load leaves behind.
        if self._plan.wants("screens"):
            self._screens(load, bare, halls)
        if self._plan.wants("http"):
            self._http(folder, load, bare, halls)
        if self._plan.wants("hall"):
            self._hall(load, bare, halls[0])

    def _with_past(self, name: str, data: Path) -> list[tuple[str, Path]]:
        """This hall, and a copy of it with years behind it, if any are wished for."""
        if not self._plan.legs:
            return [("", data)]
        large = data.with_name(f"{data.name}-past")
        past.copy_data(data, large)
        self._say(f"adding {self._plan.legs} past legs ...")
        self.report.facts[f"past legs of the {name}"] = past.add_past(large, self._plan.legs)
        self.report.facts[f"database of the {name} with the past"] = f"{(large / 'mpp.sqlite3').stat().st_size / 1e6:.0f} MB"
        return [("", data), (" +past", large)]

    def _prepare(self, data: Path, **settings: str) -> Cast:
        """A first run with everybody enrolled and one finished visit per counter; on a floor plan of its own, of each service."""
        self._say("preparing a hall ...")
        server = start_hall(data, self._servers, **settings)
        try:
            cast = make_cast(server, data, KIOSKS, DISPLAYS)
            (serve_each_service if settings else serve_samples)(server, cast)
        finally:
            server.stop()
        past.settle_paper(data)
        return cast

    def _touch(self, folder: Path, hall: _Hall) -> None:
        self._say("touch to paper ...")
        services = [officer.service for officer in hall.cast.officers]
        plan, cores = self._plan, self._load_cores
        touch.measure(self.report, hall.server, folder, hall.cast.cli, services, 2 * plan.presses, plan.rounds, cores)

    def _hall(self, load: LoadWorker, bare: Server, hall: _Hall) -> None:
        plan = self._plan
        length = Length(plan.rounds, plan.presses, plan.screens, plan.calls)
        HallRows(self.report, length, load, bare, hall.server, hall.cast, hall.data, self._load_cores, self._say).measure()

    def _http(self, folder: Path, load: LoadWorker, bare: Server, halls: list[_Hall]) -> None:
        plan, report = self._plan, self.report
        view = [wish("GET", "/ok")] * len(halls[0].cast.officers)
        for number in range(plan.rounds):
            self._say(f"http round {number + 1} of {plan.rounds}")
            report.of("bare view").add(_timed(bare, lambda: load.http(bare.address, view, plan.round_s)))
            report.of("insert+commit").add(load.inserts(folder, plan.round_s))
            for hall in halls:
                report.of(f"tickets{hall.suffix}").add(_http(load, hall, hall.cast.ticket_wishes(), plan.round_s))
                load.http(hall.address, hall.cast.ticket_wishes(), plan.round_s * STOCK)
                past.settle_paper(hall.data)
            for hall in halls:
                call_somebody(hall.server, hall.cast)
                both = hall.cast.finish_next_wishes()
                report.of(f"finish and next{hall.suffix}").add(_http(load, hall, both, plan.round_s))
                load.http(hall.address, hall.cast.finish_wishes(), 0)
                called = load.volleys(hall.address, hall.cast.next_wishes(), hall.cast.finish_wishes(), plan.round_s)
                report.of(f"next{hall.suffix}").add(called)

    def _screens(self, load: LoadWorker, bare: Server, halls: list[_Hall]) -> None:
        count = self._plan.screens
        load.enter("bare", bare.address, [("bare", {}, {})] * count)
        for hall in halls:
            for officer in hall.cast.officers:
                give_numbers(hall.server, hall.cast, officer, LINE)
            past.settle_paper(hall.data)
        load.enter("one room", halls[0].address, one_room_guests(halls[0].cast, count))
        self._frames(load, bare, halls[:1], "one room")
        load.leave("one room")
        for hall in halls:
            load.enter(f"hall{hall.suffix}", hall.address, hall_guests(hall.cast, count))
        self._frames(load, bare, halls, "hall")
        self.report.memory_mb.update(halls[0].server.memory_mb())
        for owner in ("bare", *(f"hall{hall.suffix}" for hall in halls)):
            load.leave(owner)

    def _frames(self, load: LoadWorker, bare: Server, halls: list[_Hall], kind: str) -> None:
        """Presses in turn at the bare broadcast and at each hall."""
        time.sleep(SETTLE_S)
        for number in range(self._plan.rounds):
            self._say(f"frames, {kind}, round {number + 1} of {self._plan.rounds}")
            self._press("bare broadcast", load, bare, "bare", SHOUT, wants_call=False)
            for hall in halls:
                at = number % len(hall.cast.officers)
                call_somebody(hall.server, hall.cast)
                give_numbers(hall.server, hall.cast, hall.cast.officers[at], self._plan.presses)
                finger = hall.cast.finish_next_wishes()[at]
                told = self._press(f"frame {kind}{hall.suffix}", load, hall.server, f"{kind}{hall.suffix}", finger)
                if kind == "hall" and not hall.suffix:
                    for part in told.by_kind:
                        self.report.of(f"  frame {kind}/{part}").add(told.round(part))
                past.settle_paper(hall.data)

    def _press(
        self, name: str, load: LoadWorker, server: Server, owner: str, finger: Wish, wants_call: bool = True
    ) -> Pressed:
        before_s = server.cpu_s()
        told = load.press(owner, server.address, finger, self._plan.presses, wants_call)
        spent_s = server.cpu_s() - before_s
        self.report.of(name).add(replace(told.round(), cpu_s=spent_s, acts=told.presses))
        return told


def _http(load: LoadWorker, hall: _Hall, wishes: list[Wish], duration_s: float) -> Round:
    return _timed(hall.server, lambda: load.http(hall.address, wishes, duration_s))


def _timed(server: Server, round_of: Callable[[], Round]) -> Round:
    """The round with the processor time it cost the server."""
    before_s = server.cpu_s()
    one = round_of()
    # The warm-up is in the processor time but not in the count: shared out by time.
    share = one.over_s / (one.over_s + WARM_S)
    return replace(one, cpu_s=(server.cpu_s() - before_s) * share, acts=len(one.took_s))
