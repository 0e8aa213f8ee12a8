"""Who watches what: one entry per connected screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Guest:
    """Who stands behind a screen.

    `key` names the credential, so that ending it ends its screens: a session's hash or
    `device:<code>`. `kind` and `code` say who it is: ('kiosk', 'K1'), ('user', 'pengawas').
    `proof` is what the door decides by; nobody else reads it.
    """

    key: str
    kind: str
    code: str
    proof: object = None


class Registry:
    """Screens by their socket's id (sid); a screen is in exactly one room."""

    def __init__(self) -> None:
        self._screens: dict[str, tuple[Guest, str]] = {}
        self._rooms: Counter[str] = Counter()

    def add(self, sid: str, guest: Guest, room: str) -> None:
        self.remove(sid)
        self._screens[sid] = (guest, room)
        self._rooms[room] += 1

    def remove(self, sid: str) -> Guest | None:
        """The guest whose screen is gone; None when it was not here."""
        guest, room = self._screens.pop(sid, (None, ""))
        if guest is not None:
            self._rooms[room] -= 1
            if not self._rooms[room]:
                del self._rooms[room]
        return guest

    def rooms(self) -> Collection[str]:
        """Rooms with at least one screen."""
        return list(self._rooms)

    def of_key(self, key: str) -> list[str]:
        return [sid for sid, (guest, _) in self._screens.items() if guest.key == key]

    def of_room(self, room: str) -> list[str]:
        return [sid for sid, (_, own) in self._screens.items() if own == room]

    def holds(self, sid: str) -> bool:
        return sid in self._screens

    def __len__(self) -> int:
        return len(self._screens)
