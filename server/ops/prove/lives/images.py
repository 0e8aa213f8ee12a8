"""What a disk may hold after a power cut, drawn at random, and SQLite's and our own judgement of each.

Every image is written to files, opened by SQLite (whose recovery happens there) and read whole. The long checks (integrity,
foreign keys, chain, the hall worked out again) run once for each content so recovered; the comparison with what clients
had been told by then runs for every image.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from server.ops.prove.judging import verdict
from server.ops.prove.lives.drawing import Image, drawings
from server.ops.prove.lives.story import POLICY, Page, Story
from server.ops.prove.lives.tape import Disk, Op
from server.ops.prove.lives.tracing import files_of
from server.ops.prove.records import Records

BROKEN_KEPT = BAD_ENOUGH = 20
PAGE = 4096
#: contents remembered at once; a content is a whole database
STATES_MAX = 64


@dataclass
class Recording:
    """`files`: before the first op. `told_at`: when each act of the story was answered for, in its order.

    `numbers`: (when, ticket, number) and `done`: (when, ticket) of what clients were told.
    """

    name: str
    database: str
    files: dict[str, bytes]
    ops: list[Op]
    story: Story | None = None
    told_at: list[float] = field(default_factory=list)
    numbers: list[tuple[float, int, str]] = field(default_factory=list)
    done: list[tuple[float, int]] = field(default_factory=list)


@dataclass
class State:
    """A content as SQLite recovers it. `acts`: how many acts of the story it holds, None: no such moment."""

    wrong: list[str]
    acts: int | None
    tickets: dict[int, str]
    finished: set[int]


@dataclass
class Seen:
    """What came of many images."""

    images: int = 0
    points: int = 0
    states: int = 0
    bad: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, other: Seen) -> None:
        self.images += other.images
        self.points += other.points
        self.states += other.states
        self.bad += other.bad
        self.ways += other.ways
        self.broken = [*self.broken, *other.broken][:BROKEN_KEPT]

    def blame(self, what: str) -> None:
        self.bad += 1
        if len(self.broken) < BROKEN_KEPT:
            self.broken.append(what)


class Viewer:
    """Draws and judges images in a folder of its own."""

    def __init__(self, recording: Recording, folder: Path, seed: int) -> None:
        self._recording, self._folder, self._seed = recording, folder, seed
        self._path = folder / recording.database
        self._there: bytes | None = None
        self._states: list[tuple[bytes, State]] = []
        folder.mkdir(parents=True)

    def look(self, each: int, part: int, parts: int) -> Seen:
        """At most `each` images at every `parts`-th op from `part` on, until BAD_ENOUGH are bad."""
        seen, disk = Seen(), Disk(self._recording.files)
        for number, op in enumerate(self._recording.ops):
            disk.apply(op)
            if number % parts == part and seen.bad < BAD_ENOUGH:
                seen.points += 1
                self._point(seen, disk, number, each)
        return seen

    def _point(self, seen: Seen, disk: Disk, number: int, each: int) -> None:
        op, after = self._recording.ops[number], self._recording.ops[number + 1 : number + 2]
        cut_at = after[0].at if after else float("inf")
        chance = random.Random(f"{self._seed} {self._recording.name} {number}")
        for way, image in drawings(disk, each, chance):
            if seen.bad >= BAD_ENOUGH:
                return
            self._write(image)
            seen.images += 1
            seen.ways[way] += 1
            for wrong in self._wrongs(seen, image, cut_at):
                where = f"{self._recording.name}, power cut after call {number} ({op.kind} of {op.name}), image {seen.images} ({way})"
                seen.blame(f"{where}: {wrong}")

    def _write(self, image: Image) -> None:
        """Put the files there, and nothing else; the database is often there already, as the last image left it."""
        for path in files_of(self._path):
            content = image.get(path.name)
            if content is None:
                path.unlink(missing_ok=True)
            elif path != self._path or self._there is None:
                path.write_bytes(content)
            else:
                _mend(path, self._there, content)

    def _wrongs(self, seen: Seen, image: Image, cut_at: float) -> list[str]:
        self._there = None
        try:
            self._there = _recovered(self._path)
        except (sqlite3.Error, OSError) as problem:
            return [f"SQLite cannot read it: {problem}"]
        return [*(state := self._state(seen, image)).wrong, *self._missing(state, cut_at)]

    def _state(self, seen: Seen, image: Image) -> State:
        """The last contents first: two of them differ early, so this is quicker than a hash."""
        for place, (content, state) in enumerate(self._states):
            if content == self._there:
                self._states.insert(0, self._states.pop(place))
                return state
        seen.states += 1
        state = self._judge(image)
        self._states.insert(0, (self._there or b"", state))
        del self._states[STATES_MAX:]
        return state

    def _judge(self, image: Image) -> State:
        """The long checks, on the image as it was drawn: opened, read, folded back, and opened again."""
        folder = self._folder / "opened"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in image.items():
            (folder / name).write_bytes(content)
        wrong: list[str] = []
        for _ in range(2):
            records = Records(folder / self._recording.database)
            try:
                ledger, found = verdict(records, {}, POLICY)
                page = self._recording.story and self._recording.story.page(records)
            except Exception as garbage:  # spoilt files can trip any reader
                return State([f"broken: {type(garbage).__name__}: {garbage}"], None, {}, set())
            finally:
                records.close()
            wrong += found
        labels = {ticket: visit.label for ticket, visit in ledger.visits.items()}
        return State(wrong, self._acts(page), labels, {stop.ticket for stop in ledger.stops.values() if stop.state == "finished"})

    def _acts(self, page: Page | None) -> int | None:
        pages = self._recording.story.pages if self._recording.story else []
        return next((number for number, one in enumerate(pages) if one == page), None)

    def _missing(self, state: State, cut_at: float) -> list[str]:
        """What clients had been told before the power went, and is not there."""
        recording, found = self._recording, []
        found += [f"lost: {number}" for at, ticket, number in recording.numbers if at < cut_at and state.tickets.get(ticket) != number]
        found += [f"lost: ticket {ticket} was told to be finished" for at, ticket in recording.done if at < cut_at and ticket not in state.finished]
        if recording.story is not None:
            answered = bisect_left(recording.told_at, cut_at)
            if state.acts not in (answered, answered + 1):
                found.append(f"{answered} acts were answered for, and it holds {'half an act' if state.acts is None else state.acts}")
        return found


def _recovered(path: Path) -> bytes:
    """The whole content as SQLite recovers it and, as the last to close it, folds it back into the file."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA schema_version").fetchone()
    finally:
        database.close()
    return path.read_bytes()


def _mend(path: Path, there: bytes, wanted: bytes) -> None:
    """Make the file what is wanted, by the pages in which it is something else."""
    with path.open("r+b", buffering=0) as file:
        for start in range(0, len(wanted), PAGE):
            page = wanted[start : start + PAGE]
            if page != there[start : start + PAGE]:
                file.seek(start)
                file.write(page)
        file.truncate(len(wanted))
