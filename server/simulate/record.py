"""What the server has told its clients: the other side of the event log."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Given:
    """A number as it was acknowledged. `seq` numbers are the server's ids."""

    key: str
    actor: str
    ticket: int
    number: str
    service: str
    business_date: str


@dataclass(frozen=True)
class Told:
    """An act that was acknowledged: the event it must have left. `call`: the call's id."""

    type: str
    actor: str
    leg: int
    counter: str | None = None
    call: int | None = None


@dataclass(frozen=True)
class Violation:
    """A broken promise: P1 to P5, P8 (a screen), P15 (the chain), HTTP (an answer of 500), simulator (a crash of ours)."""

    promise: str
    text: str


class Record:
    """Kept by many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.given: list[Given] = []
        self.told: list[Told] = []
        #: actor -> wishes whose outcome is not known
        self.unsettled: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.violations: list[Violation] = []
        self.latencies_s: dict[str, list[float]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.actors: set[str] = set()

    def give(self, key: str, actor: str, body: dict[str, Any]) -> None:
        """A number was acknowledged under `key`."""
        one = Given(key, actor, body["id"], body["number"], body["service"], body["business_date"])
        with self._lock:
            self.given.append(one)

    def tell(self, *acts: Told) -> None:
        with self._lock:
            self.told.extend(acts)

    def refuse(self, code: str) -> None:
        with self._lock:
            self.refusals[code] += 1

    def break_promise(self, promise: str, text: str) -> None:
        with self._lock:
            self.violations.append(Violation(promise, text))

    def leave_open(self, actor: str) -> None:
        """A wish of this actor got no answer."""
        with self._lock:
            self.unsettled[actor] += 1

    def act_as(self, actor: str) -> None:
        """From now on this actor's events are all ours."""
        with self._lock:
            self.actors.add(actor)

    def took(self, kind: str, duration_s: float) -> None:
        with self._lock:
            self.latencies_s[kind].append(duration_s)

    def retried(self) -> None:
        self.count("retries")

    def lost(self) -> None:
        self.count("lost_replies")

    def replayed(self) -> None:
        self.count("replays")

    def count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self.counts[what] += number
