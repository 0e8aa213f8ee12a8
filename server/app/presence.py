"""Who has been heard of, and when: heartbeats live in memory, only flips become events."""

from __future__ import annotations

import time
from collections.abc import Callable


class Presence:
    """Monotonic seconds throughout: silence is not a matter of wall clocks.

    An officer is kind `user`; a device its own kind.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: dict[tuple[str, str], float] = {}
        self._screens: dict[tuple[str, str], set[str]] = {}
        self._heard: set[tuple[str, str]] = set()

    def seen(self, kind: str, code: str) -> None:
        self._seen[(kind, code)] = self._monotonic()
        self._heard.add((kind, code))

    def heard_within(self, kind: str, code: str, limit_s: float) -> bool:
        """Whether they were really heard, not merely expected, less than `limit_s` ago."""
        silent_s = self.silent_s(kind, code)
        return (kind, code) in self._heard and silent_s is not None and silent_s < limit_s

    def expect(self, kind: str, code: str) -> None:
        """Begin to count their silence, unless they have been heard already."""
        self._seen.setdefault((kind, code), self._monotonic())

    def up(self, kind: str, code: str, sid: str) -> None:
        """A screen of theirs is connected."""
        self._screens.setdefault((kind, code), set()).add(sid)
        self.seen(kind, code)

    def down(self, kind: str, code: str, sid: str) -> None:
        self._screens.get((kind, code), set()).discard(sid)
        self.seen(kind, code)

    def silent_s(self, kind: str, code: str) -> float | None:
        """Seconds since they were heard; 0 while a screen is connected; None: never."""
        if self._screens.get((kind, code)):
            return 0.0
        seen = self._seen.get((kind, code))
        return None if seen is None else self._monotonic() - seen
