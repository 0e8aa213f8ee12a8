"""What happens to the screens: servers killed, outages, bad roads, pages that freeze, pages that come and go."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from server.ops.prove.screens.client import Held, Screen, Wall
from server.ops.prove.screens.cutting import Road
from server.ops.prove.screens.stage import ON_ROAD, Stage, shows_call

#: how long anything is waited for before it is called broken, s
BACK_S, SETTLE_S, DROP_S, LEAVE_S = 40.0, 40.0, 30.0, 30.0
#: P10, for a machine that does nothing else; seconds
P10_S = 5.0
#: what a server may keep open beyond what it had before the screens came; megabytes that it may grow by while pages come and go
FILES_SPARE, GROWTH_MB = 12, 20.0
#: longest pause between a kill and the next start in a short outage
PAUSE_S = 0.6


@dataclass(frozen=True)
class Plan:
    """`outages`: seconds; `still`: screens that freeze, and as many that are slow; `comings`: of every page. `ping_s`: 0 as shipped."""

    screens: int
    displays: int
    kills: int
    outages: tuple[float, ...]
    still: int
    presses: int
    comings: int
    ping_s: int
    is_timed: bool


@dataclass
class Play:
    """`back_s`: kind of outage -> seconds until each screen was back; `news_s`: from a call to the last screen that shows it."""

    plan: Plan
    stage: Stage
    seed: int
    say: Callable[[str], object]
    broken: list[str] = field(default_factory=list)
    #: what was right, but too late or too large for a quiet machine
    late: list[str] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    comings: int = 0
    back_s: dict[str, list[float]] = field(default_factory=dict)
    news_s: dict[str, list[float]] = field(default_factory=dict)
    memory_mb: list[float] = field(default_factory=list)
    dropped_s: float = 0.0
    looks: int = 0

    def __post_init__(self) -> None:
        self._chance = Random(f"{self.seed} screens")
        self.road = Road(self.stage.address, self.seed)
        self.screens = self.stage.screens(self.plan.screens, self.road.address, self.seed)
        self.direct = [one for at, one in enumerate(self.screens) if at % ON_ROAD]
        self._wall = Wall(self.screens)

    def run(self) -> None:
        """Stops at the first thing that does not come right, since all that follows would be broken too."""
        for part in (self._come, self._kills, self._outages, self._stillness, self._comings, self._leave):
            part()
            if self.broken:
                break
        for screen in self.screens:
            self.broken += screen.odd[:3]
        missed = sum(screen.healed for screen in self.screens)
        if missed:
            self.broken.append(f"{missed} times a pulse told of a view that was never sent")
        self.broken += self.late
        self.road.close()
        self._wall.leave()

    def _come(self) -> None:
        self.stage.press()
        self.stage.truths()
        self.road.is_calm = True
        self._files, self._threads = self.stage.open_files(), self.stage.threads()
        self._all_live("at first", self.screens)
        self._settle("at first")
        self.road.is_calm = False
        self._news("all read", 3)

    # servers that die

    def _kills(self) -> None:
        for number in range(self.plan.kills):
            self.road.is_calm = number % 2 == 1
            self._outage(f"kill {number + 1}", "short", self._chance.random() * PAUSE_S)
            if self.broken:
                return

    def _outages(self) -> None:
        self.road.is_calm = True
        for seconds in self.plan.outages:
            if not self.broken:
                kind = f"{seconds:.0f} s"
                self._outage(f"outage of {kind}", kind, seconds)
                took = self.back_s.get(kind, [])
                slow = [one for one in took if one > P10_S]
                if slow and self.plan.is_timed:
                    self.late.append(f"P10: after an outage of {kind} {len(slow)} of {len(took)} screens came back after more than {P10_S:.0f} s, the last after {max(slow):.1f} s")

    def _outage(self, when: str, kind: str, seconds: float) -> None:
        """Calls up to the very kill; then as long without a server, and all screens come back to the truth."""
        stage = self.stage
        for _ in range(2):
            stage.press()
            self._wall.turn()
        stage.press()
        self.memory_mb.append(stage.memory_mb())
        self.load.append(os.getloadavg()[0])
        stage.hall.end(signal.SIGKILL)
        self._wall.live_for(seconds)
        again = _Again(stage)
        while again.is_alive():
            self._wall.turn()
        if again.problem or not stage.hall.is_alive():
            self.broken.append(f"{when}: no server again: {again.problem or stage.hall.warm.said()[-300:]}")
            return
        self.broken += [f"{when}: {what}" for what in stage.untold(again.truths)]
        came = self.screens if self.road.is_calm else self.direct
        self._all_live(when, came, again.truths)
        took = [max(0.0, screen.live_s - again.answered_s) for screen in came if screen.live_s]
        self.back_s.setdefault(kind, []).extend(took)
        # All that the road had to do to those on it is done: now they too must come.
        self.road.is_calm = True
        self._all_live(when, self.screens, again.truths)
        self._settle(when)
        self.say(f"{when}: back within {max(took, default=0):.2f} s, {len(self.broken)} broken")

    def _all_live(self, when: str, those: list[Screen], least: dict[str, Held] | None = None) -> None:
        """Every one of those has had a view by its socket, at least as new as these."""
        waiting = set(range(len(those)))

        def done() -> bool:
            for at in [*waiting]:
                screen = those[at]
                if screen.live_s and screen.held and (least is None or screen.held.version >= least[screen.room].version):
                    waiting.discard(at)
            return not waiting

        if not self._wall.until(done, BACK_S):
            self.broken.append(f"{when}: {len(waiting)} of {len(those)} screens were not back within {BACK_S:.0f} s")

    def _settle(self, when: str) -> None:
        """Wait until every screen shows byte for byte what `GET /views/{room}` says."""
        end_s = time.monotonic() + SETTLE_S
        while True:
            self.looks += 1
            truths = self.stage.truths()
            wrong = [screen for screen in self.screens if not screen.is_frozen and screen.held != truths[screen.room]]
            if not wrong:
                self.broken += [f"{when}: {what}" for what in self.stage.untold(truths)]
                return
            if time.monotonic() > end_s:
                break
            self._wall.live_for(0.1)
        for screen in wrong[:3]:
            told = _difference(screen.held, truths[screen.room])
            self.broken.append(f"{when}: {len(wrong)} screens are not equal to the server, {screen.room} among them: {told}")

    # screens that do not read

    def _news(self, kind: str, presses: int) -> None:
        """Calls, each waited for on every display and officer's page that reads and goes by a good road."""
        eager = [one for one in self.direct if one.room.startswith(("gerai:", "display:")) and not (one.is_frozen or one.is_slow)]
        for _ in range(presses):
            self.stage.press()
            called_s, number = time.monotonic(), self.stage.called
            if not self._wall.until(lambda: all(shows_call(one.held, number) for one in eager), SETTLE_S):  # noqa: B023
                self.broken.append(f"{kind}: a call did not reach every screen within {SETTLE_S:.0f} s")
                return
            self.news_s.setdefault(kind, []).append(time.monotonic() - called_s)

    def _stillness(self) -> None:
        """Some freeze, some read a few bytes at a time; the others get their news, and the frozen ones are let go."""
        self.road.is_calm = True
        self._all_live("before some freeze", self.screens)
        self._wall.live_for(0.2)
        still, slow = self.direct[: self.plan.still], self.direct[self.plan.still : 2 * self.plan.still]
        ports = {_port_of(screen) for screen in still}
        for screen in still + slow:
            _narrow(screen, 2048)
            screen.is_frozen, screen.is_slow = screen in still, screen in slow
        began_s = time.monotonic()
        self._news("some frozen, some slow", self.plan.presses)
        if not self._wall.until(lambda: not self.stage.still_open(ports), DROP_S):
            self.broken.append(f"{len(self.stage.still_open(ports))} frozen screens still hold their connection after {DROP_S:.0f} s")
        self.dropped_s = time.monotonic() - began_s
        for screen in still + slow:
            screen.is_frozen = screen.is_slow = False
            _narrow(screen, 262_144)
        self._all_live("after some froze", self.screens)
        self._settle("after some froze")
        self.say(f"{len(still)} frozen, {len(slow)} slow: let go within {self.dropped_s:.1f} s, {len(self.broken)} broken")

    # nothing grows

    def _comings(self) -> None:
        """Every page is closed and opened again, many times, on one server."""
        grown = []
        for _ in range(self.plan.comings):
            for screen in self.screens:
                screen.lose()
                screen.due_s = 0.0
            self.stage.press()
            self._all_live("pages come and go", self.screens)
            grown.append(self.stage.memory_mb())
        self._settle("pages come and go")
        self.memory_mb += grown
        growth = grown[-1] - grown[len(grown) // 3]
        self.comings = len(grown)
        if self.plan.is_timed and growth > GROWTH_MB:
            self.late.append(f"the server grew by {growth:.0f} MB while pages came and went {self.plan.comings} times")

    def _leave(self) -> None:
        """After all pages are closed nothing of them is left open."""
        self._wall.leave()
        end_s = time.monotonic() + LEAVE_S
        while (left := self.stage.open_files() - self._files) > FILES_SPARE and time.monotonic() < end_s:
            self._wall.live_for(0.1)
        if left > FILES_SPARE:
            self.broken.append(f"all screens have left, and {left} files are open that were not before they came")
        threads = self.stage.threads() - self._threads
        if threads > FILES_SPARE:
            self.broken.append(f"all screens have left, and {threads} threads more than before they came")


class _Again(threading.Thread):
    """A server that starts: when it answered, and what it says then."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self.answered_s = 0.0
        self.truths: dict[str, Held] = {}
        self.problem: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._stage.hall.begin()
            self.answered_s = time.monotonic()
            if self._stage.hall.is_alive():
                self.truths = self._stage.truths()
        except Exception as problem:  # told by whoever waits for it
            self.problem = problem


def _narrow(screen: Screen, size: int) -> None:
    """Bytes that the kernel keeps for a screen that does not read."""
    if screen.sock is not None:
        screen.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def _port_of(screen: Screen) -> int:
    assert screen.sock is not None
    return int(screen.sock.getsockname()[1])


def _difference(held: Held | None, truth: Held) -> str:
    if held is None:
        return "it shows nothing"
    if (held.epoch, held.version) != (truth.epoch, truth.version):
        return f"version {held.version} where the server is at {truth.version}"
    at = next((at for at, (one, two) in enumerate(zip(held.data, truth.data, strict=False)) if one != two), min(len(held.data), len(truth.data)))
    return f"at version {held.version}: {held.data[at - 20 : at + 30]!r} where the server says {truth.data[at - 20 : at + 30]!r}"
