"""What each screen shows: pure functions from one Snapshot to the data of a room.

Views hold instants, never ages. `now` only decides what is open, so two views of one
snapshot differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from server.app.snapshot import SiteFacts, Snapshot
from server.app.views.display import display_view
from server.app.views.floor import ALL_OF_IT, floor_view, part_view
from server.app.views.gerai import gerai_view
from server.app.views.hall import Hall
from server.app.views.kiosk import desk_view, kiosk_view
from server.app.views.wire import encode
from server.domain.errors import RuleBroken
from server.domain.events import parse_room

__all__ = [
    "Hall",
    "desk_view",
    "display_view",
    "encode",
    "floor_view",
    "gerai_view",
    "kiosk_view",
    "room_exists",
    "view_data",
    "viewer",
]

_NAMED: dict[str, Callable[[Hall, str], dict[str, Any]]] = {
    "kiosk": kiosk_view,
    "display": display_view,
    "gerai": gerai_view,
    "floor": part_view,
}
_PLAIN: dict[str, Callable[[Hall], dict[str, Any]]] = {"floor": floor_view, "desk": desk_view}
_UNKNOWN = {"kiosk": "unknown_device", "display": "unknown_display", "gerai": "unknown_gerai", "floor": "unknown_gerai"}


def room_exists(snap: Snapshot, room: str) -> None:
    """Raises RuleBroken unknown_room, unknown_device, unknown_display or unknown_gerai."""
    kind, code = parse_room(room)
    if (kind in _PLAIN and not code) or room == f"floor:{ALL_OF_IT}":
        return
    if kind in {"gerai", "floor"}:
        found = not snap.floor.gerai.keys().isdisjoint(code.split(","))
    else:
        found = any(d.code == code and d.kind == kind and not d.revoked for d in snap.devices)
    if not found:
        raise RuleBroken(_UNKNOWN[kind], room=room[:60])


def viewer(snap: Snapshot, now: datetime, site: SiteFacts) -> Callable[[str], dict[str, Any]]:
    """room -> its data, with the parts rooms share worked out once for all of them."""
    hall = Hall(snap, now, site)

    def data_of(room: str) -> dict[str, Any]:
        kind, code = parse_room(room)
        return _NAMED[kind](hall, code) if code else _PLAIN[kind](hall)

    return data_of


def view_data(snap: Snapshot, room: str, now: datetime, site: SiteFacts) -> dict[str, Any]:
    """The data of one room; for many rooms of one snapshot use `viewer`."""
    return viewer(snap, now, site)(room)
