"""One history: a fresh hall, everybody presses at once, then its log is read and judged."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.bench.servers import start_hall
from server.ops.prove.histories import near, road
from server.ops.prove.histories.hall import KIOSKS, LIMITED, LINES, QUOTA, furnish
from server.ops.prove.histories.hands import Deed, Hand, serve, touch
from server.ops.prove.histories.story import judge, read_log
from server.storage.database import FILE

#: where a house without HTTP keeps its database, if the system has it: the disk is not what is tried
MEMORY = "/dev/shm"
#: how much further along the messages the next history begins to cut: a history goes through some 100 bytes of each
FURTHER = 97
#: (who) -> their door
MakeDoor = Callable[[str], Any]


@dataclass
class Told:
    """What came of histories. `outcomes`: (act, how it ended) -> wishes; `cuts`: (act, direction) -> bytes it was cut at, of `longest`."""

    histories: int = 0
    calls: int = 0
    unanswered: int = 0
    events: int = 0
    played_s: float = 0.0
    judged_s: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    cuts: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    longest: dict[tuple[str, str], int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        self.histories += other.histories
        self.calls += other.calls
        self.unanswered += other.unanswered
        self.events += other.events
        self.played_s += other.played_s
        self.judged_s += other.judged_s
        self.outcomes.update(other.outcomes)
        self.faults.update(other.faults)
        for what, places in other.cuts.items():
            self.cuts.setdefault(what, set()).update(places)
            self.longest[what] = max(self.longest.get(what, 0), other.longest[what])
        self.broken += other.broken


class _Floor:
    """Everybody of one history, each in a thread."""

    def __init__(self, seed: int, door: MakeDoor) -> None:
        self.kiosks = [Hand(who, door(who), seed) for who in (f"K{n}" for n in range(1, KIOSKS + 1))]
        self.officers = [(Hand(who, door(who), seed), service) for service, counters in LINES.items() for who in counters]
        self.closing = threading.Event()

    @property
    def hands(self) -> list[Hand]:
        return [*self.kiosks, *(hand for hand, _ in self.officers)]

    def play(self, each: int, settle: Callable[[], None]) -> None:
        """`each`: numbers per kiosk. Officers go on until everything that comes late has come and nobody waits."""
        officers = [_thread(hand, serve, service, self.closing.is_set) for hand, service in self.officers]
        kiosks = [_thread(hand, touch, sorted(LINES.keys() - {LIMITED}), LIMITED, each) for hand in self.kiosks]
        for thread in kiosks:
            thread.join()
        settle()
        self.closing.set()
        for thread in officers:
            thread.join()


def _thread(hand: Hand, run: Callable[..., None], *args: Any) -> threading.Thread:
    def day() -> None:
        try:
            run(hand, *args)
        except Exception as problem:
            hand.wrong.append(f"{hand.who} fell: {problem!r}")

    thread = threading.Thread(target=day, name=hand.who)
    thread.start()
    return thread


def far(seed: int, each: int, step: int) -> Told:
    """Over HTTP, each person by a road that cuts, at every `step`th byte. Raises NotStarted."""
    cuts = road.Cuts(step, first=seed * FURTHER)
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-histories-")))
        furnish(folder / "hall")
        server = start_hall(folder / "hall", frozenset(os.sched_getaffinity(0)))
        ends.callback(server.stop)
        doors: dict[str, road.FarDoor] = {}

        def door(who: str) -> road.FarDoor:
            doors[who] = road.FarDoor(who, road.Road(who, server.address, seed, cuts))
            ends.callback(doors[who].road.close)
            return doors[who]

        def settle() -> None:
            for who, one in doors.items():
                if who.startswith("K") or floor.closing.is_set():
                    one.close()
                    one.road.settle()

        floor = _Floor(seed, door)
        began = time.monotonic()
        floor.play(each, settle)
        settle()
        told = _judged(folder / "hall", floor, began)
        told.cuts, told.longest = cuts.done, cuts.longest
        for one in doors.values():
            told.faults.update(one.road.faults)
        return told


def close_by(seed: int, each: int) -> Told:
    """Without HTTP, in this process."""
    with ExitStack() as ends:
        fast = MEMORY if os.access(MEMORY, os.W_OK) else None
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-histories-", dir=fast)))
        furnish(folder / "hall")
        running = near.build(folder / "hall")
        ends.callback(running.stop)
        post = near.Post()
        ends.callback(post.close)
        doors: list[near.NearDoor] = []

        def door(who: str) -> near.NearDoor:
            doors.append(near.NearDoor(running.house, who, seed, post))
            return doors[-1]

        floor = _Floor(seed, door)
        began = time.monotonic()
        floor.play(each, post.settle)
        post.settle()
        told = _judged(folder / "hall", floor, began)
        for one in doors:
            told.faults.update(one.faults)
        return told


def _judged(data: Path, floor: _Floor, began: float) -> Told:
    played = time.monotonic()
    deeds = [deed for hand in floor.hands for deed in hand.deeds]
    log = read_log(data / FILE)
    broken = judge(log, deeds, {LIMITED: QUOTA}, time.monotonic_ns())
    broken += [what for hand in floor.hands for what in hand.wrong]
    return Told(
        1, sum(hand.calls for hand in floor.hands), sum(hand.lost for hand in floor.hands), len(log.seqs),
        played - began, time.monotonic() - played, Counter((deed.kind, outcome(deed)) for deed in deeds), broken=broken,
    )


def outcome(deed: Deed) -> str:
    """How a wish ended for who had it."""
    if not deed.status:
        return "unknown"
    if deed.status == 204:
        return "nobody waits"
    if deed.status in (200, 201):
        return "done after a lost answer" if deed.lost else "done"
    return str(deed.told.get("code", deed.status))
