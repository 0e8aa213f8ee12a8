"""How displays are set, and the playlist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.app.showing import Medium, Screen
from server.storage.prepared import Prepared
from server.storage.schema.screens import device_screen, medium

_SET = [field.name for field in fields(Screen)]
_MEDIUM = [field.name for field in fields(Medium)]
_SCREENS = Prepared(
    select(device_screen.c.device, *(device_screen.c[name] for name in _SET)).where(device_screen.c.site == bindparam("site"))
)
_MEDIA = Prepared(
    select(*(medium.c[name] for name in _MEDIUM))
    .where(medium.c.site == bindparam("site"), medium.c.removed_at.is_(None))
    .order_by(medium.c.position, medium.c.id)
)


class SqlScreens:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def screens(self) -> dict[str, Screen]:
        """Display's code -> how it is set; one that nobody has set is not here."""
        return {row[0]: Screen(*row[1:]) for row in _SCREENS.all(self._connection, site=self._site)}

    def save(self, device: str, screen: Screen | None) -> None:
        """Set a display, or let it follow the settings again."""
        own = (device_screen.c.site == self._site) & (device_screen.c.device == device)
        self._connection.execute(delete(device_screen).where(own))
        if screen is not None:
            values = {name: getattr(screen, name) for name in _SET}
            self._connection.execute(insert(device_screen), {"site": self._site, "device": device, **values})

    def media(self) -> tuple[Medium, ...]:
        """The playlist in its order."""
        return tuple(Medium(*row) for row in _MEDIA.all(self._connection, site=self._site))

    def add_medium(self, values: Mapping[str, Any], at: datetime) -> int:
        result = self._connection.execute(insert(medium), {"site": self._site, **values, "created_at": at})
        return int(result.inserted_primary_key[0])

    def change_medium(self, medium_id: int, **changes: Any) -> None:
        self._connection.execute(
            update(medium).where(medium.c.id == medium_id, medium.c.site == self._site).values(**changes)
        )
