"""Where the relay looks, where it speaks, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.app.snapshot import Snapshot
from server.app.views.wire import Encoded
from server.domain.events import Event


class Happening(Protocol):
    """An event of the loop (`server/concurrency`)."""

    def set(self) -> None: ...
    def clear(self) -> None: ...
    def wait(self, timeout: float | None = None) -> bool: ...


class Loop(Protocol):
    """What is needed of the loop (`server/concurrency`)."""

    def spawn(self, function: Callable[..., object], *args: object) -> object: ...
    def sleep(self, duration_s: float) -> None: ...
    def event(self) -> Happening: ...


@dataclass(frozen=True)
class Sources:
    """The house as the relay sees it; everything here is called in the loop.

    latest(after_seq, limit): events in the order of seq. gather(): a Snapshot at least as
    new as the events `latest` has told. now(): business time, aware UTC. is_stuck(): nothing can be written.
    """

    latest: Callable[[int, int], Sequence[Event]]
    gather: Callable[[], Snapshot]
    now: Callable[[], datetime]
    is_stuck: Callable[[], bool] = lambda: False


class Audience(Protocol):
    """The screens (`live.py`)."""

    def watched(self) -> Collection[str]:
        """Rooms with at least one screen."""

    def send(self, name: str, message: Encoded, room: str) -> None:
        """To every screen of the room, without waiting for any."""

    def close_room(self, room: str) -> None:
        """The room exists no more."""


@dataclass(frozen=True)
class Pace:
    """All in seconds: look at least so often, send at most so often, pulse so often,
    and so often while nothing can be written."""

    poll_s: float = 0.2
    interval_s: float = 0.1
    pulse_s: float = 10.0
    stuck_pulse_s: float = 2.0
