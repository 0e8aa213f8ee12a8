"""P1 and P2 under kill -9: at each write and sync of an hour, at those of a start, and at random under load."""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.lives.crowd import KILLS_OF_A_HALL, under_load
from server.ops.prove.lives.hall import Warm, furnished
from server.ops.prove.lives.hour import HOUR
from server.ops.prove.lives.killing import Found, Headers, Lane, Point, points_of
from server.ops.prove.lives.starting import Starts
from server.ops.prove.lives.story import Story
from server.ops.prove.tools import Missing, need

TITLE = "Crash: the server killed at every write"
HOW = f"""
What is promised: nothing that somebody was answered for is lost (P1), no number is given twice (P2), no act is there in part, and
the same key asked again after the restart is the same act.

**At each system call.** An hour of {len(HOUR)} acts (counters, kiosk, desk, print host, officers, supervisor, from the day's opening to
its closing) is pressed by one client. In an undisturbed hour strace writes down every call that changes or syncs a file of the
database. Then each of these calls is a point: strace kills the server (SIGKILL) as it is about to make it. What is left on the disk is
copied and judged before anybody touches it: the log must hold exactly the acts that were answered for, and the one under way
whole or not at all, with as many rows in each table as the undisturbed hour had; then SQLite's integrity check, the foreign
keys, the hash chain, and the hall worked out again from the log alone. A new server starts on the files, the act is asked again
under its key, and the hour goes on.

**While starting.** A server is killed, and the next one is killed at each write and sync of its own start, recovery included.

**At random.** Three kiosks, the desk and two officers press at once; the server is killed at seeded random moments, every eighth
on its way up, and judged each time.

The servers are the product's worker with the product's application, started as `mpp serve` starts them, but forked from a
process that has imported everything, without the gunicorn master: a start then costs about 0.3 s of a processor, and no import can
lose a ticket. The master and its restarts are killed in `tests/promises/test_kill.py`, in every run of the suite.

What this cannot show: a killed process loses no page that the system has. Power is another matter (`power.md`).
"""
PLANTS = (
    Plant(
        "an act is answered before its commit", "server/storage/unit.py",
        "            with connection.begin():\n                if len(units) == 1:",
        # The first of a process are as they should be: the hall is furnished before it is killed.
        "            self.count = getattr(self, 'count', 0) + 1\n"
        "            if connection.in_transaction():\n                connection.commit()\n"
        "            if self.count > 15:\n                connection.begin()\n                return [(True, self._run(connection, units[0]))]\n"
        "            with connection.begin():\n                if len(units) == 1:",
    ),
    Plant(
        "the kept answer in a transaction of its own", "server/app/performing.py",
        "        text = json.dumps(answer.body,",
        "        work.seal(); [work.connection.exec_driver_sql(say) for say in ('COMMIT', 'BEGIN IMMEDIATE', 'SAVEPOINT act')]\n"
        "        text = json.dumps(answer.body,",
    ),
    Plant("a journal in memory", "server/storage/engine.py", '"journal_mode=WAL"', '"journal_mode=MEMORY"'),
)


@dataclass(frozen=True)
class Plan:
    """`points` and `starts`: how many of them, None: all; `kills` under load; `lanes`: halls at once.

    `minutes`: when given, half of them at most for the hours, and no new hall after all of them; what was done is counted.
    """

    points: int | None = None
    starts: int | None = None
    kills: int = 1000
    lanes: int = 2
    minutes: float | None = None


SHORT = Plan(points=7, starts=1, kills=3, lanes=1)
#: a point that was not reached (another thread had written in between) is tried again so often
TRIES_MAX = 3


@dataclass
class Report:
    all_points: int = 0
    all_starts: int = 0
    hours: int = 0
    hour: Found = field(default_factory=Found)
    start: Found = field(default_factory=Found)
    load: Found = field(default_factory=Found)
    answers: int = 0
    asked_again: int = 0
    not_reached: int = 0

    @property
    def broken(self) -> list[str]:
        return [*self.hour.broken, *self.start.broken, *self.load.broken]


class Campaign:
    """`say` is told what is going on."""

    def __init__(self, plan: Plan, seed: int, say: Callable[[str], object]) -> None:
        self._plan, self._seed, self._say = plan, seed, say
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.report = Report()

    def run(self) -> Report:
        """Raises NotStarted, Refused or Missing when it cannot be tried."""
        need("strace")
        with places(self._plan.lanes) as lanes:
            try:
                self._all(lanes)
            except Missing:
                raise
            except Exception as problem:  # what stops us is a server that does not do what it should
                self.report.hour.broken.append(f"it could not go on: {type(problem).__name__}: {problem}")
        return self.report

    def _all(self, lanes: list[Lane]) -> None:
        story, calls = lanes[0].learn()
        self.report.hour.broken += story.wrong
        pending = points_of(calls)
        self.report.all_points = len(pending)
        if not pending:
            self.report.hour.broken.append("an hour without a write was recorded: nothing could be tried")
        random.Random(self._seed).shuffle(pending)
        if self._plan.points is not None:
            pending = some(pending, self._plan.points)
        self._say(f"{self.report.all_points} writes and syncs in an hour; killed at {len(pending)}")
        self._each(lanes, lambda lane: self._hours(lane, story, pending))
        self._each(lanes, lambda lane: self._starts(lane, story))
        seeds = list(range(self._plan.kills // KILLS_OF_A_HALL or 1))
        self._each(lanes, lambda lane: self._loads(lane, seeds))

    def _each(self, lanes: list[Lane], work: Callable[[Lane], None]) -> None:
        """All lanes at once; the first problem is raised here."""
        problems: list[Exception] = []

        def guarded(lane: Lane) -> None:
            try:
                work(lane)
            except Exception as problem:  # raised below, in the one who asked
                problems.append(problem)

        threads = [threading.Thread(target=guarded, args=(lane,), daemon=True) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]

    def _hours(self, lane: Lane, story: Story, pending: list[Point]) -> None:
        while not self._is_over(0.5) and (chosen := self._take(pending)):
            found = lane.hour(story, chosen)
            again = [replace(point, tries=point.tries + 1) for point in found.missed]
            with self._lock:
                pending += [point for point in again if point.tries < TRIES_MAX]
                self.report.not_reached += sum(point.tries >= TRIES_MAX for point in again)
                self.report.hour.add(found)
                self.report.hours += 1
                self._say(f"{self.report.hour.kills} kills in {self.report.hours} hours, {len(pending)} to go, {len(self.report.broken)} broken")

    def _is_over(self, share: float) -> bool:
        minutes = self._plan.minutes
        return minutes is not None and time.monotonic() - self._began > minutes * 60 * share

    def _take(self, pending: list[Point]) -> dict[int, Point]:
        """A point for each act that has one left."""
        chosen: dict[int, Point] = {}
        with self._lock:
            for point in list(pending):
                if point.act not in chosen:
                    chosen[point.act] = point
                    pending.remove(point)
        return chosen

    def _starts(self, lane: Lane, story: Story) -> None:
        """Each lane makes its own wreck; the points are shared out by their place."""
        starts, place = Starts(lane, story), int(lane.folder.name.rpartition("-")[2])
        points = starts.points()
        self.report.all_starts = len(points)
        random.Random(self._seed).shuffle(points)
        found = Found()
        for call, count in points[: self._plan.starts][place :: self._plan.lanes]:
            if self._is_over(0.7):
                break
            starts.die(found, call, count)
        with self._lock:
            self.report.start.add(found)
            self._say(f"{self.report.start.kills} kills while starting, {len(self.report.broken)} broken")

    def _loads(self, lane: Lane, seeds: list[int]) -> None:
        while True:
            with self._lock:
                if not seeds or self._is_over(1.0):
                    return
                seed = seeds.pop(0)
            found, answers, again = under_load(lane, min(KILLS_OF_A_HALL, self._plan.kills), self._seed * 1000 + seed)
            with self._lock:
                self.report.load.add(found)
                self.report.answers += answers
                self.report.asked_again += again
                self._say(f"{self.report.load.kills} kills under load, {len(self.report.broken)} broken")


def some(points: list[Point], count: int) -> list[Point]:
    """So many, each of another act; every other one a sync, at which all is written and nobody told."""
    syncs = [point for point in points if point.call != "pwrite64"]
    chosen: dict[int, Point] = {}
    for point in [*syncs[: count // 2], *points]:
        chosen.setdefault(point.act, point)
    return list(chosen.values())[:count]


@contextmanager
def places(count: int) -> Iterator[list[Lane]]:
    """So many lanes in a folder that goes with them, in memory where that can be had."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-", dir=memory())))
        warm = Warm(folder / "servers.log")
        ends.callback(warm.close)
        headers: Headers = furnished(warm, folder / "furnished")
        lanes = [Lane(warm, folder / "furnished", headers, folder / f"lane-{n}") for n in range(count)]
        for lane in lanes:
            ends.callback(lane.hall.close)
        yield lanes


def memory() -> Path | None:
    """A folder in memory, where there is one."""
    shared = Path("/dev/shm")
    return shared if os.access(shared, os.W_OK) else None


def run(order: Order) -> Findings:
    """Raises NotStarted or Refused when the hall does not come up."""
    try:
        report = Campaign(Plan() if order.is_long else SHORT, order.seed, order.say).run()
    except Missing as missing:
        return Findings(left_out=[str(missing)])
    return Findings(lines(report), report.broken)


def lines(report: Report) -> list[str]:
    """The figures in Markdown."""
    at = ", ".join(f"{count} at {call}" for call, count in sorted(report.hour.calls.items()))
    return [
        f"- The hour has {len(HOUR)} acts and {report.all_points} writes and syncs. Killed {report.hour.kills} times in {report.hours} hours ({at}), "
        f"each time at another; {report.not_reached} points were not reached in {TRIES_MAX} tries. The act under way was there, whole, {report.hour.kept} times, and not "
        f"at all {report.hour.undone} times.",
        f"- A start after a kill has {report.all_starts} writes and syncs. Killed {report.start.kills} times.",
        f"- Under load: killed {report.load.kills} times; {report.answers} answers, {report.asked_again} of them to a second asking.",
    ]
