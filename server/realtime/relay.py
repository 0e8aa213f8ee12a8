"""The only emitter: follows the event log and sends whole views to who watches.

A commit nudges it; it looks by itself every `poll_s` seconds in case a nudge was lost or
another process wrote. It sends at once, then no more often than every `interval_s`, and
never spends more than half of the loop's time on views.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from server.app.ask import StorageUnavailable
from server.app.snapshot import SiteFacts
from server.app.views.wire import Encoded, View, pulse_of
from server.domain.errors import RuleBroken
from server.realtime.flips import Flips
from server.realtime.shelf import Shelf
from server.realtime.sources import Audience, Loop, Pace, Sources

#: The rooms people wait at come first.
_ORDER = {"gerai": 0, "display": 1, "kiosk": 2, "desk": 3, "floor": 4}
#: Longest pause after a round of views, however long the round took, s.
PAUSE_MAX_S = 1.0
#: No version: the room has to be sent, and a pulse has nothing to tell there.
_UNSENT = -1


class Relay:
    """Sends views and pulses to an audience; `view` is the same for who asks by HTTP."""

    def __init__(
        self,
        loop: Loop,
        sources: Sources,
        site: SiteFacts,
        audience: Audience,
        pace: Pace | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = loop
        self._sources = sources
        self._audience = audience
        self._pace = pace or Pace()
        self._monotonic = monotonic
        self._shelf = Shelf(sources, site)
        self._flips = Flips(logging.getLogger(__name__))
        self._nudged = loop.event()
        self._ended = loop.event()
        self._started = False
        self._stopping = False
        #: room -> version last sent to all who watch it; _UNSENT while one of them lacks it
        self._sent: dict[str, int] = {}
        self._pulse_at = monotonic() + self._pace.pulse_s
        #: what the last pulse said
        self._stuck = False

    def start(self) -> None:
        """Begin to follow the log."""
        self._started = True
        self._loop.spawn(self._run)

    def stop(self, wait_s: float = 2.0) -> bool:
        """End the loop; False when it has not ended after `wait_s` seconds."""
        self._stopping = True
        self._nudged.set()
        return not self._started or self._ended.wait(wait_s)

    def nudge(self) -> None:
        """Something was committed. To be called in the loop's thread only."""
        self._nudged.set()

    def view(self, room: str) -> View:
        """The room now, at least as new as everything committed before the call.

        Raises RuleBroken (unknown_room, unknown_device, unknown_display, unknown_gerai)
        and StorageUnavailable.
        """
        self._shelf.look()
        return self._shelf.make(room)

    def greet(self, room: str) -> View:
        """The view for a screen that has just entered `room`. Raises as `view` does.

        A screen that could not be given one gets it with the next turn.
        """
        try:
            view = self.view(room)
        except StorageUnavailable:
            self._sent[room] = _UNSENT
            raise
        self._sent.setdefault(room, view.version)
        return view

    def place(self, room: str) -> tuple[str, int]:
        """(epoch, version) of a room as of the last look, without looking; ("", 0) before the first."""
        return self._shelf.epoch, self._shelf.version(room)

    def turn(self) -> int:
        """Look once, send what changed, pulse when it is time; how many views went out.

        Never raises. While the log cannot be read nothing is sent, pulses neither: a
        screen that hears nothing says so by itself (P8).
        """
        try:
            if not self._audience.watched():  # whoever comes is greeted with a look of its own
                self._sent = {}
                return 0
            self._shelf.look()
            # Only now: who was greeted during the look must not be forgotten, or the next in its room would be taken for all.
            watched = sorted(self._audience.watched(), key=_place)
            self._sent = {room: self._sent[room] for room in watched if room in self._sent}
            sent = sum(self._send(room) for room in watched)
            self._pulse()
        except Exception:
            self._flips.bad("the relay", "cannot follow the event log")
            return 0
        self._flips.good("the relay")
        return sent

    def _run(self) -> None:
        while not self._stopping:
            self._nudged.wait(self._pace.poll_s)
            self._nudged.clear()
            began = self._monotonic()
            if not self._stopping and self.turn():
                took_s = self._monotonic() - began
                self._loop.sleep(max(self._pace.interval_s - took_s, min(took_s, PAUSE_MAX_S)))
        self._ended.set()

    def _send(self, room: str) -> int:
        """Send the room if it changed since it was sent; 1 or 0.

        Raises StorageUnavailable; what is wrong with this room alone stays here.
        """
        if self._sent.get(room) == self._shelf.version(room):
            return 0
        try:
            view = self._shelf.make(room)
            self._audience.send("view", Encoded(view.body.decode()), room)
        except RuleBroken:
            self._shelf.forget(room)
            self._audience.close_room(room)
            return 0
        except StorageUnavailable:
            raise
        except Exception:
            self._flips.bad(f"room {room}", "cannot be shown")
            self._sent[room] = _UNSENT
            return 0
        self._flips.good(f"room {room}")
        self._sent[room] = view.version
        self._loop.sleep(0)  # the presses of the hall go between two rooms
        return 1

    def _pulse(self) -> None:
        """Tell every room that it is live, and at once when writing fails or works again.

        A room whose view cannot be made hears nothing.
        """
        stuck = self._sources.is_stuck()
        if self._monotonic() < self._pulse_at and stuck == self._stuck:
            return
        self._stuck = stuck
        self._pulse_at = self._monotonic() + (self._pace.stuck_pulse_s if stuck else self._pace.pulse_s)
        for room, version in list(self._sent.items()):
            if version != _UNSENT:
                message = pulse_of(room, self._shelf.epoch, version, self._sources.now(), stuck)
                self._audience.send("pulse", message, room)


def _place(room: str) -> tuple[int, str]:
    return (_ORDER.get(room.partition(":")[0], len(_ORDER)), room)
