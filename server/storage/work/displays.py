"""What is known and wanted of the displays: the turn to speak, condition, volume, commands, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from server.app.snapshot import DisplayState
from server.storage.prepared import Prepared
from server.storage.schema.displays import call_spoken, display_state, speaker
from server.storage.schema.hall import call

_SPEAKERS = Prepared(
    select(speaker.c.sound_group, speaker.c.device).where(speaker.c.site == bindparam("site"))
)
_STATES = Prepared(
    select(
        display_state.c.device,
        display_state.c.condition,
        display_state.c.since,
        display_state.c.volume,
        display_state.c.commands,
    ).where(display_state.c.site == bindparam("site"))
)
_NEW = {"condition": None, "since": None, "volume": 100, "commands": [], "key_hash": None}


class SqlDisplays:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def speakers(self) -> dict[str, str]:
        """Sound group ("": the whole hall) -> the display whose turn it is."""
        rows = _SPEAKERS.all(self._connection, site=self._site)
        return {str(group): str(device) for group, device in rows}

    def set_speaker(self, group: str, device: str, at: datetime) -> None:
        changed = self._connection.execute(
            update(speaker)
            .where(speaker.c.site == self._site, speaker.c.sound_group == group)
            .values(device=device, since=at)
        )
        if not changed.rowcount:
            row = {"site": self._site, "sound_group": group, "device": device, "since": at}
            self._connection.execute(insert(speaker), row)

    def states(self) -> dict[str, DisplayState]:
        """Display -> what is known of it; one nothing is known of is not here."""
        rows = _STATES.all(self._connection, site=self._site)
        return {
            row[0]: DisplayState(row[1], row[2], row[3], tuple(row[4])) for row in rows
        }

    def save_state(self, device: str, **changes: Any) -> None:
        own = (display_state.c.site == self._site, display_state.c.device == device)
        changed = self._connection.execute(update(display_state).where(*own).values(**changes))
        if not changed.rowcount:
            row = {"site": self._site, "device": device, **_NEW, **changes}
            self._connection.execute(insert(display_state), row)

    def keys(self) -> dict[str, str]:
        """Hash of a key -> its display."""
        rows = self._connection.execute(
            select(display_state.c.key_hash, display_state.c.device).where(
                display_state.c.site == self._site, display_state.c.key_hash.is_not(None)
            )
        ).all()
        return {row.key_hash: row.device for row in rows}

    def calls(self, ids: Sequence[int]) -> dict[int, str]:
        """Of these ids those that are calls -> the gerai that called."""
        rows = self._connection.execute(
            select(call.c.id, call.c.gerai).where(call.c.site == self._site, call.c.id.in_(list(ids)))
        ).all()
        return {row.id: row.gerai for row in rows}

    def spoken(self, device: str, at_of: Mapping[int, datetime]) -> None:
        """These calls were heard; the first that says so is believed."""
        known = self.spoken_of(list(at_of))
        rows = [
            {"site": self._site, "call": call_id, "device": device, "at": at}
            for call_id, at in at_of.items()
            if call_id not in known
        ]
        if rows:
            self._connection.execute(insert(call_spoken), rows)

    def spoken_of(self, ids: Sequence[int]) -> frozenset[int]:
        """Those of these calls that were heard."""
        rows = self._connection.execute(
            select(call_spoken.c.call).where(call_spoken.c.site == self._site, call_spoken.c.call.in_(list(ids)))
        ).all()
        return frozenset(row.call for row in rows)
