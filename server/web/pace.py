"""How fast one kiosk's page may take numbers: a child who plays is not a crowd.

Only pages are paced, that is kiosks proven by a browser's cookie: what holds a kiosk's token
is a program, and has no fingers. Business time is used, so that a practice clock that runs
sixty times faster lets sixty times more visitors touch. Kept in memory: after a restart
everybody may touch again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

_WINDOW = timedelta(minutes=1)
#: wishes remembered for each kiosk; asking again with one of their keys is never too fast
_KEYS_MAX = 100


@dataclass(frozen=True)
class Rule:
    """`interval_s` between two numbers; after `per_minute` of them a rest of `pause_s`. 0: no limit."""

    interval_s: int
    per_minute: int
    pause_s: int


@dataclass(frozen=True)
class Verdict:
    """Wait `wait_s` (0: go on). `flip`: the kiosk has just begun to rest (True) or ended it (False)."""

    wait_s: float = 0.0
    flip: bool | None = None


GO = Verdict()


@dataclass
class _Kiosk:
    taken: deque[datetime] = field(default_factory=deque)
    keys: deque[str] = field(default_factory=lambda: deque(maxlen=_KEYS_MAX))
    rests_until: datetime | None = None


class Pace:
    """`rule_of(device)` gives a kiosk's own rule."""

    def __init__(self, rule_of: Callable[[str], Rule]) -> None:
        self._rule_of = rule_of
        self._kiosks: dict[str, _Kiosk] = {}
        self._lock = Lock()

    def ask(self, device: str, key: str, now: datetime) -> Verdict:
        """May `device` take a number now for the wish `key`? A yes is counted, a no is not."""
        with self._lock:
            kiosk = self._kiosks.setdefault(device, _Kiosk())
            if key in kiosk.keys:
                return GO
            verdict = _judge(kiosk, self._rule_of(device), now)
            if not verdict.wait_s:
                kiosk.taken.append(now)
                kiosk.keys.append(key)
            return verdict

    def forgive(self, device: str, key: str) -> None:
        """The wish that was let through got no number: whoever was refused may touch another service at once."""
        with self._lock:
            kiosk = self._kiosks.get(device)
            if kiosk is not None and key in kiosk.keys:
                kiosk.keys.remove(key)
                if kiosk.taken:
                    kiosk.taken.pop()


def _judge(kiosk: _Kiosk, rule: Rule, now: datetime) -> Verdict:
    if kiosk.rests_until is not None and now < kiosk.rests_until:
        return Verdict((kiosk.rests_until - now).total_seconds())
    if kiosk.rests_until is not None:
        kiosk.rests_until = None
        kiosk.taken.clear()
        return Verdict(flip=False)
    while kiosk.taken and now - kiosk.taken[0] >= _WINDOW:
        kiosk.taken.popleft()
    if rule.per_minute and len(kiosk.taken) >= rule.per_minute:
        kiosk.rests_until = now + timedelta(seconds=rule.pause_s)
        return Verdict(float(rule.pause_s), flip=True)
    since_s = (now - kiosk.taken[-1]).total_seconds() if kiosk.taken else float(rule.interval_s)
    # A clock that was set back must not make anybody wait longer than the interval.
    return Verdict(min(max(0.0, rule.interval_s - since_s), float(rule.interval_s)))
