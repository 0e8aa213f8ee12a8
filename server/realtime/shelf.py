"""Views ready to be given out: each made once per version, from one gathered snapshot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from server.app.ask import StorageUnavailable
from server.app.snapshot import SiteFacts, Snapshot
from server.app.views import viewer
from server.app.views.versions import Versions, window_start
from server.app.views.wire import Encoded, Encoder, View, view_of
from server.realtime.sources import Sources

#: Events asked for at once.
PAGE = 1000
#: How long a caller waits for its turn to look at the log, s.
TURN_WAIT_S = 10.0
#: A view not older than this (business time) is given again byte for byte, s.
FRESH_S = 1.0


class Shelf:
    """Knows every room's version, and makes the views asked for."""

    def __init__(self, sources: Sources, site: SiteFacts) -> None:
        self._sources = sources
        self._site = site
        self._turn = _Turn()
        self._looks = 0
        self._versions: Versions | None = None
        self._snap: Snapshot | None = None
        self._data_of: Callable[[str], dict[str, Any]] | None = None
        self._encoder = Encoder()
        self._made: dict[str, tuple[View, Encoded]] = {}

    def version(self, room: str) -> int:
        """The room's version as of the last look; 0 before the first."""
        return self._versions.of(room) if self._versions else 0

    @property
    def epoch(self) -> str:
        """The database's epoch; empty before the first look."""
        return self._snap.epoch if self._snap else ""

    def look(self) -> None:
        """Learn of everything committed before the call. Raises StorageUnavailable."""
        before = self._looks
        with self._turn:
            # Whoever waited while another began to look after it had asked need not look again.
            if self._looks == before:
                self._look()

    def make(self, room: str) -> View:
        """The view at the version of the last look, holding at least all of that version.

        Raises RuleBroken (unknown_room, unknown_device, unknown_display, unknown_gerai)
        and StorageUnavailable.
        """
        if self._versions is None:
            self.look()
        with self._turn:
            return self._make(room)

    def forget(self, room: str) -> None:
        """The room exists no more."""
        self._made.pop(room, None)

    def _look(self) -> None:
        self._looks += 1
        if self._versions is None:
            snap = self._gather()
            versions = Versions(window_start(snap.seq))
        else:
            versions = self._versions
        while True:
            events = self._sources.latest(versions.head, PAGE)
            versions.add(events)
            if len(events) < PAGE:
                break
        self._versions = versions

    def _gather(self) -> Snapshot:
        """Read the hall anew: never before the log, so that it holds all of each version."""
        snap = self._sources.gather()
        self._snap = snap
        self._data_of = viewer(snap, self._sources.now(), self._site)
        self._encoder = Encoder()
        return snap

    def _make(self, room: str) -> View:
        """Holds the turn, so that versions stand still meanwhile."""
        assert self._versions and self._snap and self._data_of
        version = self._versions.of(room)
        now = self._sources.now()
        made = self._made.get(room)
        if made and made[0].version == version:
            if abs((now - made[0].at).total_seconds()) <= FRESH_S:
                return made[0]
            data = made[1]
        else:
            if self._snap.seq < self._versions.head:
                self._gather()
            data = self._encoder.encode(self._data_of(room))
        view = view_of(room, self._snap.epoch, version, now, data)
        self._made[room] = (view, data)
        return view


class _Turn:
    """One caller at a time, for a bounded wait. The lock is green under eventlet and gevent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=TURN_WAIT_S):
            raise StorageUnavailable("views wait for the database")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
