"""P1 and P2 when the power goes: a server's own writes replayed as the disks it may leave behind."""

from __future__ import annotations

import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.crash import PLANTS as CRASHES
from server.ops.prove.crash import memory, places
from server.ops.prove.lives.images import BAD_ENOUGH, Recording, Seen, Viewer
from server.ops.prove.lives.recording import record_crowd, record_hour
from server.ops.prove.tools import Missing, need

#: the product folds the WAL back every 4000 pages; so often it happens many times in an hour
CHECKPOINT_PAGES = 24
TITLE = "Power: the disk after a power cut"
HOW = f"""
What is promised: what somebody was answered for is on the disk, and the disk can be read, whenever the power goes (P1, P2).

strace writes down what the product's worker writes to its database, cuts off, syncs and unlinks, from its start through an hour
of acts to its orderly end, and the client notes when it had each answer. Then, after each of these calls, the power goes: what
was synced is there; of what was not, a seeded choice: nothing, all, some writes, a beginning or an end with a torn write at the
border, or any of its sectors of 512 bytes, in any order; where a file had grown, missing sectors are zeros or junk. A new file may
have no entry yet, and an unlinked one may be back, until its folder is synced.

Each image is written to files and opened by SQLite, which recovers it and folds it back. Its content is compared with what had been
answered for by then: the log must hold exactly those acts, and the one under way whole or not at all, with as many rows in each
table. Each content that was not seen before is opened twice and judged at length: integrity check, foreign keys, hash chain,
every number once, the hall worked out again from the log. No choice is taken twice at a point of a recording.

Recordings: *hour*, with the WAL folded back every {CHECKPOINT_PAGES} pages instead of every 4000, so that this moment and the writing
over of an old WAL come often; *crowd*, the same with kiosks, desk and officers at once, whose acts share commits; *own*, an hour
with the product's own setting (few images, because its WAL is long).

What this cannot show: disks that lie about having synced, sectors that are torn themselves or go bad, a file system that loses
more than POSIX lets it. The `-shm` beside the WAL is memory, which SQLite makes anew; it is in no image. Files beside the
database (the first run's papers, what the site uploaded) are not replayed.
"""
PLANTS = (
    Plant("the commit is not synced (NORMAL)", "server/storage/engine.py", '"synchronous=FULL"', '"synchronous=NORMAL"'),
    Plant("nothing is synced (OFF)", "server/storage/engine.py", '"synchronous=FULL"', '"synchronous=OFF"'),
    *CRASHES,
)


@dataclass(frozen=True)
class Plan:
    """`images`: how many are wanted; `own`: of each point of the long WAL; `step`: points between two that are looked at.

    `minutes`: when given, no image is drawn after them; what was looked at is counted.
    """

    images: int = 1_000_000
    own: int = 6
    answers: int = 100
    step: int = 1
    workers: int = 2
    minutes: float | None = None


SHORT = Plan(images=2500, own=0, answers=0, step=5, workers=1)
#: parts into which a recording is cut for the workers
PARTS = 60


@dataclass
class Report:
    seen: dict[str, Seen] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def images(self) -> int:
        return sum(seen.images for seen in self.seen.values())

    @property
    def bad(self) -> int:
        return sum(seen.bad for seen in self.seen.values())


@dataclass(frozen=True)
class Task:
    recording: str
    each: int
    part: int
    parts: int


class Campaign:
    """`say` is told what is going on."""

    def __init__(self, plan: Plan, seed: int, say: Callable[[str], object]) -> None:
        self._plan, self._seed, self._say = plan, seed, say

    def run(self) -> Report:
        """Raises NotStarted, Refused or Missing when it cannot be tried."""
        need("strace")
        recordings = self._record()
        report, began = Report(), time.monotonic()
        for one in recordings.values():
            report.calls[one.name] = len(one.ops)
            report.seen[one.name] = Seen()
            report.wrong += one.story.wrong if one.story else []
        for name, seen in self._looks(recordings, self._tasks(recordings)):
            before = report.images
            report.seen[name].add(seen)
            took_s = time.monotonic() - began
            if before // 10_000 != report.images // 10_000:
                self._say(f"{report.images} images, {report.bad} bad, {took_s:.0f} s")
            if report.bad >= BAD_ENOUGH or (self._plan.minutes is not None and took_s > self._plan.minutes * 60):
                break
        report.took_s = time.monotonic() - began
        return report

    def _record(self) -> dict[str, Recording]:
        with places(1) as lanes:
            made = [record_hour(lanes[0], "hour", CHECKPOINT_PAGES)]
            if self._plan.answers:
                made.append(record_crowd(lanes[0], "crowd", CHECKPOINT_PAGES, self._plan.answers))
            if self._plan.own:
                made.append(record_hour(lanes[0], "own", None))
        for one in made:
            self._say(f"{one.name}: {len(one.ops)} calls recorded")
        return {one.name: one for one in made}

    def _tasks(self, recordings: dict[str, Recording]) -> list[Task]:
        """In a seeded order, so that what is looked at first is spread over all of it."""
        points = sum(len(one.ops) for one in recordings.values() if one.name != "own")
        # A tenth more: some points have less to choose from.
        each = -(-self._plan.images * self._plan.step * 11 // (points * 10))
        parts = PARTS if self._plan.step == 1 else self._plan.step
        tasks = [
            Task(name, self._plan.own if name == "own" else each, part, parts)
            for name in recordings for part in (range(parts) if self._plan.step == 1 else [self._seed % parts])
        ]
        random.Random(self._seed).shuffle(tasks)
        return tasks

    def _looks(self, recordings: dict[str, Recording], tasks: list[Task]) -> Iterator[tuple[str, Seen]]:
        with tempfile.TemporaryDirectory(prefix="mpp-prove-", dir=memory()) as folder:
            start = (recordings, Path(folder), self._seed)
            if self._plan.workers == 1:
                _begin(*start)
                yield from map(_look, tasks)
                return
            # Not forked: this process has had threads.
            spawned = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(self._plan.workers, spawned, _begin, start) as pool:
                try:
                    yield from pool.map(_look, tasks)
                finally:
                    pool.shutdown(cancel_futures=True)


_viewers: dict[str, Viewer] = {}


def _begin(recordings: dict[str, Recording], folder: Path, seed: int) -> None:
    """In a worker: a viewer for each recording, which remembers the contents it has judged."""
    for name, one in recordings.items():
        _viewers[name] = Viewer(one, folder / f"{name}-{os.getpid()}", seed)


def _look(task: Task) -> tuple[str, Seen]:
    return task.recording, _viewers[task.recording].look(task.each, task.part, task.parts)


def run(order: Order) -> Findings:
    """Raises NotStarted or Refused when the hall does not come up."""
    try:
        report = Campaign(Plan() if order.is_long else SHORT, order.seed, order.say).run()
    except Missing as missing:
        return Findings(left_out=[str(missing)])
    broken = [*report.wrong, *(one for seen in report.seen.values() for one in seen.broken)]
    return Findings(lines(report), [*broken, *([f"{report.bad} images in all"] if broken else [])])


def lines(report: Report) -> list[str]:
    """The figures in Markdown."""
    ways = sorted({way for seen in report.seen.values() for way in seen.ways})
    table = [
        f"| {name} | {report.calls[name]} | {seen.points} | {seen.images} | " + " | ".join(str(seen.ways[way]) for way in ways) + f" | {seen.bad} |"
        for name, seen in report.seen.items()
    ]
    return [
        f"{report.images} images in {report.took_s:.0f} s, {report.bad} of them lost or broken.", "",
        f"| recording | calls | power cuts | images | {' | '.join(ways)} | bad |", "|---|---|---|---|" + "---|" * (len(ways) + 1), *table,
    ]
