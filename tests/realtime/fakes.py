"""A house, a loop and an audience that a test turns by hand."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from server.app.ask import StorageUnavailable
from server.app.snapshot import Notice, Snapshot
from server.domain.events import Event
from server.realtime.relay import Relay
from server.realtime.sources import Pace, Sources
from tests.app.halls import NINE, SITE, make_snapshot


class Happening:
    """An event whose wait runs a script instead of waiting."""

    def __init__(self) -> None:
        self.is_on = False
        self.waits: list[float | None] = []
        self.on_wait: Callable[[], None] = lambda: None

    def set(self) -> None:
        self.is_on = True

    def clear(self) -> None:
        self.is_on = False

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.on_wait()
        return self.is_on


class Loop:
    """Runs what is spawned at once; sleeping moves the clock."""

    def __init__(self) -> None:
        self.monotonic_s = 0.0
        self.slept: list[float] = []
        self.events: list[Happening] = []

    def spawn(self, function: Callable[..., object], *args: object) -> object:
        return function(*args)

    def sleep(self, duration_s: float) -> None:
        if duration_s:
            self.slept.append(duration_s)
        self.monotonic_s += duration_s

    def event(self) -> Happening:
        self.events.append(Happening())
        return self.events[-1]


class House:
    """An event log; each snapshot tells in its notices which seq it was gathered at."""

    def __init__(self) -> None:
        self.log: list[Event] = []
        self.notes: dict[int, list[str]] = {}
        self.broken: set[str] = set()
        self.stuck = False
        self.gathered = 0
        self.looked = 0
        #: run in the middle of a read, like another caller's commit
        self.meanwhile: list[Callable[[], None]] = []
        self.now_s = 0.0
        self.devices = make_snapshot().devices

    def commit(self, type: str, gerai: str | None = None, device: str | None = None) -> int:
        seq = len(self.log) + 1
        self.log.append(Event(type, NINE, "system", gerai=gerai, device=device, seq=seq))
        return seq

    def latest(self, after: int, limit: int) -> list[Event]:
        self._maybe_fail("latest")
        self.looked += 1
        found = self.log[after : after + limit]
        self._interrupt()
        return found

    def gather(self) -> Snapshot:
        self._maybe_fail("gather")
        self.gathered += 1
        words = Notice(1, str(len(self.log)), None, date.min, None, "admin")
        snap = make_snapshot(seq=len(self.log), notices=(words,), devices=self.devices)
        self._interrupt()
        return snap

    def now(self):
        return NINE + timedelta(seconds=self.now_s)

    def _interrupt(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop()()

    def _maybe_fail(self, what: str) -> None:
        if what in self.broken:
            raise StorageUnavailable(what)


class Audience:
    """Remembers what each room heard."""

    def __init__(self) -> None:
        self.rooms: set[str] = set()
        self.heard: list[tuple[str, str, dict]] = []
        self.closed: list[str] = []
        self.deaf: set[str] = set()

    def watched(self) -> set[str]:
        return self.rooms

    def send(self, name: str, message: str, room: str) -> None:
        if room in self.deaf:
            raise OSError("cannot send")
        self.heard.append((name, room, json.loads(message)))

    def close_room(self, room: str) -> None:
        self.closed.append(room)
        self.rooms.discard(room)

    def views(self, room: str) -> list[dict]:
        return [message for name, own, message in self.heard if (name, own) == ("view", room)]

    def pulses(self, room: str) -> list[dict]:
        return [message for name, own, message in self.heard if (name, own) == ("pulse", room)]


def make_relay() -> tuple[Relay, House, Audience, Loop]:
    house, audience, loop = House(), Audience(), Loop()
    sources = Sources(latest=house.latest, gather=house.gather, now=house.now, is_stuck=lambda: house.stuck)
    relay = Relay(loop, sources, SITE, audience, Pace(), monotonic=lambda: loop.monotonic_s)
    return relay, house, audience, loop
