"""Business time as the server tells it; between two tellings it is carried on at the server's rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: a newer telling replaces a better one after so long, real seconds: a restarted server may
#: tell an earlier time
TRUST_S = 0.5
#: the rate is believed once it was measured over so long, real seconds
MEASURE_S = 0.4
#: longest and shortest single wait, real seconds
WAIT_MAX_S, WAIT_MIN_S = 0.2, 0.002


def instant(text: str) -> datetime:
    """'2026-11-03T00:30:00.000Z' -> aware UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


class ServerTime:
    """Safe for threads. What the server says is older by its way here, so `now()` is never ahead of it."""

    def __init__(self, rate: float | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._given_rate = rate
        self._first: tuple[float, datetime] | None = None
        self._best: tuple[float, datetime] | None = None
        self._rate = rate or 0.0

    @property
    def rate(self) -> float:
        """Business seconds per real second; 0 until it is known."""
        return self._rate

    def heard(self, told: str) -> None:
        """The server said it is (or was just) so late."""
        now_s, at = self._monotonic(), instant(told)
        with self._lock:
            self._first = self._first or (now_s, at)
            best = self._best
            if best is not None and now_s - best[0] <= TRUST_S and at < self._carried(best, now_s):
                return  # an older telling than the one we carry on
            self._best = (now_s, at)
            since_s = now_s - self._first[0]
            if self._given_rate is None and since_s >= MEASURE_S:
                self._rate = max(0.0, (at - self._first[1]).total_seconds() / since_s)

    def _carried(self, telling: tuple[float, datetime], now_s: float) -> datetime:
        return telling[1] + timedelta(seconds=(now_s - telling[0]) * self._rate)

    def now(self) -> datetime:
        """Aware UTC. Raises RuntimeError before anything was heard."""
        with self._lock:
            if self._best is None:
                raise RuntimeError("the server has not told the time yet")
            return self._carried(self._best, self._monotonic())

    def wait_until(self, moment: datetime, stop: threading.Event) -> bool:
        """Wait for business time; False when `stop` came first."""
        while not stop.is_set():
            left_s = (moment - self.now()).total_seconds()
            if left_s <= 0:
                return True
            pause_s = left_s / self._rate if self._rate else WAIT_MAX_S
            stop.wait(min(max(pause_s, WAIT_MIN_S), WAIT_MAX_S))
        return False

    def wait(self, duration_s: float, stop: threading.Event) -> bool:
        """Wait for so many business seconds; False when `stop` came first."""
        return self.wait_until(self.now() + timedelta(seconds=duration_s), stop)
