"""A session ends when its person has asked for nothing for too long.

Kept in memory: after a restart of the server the idle time counts anew, which is kinder
than logging a whole hall out; the absolute end of a session is in the database.
"""

from __future__ import annotations

from datetime import datetime, timedelta

#: remembered sessions; a hall has at most some hundred
MOST = 10_000


class Idle:
    def __init__(self, idle_minutes: int) -> None:
        self._longest = timedelta(minutes=idle_minutes)
        self._seen: dict[str, datetime] = {}

    def awake(self, session_hash: str, now: datetime) -> bool:
        """Whether the session was used recently; if so it is used now."""
        last = self._seen.get(session_hash)
        if last is not None and now - last > self._longest:
            return False
        if len(self._seen) >= MOST and last is None:
            self._forget_oldest()
        self._seen[session_hash] = now
        return True

    def forget(self, session_hash: str) -> None:
        self._seen.pop(session_hash, None)

    def _forget_oldest(self) -> None:
        oldest = sorted(self._seen, key=self._seen.__getitem__)[: MOST // 2]
        for session_hash in oldest:
            self._seen.pop(session_hash, None)
