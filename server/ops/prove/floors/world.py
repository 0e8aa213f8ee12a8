"""Time, chance and whose turn it is: one thread, one heap of moments. The same seed makes the same run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

#: true time 0: local midnight (WITA) of a Monday
BEGIN = datetime(2026, 11, 1, 16, 0, tzinfo=UTC)
DAY_S = 86_400.0
#: what `Box.get` gives when nothing came in time
NOTHING = object()


class World:
    """`s`: true seconds since BEGIN, which the monotonic clock counts; the wall clock may be wrong by `wrong_by`."""

    def __init__(self, seed: int, days: float) -> None:
        self.seed, self.days = seed, days
        self.s = 0.0
        self.wrong_by = timedelta(0)
        #: told when an act ends with an exception
        self.failed: Callable[[Exception], object] = _raise
        self._heap: list[tuple[float, int, Callable[[], Any]]] = []
        self._made = 0
        self._hub = getcurrent()
        self._is_over = False

    def chance(self, of: object) -> Random:
        """A stream of its own for everybody, so that one who draws more does not change the others."""
        return Random(f"{self.seed} {of}")

    def monotonic(self) -> float:
        return self.s

    def wall(self) -> datetime:
        return BEGIN + timedelta(seconds=self.s) + self.wrong_by

    def minute(self) -> float:
        """True local minute of the day."""
        return self.s % DAY_S / 60

    def later(self, delay_s: float, act: Callable[[], Any]) -> None:
        self._made += 1
        heappush(self._heap, (self.s + max(0.0, delay_s), self._made, act))

    def spawn(self, act: Callable[..., Any], *arguments: Any, after_s: float = 0.0) -> None:
        """Somebody who acts beside the others, and may sleep."""

        def whole() -> None:
            try:
                act(*arguments)
            except Exception as problem:
                self.failed(problem)

        self.later(after_s, greenlet(whole, parent=self._hub).switch)

    def sleep(self, seconds: float) -> None:
        self.later(seconds, getcurrent().switch)
        self._hub.switch()

    def until(self, at_s: float) -> None:
        """Sleep to a moment; not at all when it is past."""
        if at_s > self.s:
            self.sleep(at_s - self.s)

    def run(self) -> None:
        """To the end of the last day, or until `end`."""
        last_s = self.days * DAY_S
        while self._heap and not self._is_over and self._heap[0][0] < last_s:
            self.s, _, act = heappop(self._heap)
            act()
        self._heap.clear()

    def end(self) -> None:
        self._is_over = True


class Box:
    """What one waits for and another brings."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._value: Any = NOTHING
        self._waiter: greenlet | None = None

    def put(self, value: Any) -> None:
        """Only the first counts."""
        if self._value is NOTHING:
            self._value = value
            self._wake()

    def get(self, timeout_s: float | None = None) -> Any:
        """The value, or NOTHING after so long."""
        if self._value is NOTHING:
            self._waiter = getcurrent()
            if timeout_s is not None:
                self._world.later(timeout_s, self._wake)
            self._world._hub.switch()
        return self._value

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            self._world.later(0.0, waiter.switch)


def _raise(problem: Exception) -> None:
    raise problem
