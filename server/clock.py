"""The clock: the only place that reads the wall clock for business time.

`now()` may be called from any thread; `check()` and `confirm()` from one thread at a time
(the ticker's, or inside the writer's units of work).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config import simulated
from server.domain.timekeeping import (
    Flag,
    Start,
    Trust,
    Verdict,
    judge,
    slewed,
    start_time,
)

#: own time runs at most this much faster or slower than the monotonic clock while it makes
#: up a difference: 2 s take 40 s, and no duration is off by more than 5 %
SLEW_RATE = 0.05


def wall_now() -> datetime:
    """The machine's wall clock, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Course:
    """Own time as a function of the monotonic clock; replaced whole, never changed."""

    since_s: float
    own: datetime
    gap: timedelta

    def at(self, monotonic_s: float) -> datetime:
        elapsed = timedelta(seconds=max(0.0, monotonic_s - self.since_s))
        return self.own + elapsed + slewed(self.gap, elapsed, SLEW_RATE)

    def from_now(self, monotonic_s: float) -> _Course:
        """The same course, told from this moment: the gap is what is left of it."""
        elapsed = timedelta(seconds=max(0.0, monotonic_s - self.since_s))
        left = self.gap - slewed(self.gap, elapsed, SLEW_RATE)
        return _Course(monotonic_s, self.at(monotonic_s), left)


class Clock:
    """Business time of one process: the wall at start plus the monotonic clock.

    `last_event_at`: the last event in the log, or None. Time never runs backwards: a wall
    clock ahead is jumped to only by `confirm()`; one behind is waited for by running slower.
    A machine that was suspended wakes to a doubted clock, since the monotonic clock slept.
    """

    simulated = False
    rate = 1.0

    def __init__(
        self,
        last_event_at: datetime | None = None,
        ahead_days: int = 14,
        slew_s: float = 2.0,
        wall: Callable[[], datetime] = wall_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._slew = timedelta(seconds=slew_s)
        begun: Start = start_time(wall(), last_event_at, ahead_days, slew_s)
        self._course = _Course(monotonic(), begun.start, timedelta(0))
        self._given = begun.start
        #: a confirmed wall clock behind own time is being waited for
        self._settling = False
        #: why the wall clock is doubted, or None
        self.flag: Flag | None = begun.flag
        #: no number may be issued until `confirm()`
        self.needs_confirmation = begun.needs_confirmation

    @property
    def doubted(self) -> bool:
        return self.flag is not None

    def now(self) -> datetime:
        """Aware UTC; never earlier than any answer before."""
        monotonic_s = self._monotonic()
        self._given = max(self._given, self._course.at(monotonic_s))
        return self._given

    def check(self) -> Verdict:
        """Compare with the wall clock, to be called every `check_s`.

        A small difference is slewed; a large one raises `doubted`, and own time goes on as it
        was. When both agree again, the doubt ends by itself.
        """
        course = self._course.from_now(self._monotonic())
        wall = self._wall()
        expected = course.own + course.gap if self._settling else course.own
        verdict = judge(wall, expected, self._slew.total_seconds())
        if verdict.trust is Trust.DOUBT:
            self.flag = self.flag or Flag.JUMP
            self._course = course
        else:
            self.flag = None
            self.needs_confirmation = False
            self._course = _Course(course.since_s, course.own, wall - course.own)
            self._settling = self._settling and course.own - wall > self._slew
        return Verdict(verdict.trust, round((wall - course.own).total_seconds(), 3))

    def confirm(self) -> datetime:
        """A supervisor vouches for the wall clock: follow it. Returns `now()`.

        Ahead of own time it is jumped to. Behind it, own time slows down by SLEW_RATE until
        the wall has caught up: going back would put newcomers before those who wait.
        """
        course = self._course.from_now(self._monotonic())
        wall = self._wall()
        if wall >= course.own:
            self._course = _Course(course.since_s, wall, timedelta(0))
        else:
            self._course = _Course(course.since_s, course.own, wall - course.own)
        self._settling = course.own - wall > self._slew
        self.flag = None
        self.needs_confirmation = False
        return self.now()


class SimulatedClock:
    """A practice day: starts at `start` and runs `rate` times as fast; never doubted."""

    simulated = True
    doubted = False
    flag: Flag | None = None
    needs_confirmation = False

    def __init__(
        self,
        start: datetime,
        rate: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self._monotonic = monotonic
        self._start = start.astimezone(UTC)
        self._since_s = monotonic()
        self._given = self._start

    def now(self) -> datetime:
        """Aware UTC; never earlier than any answer before."""
        elapsed = timedelta(seconds=(self._monotonic() - self._since_s) * self.rate)
        self._given = max(self._given, self._start + elapsed)
        return self._given

    def check(self) -> Verdict:
        return Verdict(Trust.AGREE, 0.0)

    def confirm(self) -> datetime:
        return self.now()


def parse_clock(text: str, last_event_at: datetime | None = None) -> SimulatedClock | None:
    """'2026-11-03T07:30:00+08:00@60' -> its clock; '' -> None: the real clock.

    A restart goes on from the last event rather than from the start again. Raises ValueError
    with an Indonesian sentence.
    """
    wanted = simulated.parse_clock(text)
    if wanted is None:
        return None
    start = wanted.start if last_event_at is None else max(wanted.start, last_event_at)
    return SimulatedClock(start, wanted.rate)
