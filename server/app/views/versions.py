"""Which version each room is at: the seq of the last event that touched it."""

from __future__ import annotations

from collections.abc import Iterable

from server.domain.events import Event, rooms_touched

#: At start this many of the newest events are read to find every room's version.
WINDOW_EVENTS = 5000


def window_start(head: int) -> int:
    """The seq after which the reading begins at start."""
    return max(0, head - WINDOW_EVENTS)


class Versions:
    """Versions of all rooms, those never heard of included.

    `base` is the seq before the first event read: a room that no event since has touched
    is at `base`, which is not below the version it had before, so versions never go back.
    """

    def __init__(self, base: int) -> None:
        self.base = base
        self.head = base
        self._last: dict[str, int] = {}

    def add(self, events: Iterable[Event]) -> None:
        """Take events in the order of seq; one already known is passed over."""
        for event in events:
            if event.seq <= self.head:
                continue
            self.head = event.seq
            for pattern in rooms_touched(event):
                self._last[pattern] = event.seq

    def of(self, room: str) -> int:
        """The version of `room` ('gerai:DKC'), told by its own name or its kind's ('gerai:*'; 'floor' of its parts)."""
        kind = room.partition(":")[0]
        return max(self._last.get(name, self.base) for name in (room, kind, f"{kind}:*"))
