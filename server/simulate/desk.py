"""The front desk: numbers for those who cannot use the kiosk, and what visitors come back with."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from server.simulate.record import Record, Told
from server.simulate.servertime import ServerTime
from server.simulate.wire import Unsettled, Wire

_LOOK_S = 20.0


class Desk:
    """Does what was asked `later`, in order of business time, in a thread of its own."""

    def __init__(self, wire: Wire, clock: ServerTime, record: Record, stop: threading.Event) -> None:
        self.wire = wire
        self._clock, self._record, self._stop = clock, record, stop
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._busy = False

    @property
    def pending(self) -> bool:
        """Whether somebody may still bring work into the hall."""
        with self._lock:
            return bool(self._due) or self._busy

    def at(self, moment: datetime, job: Callable[[], None]) -> None:
        with self._lock:
            heapq.heappush(self._due, (moment, next(self._order), job))

    def later(self, after_s: float, job: Callable[[], None]) -> None:
        self.at(self._clock.now() + timedelta(seconds=after_s), job)

    def run(self) -> None:
        while not self._stop.is_set():
            job = self._take()
            if job is None:
                self._clock.wait(_LOOK_S, self._stop)
                continue
            try:
                job()
            except Unsettled:
                self._record.leave_open(self.wire.proof.actor)
            finally:
                self._busy = False

    def _take(self) -> Callable[[], None] | None:
        with self._lock:
            if not self._due or self._due[0][0] > self._clock.now():
                return None
            self._busy = True
            return heapq.heappop(self._due)[2]

    def act(self, ticket: int, what: str, type_: str, **body: Any) -> bool:
        """One act on a ticket; a refusal (the visitor was called meanwhile) is counted only."""
        reply = self.wire.post(f"/tickets/{ticket}/{what}", body)
        if reply.status != 200:
            self._record.refuse(reply.code)
            return False
        if type_ == "SlipQueued" and not reply.body["prints"][-1]["copy"]:
            return True  # the first paper of a number that had none: part of its issue, no event
        leg = reply.body["legs"][-1]["leg"]
        self._record.tell(Told(type_, self.wire.proof.actor, leg))
        return True
