"""What a disk may hold after a power cut, drawn at random, and SQLite's and our own judgement of each.

Every image is written to files, opened by SQLite (whose recovery happens there) and read whole. The long checks (integrity,
foreign keys, chain, the hall worked out again) run once for each content so recovered; the comparison with what clients
had been told by then runs for every image.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from server.ops.prove.judging import verdict
from server.ops.prove.lives.story import POLICY, Page, Story
from server.ops.prove.lives.tape import Disk, Inode, Op, played
from server.ops.prove.records import Records

SECTOR = 512
#: which of the unsynced writes are there: none, all, each or not, a beginning, an end, each sector or not
WAYS = ("none", "all", "some", "first", "last", "torn", "torn")
#: one in so many finds junk, not zeros, where a file had grown and nothing arrived
JUNK_ONE_IN = 4
BROKEN_KEPT = 20
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
        self._written: dict[str, bytes] = {}
        self._states: dict[bytes, State] = {}
        folder.mkdir(parents=True)

    def look(self, each: int, part: int, parts: int, until: float) -> Seen:
        """`each` images at every `parts`-th op from `part` on; stops drawing at `until` (monotonic)."""
        seen, disk, ops = Seen(), Disk(self._recording.files), self._recording.ops
        for number, op in enumerate(ops):
            disk.apply(op)
            if number % parts == part and time.monotonic() < until:
                seen.points += 1
                self._point(seen, disk, number, each if disk.unsure() else 1)
        return seen

    def _point(self, seen: Seen, disk: Disk, number: int, each: int) -> None:
        chance = random.Random(f"{self._seed} {self._recording.name} {number}")
        op, after = self._recording.ops[number], self._recording.ops[number + 1 : number + 2]
        cut_at = after[0].at if after else float("inf")
        for image in range(each):
            way = chance.choice(WAYS)
            self._write(drawn(disk, way, chance))
            seen.images += 1
            seen.ways[way] += 1
            for wrong in self._wrongs(seen, cut_at):
                where = f"{self._recording.name}, power cut after call {number} ({op.kind} of {op.name}), image {image} ({way})"
                seen.blame(f"{where}: {wrong}")

    def _write(self, image: dict[str, bytes]) -> None:
        """Put the files there; what stands there already is not written again."""
        for name in self._written.keys() - image.keys():
            (self._folder / name).unlink()
        for name, content in image.items():
            if self._written.get(name) != content:
                (self._folder / name).write_bytes(content)
        self._written = image

    def _wrongs(self, seen: Seen, cut_at: float) -> list[str]:
        try:
            content = _recovered(self._path)
        except sqlite3.Error as problem:
            return [f"SQLite cannot read it: {problem}"]
        state = self._states.get(content)
        if state is None:
            if len(self._states) >= STATES_MAX:
                self._states.pop(next(iter(self._states)))
            seen.states += 1
            state = self._states[content] = self._judge()
        return [*state.wrong, *self._missing(state, cut_at)]

    def _judge(self) -> State:
        """The long checks, on a copy that SQLite may recover, fold back and open again."""
        folder = self._folder / "opened"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in self._written:
            shutil.copy(self._folder / name, folder / name)
        wrong: list[str] = []
        for _ in range(2):
            records = Records(folder / self._recording.database)
            try:
                ledger, found = verdict(records, {}, POLICY)
                page = self._recording.story and self._recording.story.page(records)
            except sqlite3.Error as problem:
                return State([f"broken: {problem}"], None, {}, set())
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


def drawn(disk: Disk, way: str, chance: random.Random) -> dict[str, bytes]:
    """One image: for each name an entry that may have lasted, with some of its unsynced writes."""
    image = {}
    for name in sorted(disk.now.keys() | disk.sure.keys()):
        inode = chance.choice((disk.now.get(name), disk.sure.get(name)))
        if inode is not None:
            image[name] = _content(inode, way, chance) if inode.pending else inode.sure
    return image


def _content(inode: Inode, way: str, chance: random.Random) -> bytes:
    pieces, border, odds = inode.pending, chance.randint(0, len(inode.pending)), chance.random()
    if way == "none":
        kept: list[Op] = []
    elif way == "all":
        kept = pieces
    elif way == "some":
        kept = [op for op in pieces if chance.random() < odds]
    elif way == "first":
        kept = pieces[:border]
    elif way == "last":
        kept = pieces[border:]
    else:
        kept = [piece for op in pieces for piece in sectors(op) if chance.random() < odds]
    content = played(_grown(inode, chance), kept) if not chance.randrange(JUNK_ONE_IN) else played(inode.sure, kept)
    return bytes(content)


def _grown(inode: Inode, chance: random.Random) -> bytes:
    """The file as long as it was going to be, with junk where nothing had ever been."""
    return inode.sure + chance.randbytes(max(0, len(played(inode.sure, inode.pending)) - len(inode.sure)))


def sectors(op: Op) -> list[Op]:
    """The write in the pieces in which a disk takes it."""
    if op.kind != "write":
        return [op]
    first, end = op.offset // SECTOR, -(-(op.offset + len(op.data)) // SECTOR)
    pieces = []
    for sector in range(first, end):
        start, stop = max(op.offset, sector * SECTOR), min(op.offset + len(op.data), (sector + 1) * SECTOR)
        pieces.append(Op(op.at, "write", op.name, start, op.data[start - op.offset : stop - op.offset]))
    return pieces


def _recovered(path: Path) -> bytes:
    """The whole content as SQLite sees it, its own recovery done; the files stay as they are."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    try:
        return database.serialize()
    finally:
        database.close()
