"""People, their sessions, and counted failures to log in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.storage.prepared import Prepared
from server.storage.schema.people import login_guard, person, person_gerai, session
from server.storage.types import Instant

_GUARD_NAMES = [column.name for column in login_guard.columns]
_LOCKED = Prepared(
    select(login_guard)
    .where(login_guard.c.locked_until > bindparam("now", type_=Instant))
    .order_by(login_guard.c.subject)
)
_NAME = Prepared(select(person.c.name).where(person.c.username == bindparam("username")))


class SqlPeople:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: dict[str, str] = {}

    def _gerai(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        rows = self._connection.execute(select(person_gerai).order_by(person_gerai.c.gerai))
        for row in rows:
            found.setdefault(row.username, []).append(row.gerai)
        return found

    def person(self, username: str) -> Mapping[str, Any] | None:
        """The row with `gerai`: list of codes; None when nobody has the name."""
        row = self._connection.execute(
            select(person).where(person.c.username == username)
        ).first()
        if row is None:
            return None
        gerai = self._connection.execute(
            select(person_gerai.c.gerai)
            .where(person_gerai.c.username == username)
            .order_by(person_gerai.c.gerai)
        ).scalars()
        return {**row._mapping, "gerai": list(gerai)}

    def name_of(self, username: str) -> str:
        """The person's name as colleagues know it; the user name when there is nobody."""
        if username not in self._names:
            row = _NAME.first(self._connection, username=username)
            self._names[username] = row[0] if row else username
        return self._names[username]

    def people(self) -> list[Mapping[str, Any]]:
        gerai = self._gerai()
        rows = self._connection.execute(select(person).order_by(person.c.username)).all()
        return [{**row._mapping, "gerai": gerai.get(row.username, [])} for row in rows]

    def add(self, row: Mapping[str, Any], gerai: Sequence[str]) -> None:
        self._connection.execute(insert(person), dict(row))
        self._place(row["username"], gerai)

    def _place(self, username: str, gerai: Sequence[str]) -> None:
        self._connection.execute(delete(person_gerai).where(person_gerai.c.username == username))
        for code in gerai:
            self._connection.execute(
                insert(person_gerai), {"username": username, "gerai": code}
            )

    def change(self, username: str, gerai: Sequence[str] | None, **changes: Any) -> None:
        self._names.pop(username, None)
        if changes:
            self._connection.execute(
                update(person).where(person.c.username == username).values(**changes)
            )
        if gerai is not None:
            self._place(username, gerai)

    def add_session(self, row: Mapping[str, Any]) -> None:
        self._connection.execute(insert(session), dict(row))

    def end_sessions(
        self,
        at: datetime,
        *,
        hash: str | None = None,
        username: str | None = None,
        keep: str | None = None,
    ) -> None:
        """End one session by its hash, or all of a person's but `keep`."""
        which = session.c.hash == hash if hash is not None else session.c.username == username
        if keep is not None:
            which = which & (session.c.hash != keep)
        self._connection.execute(
            update(session).where(which, session.c.ended_at.is_(None)).values(ended_at=at)
        )

    def sessions(self, now: datetime) -> list[Mapping[str, Any]]:
        """Sessions that are still good at `now`."""
        rows = self._connection.execute(
            select(session).where(session.c.ended_at.is_(None), session.c.expires_at > now)
        ).all()
        return [row._mapping for row in rows]

    def guard(self, subject: str) -> Mapping[str, Any] | None:
        row = self._connection.execute(
            select(login_guard).where(login_guard.c.subject == subject)
        ).first()
        return None if row is None else row._mapping

    def guards_locked(self, now: datetime) -> list[Mapping[str, Any]]:
        rows = _LOCKED.all(self._connection, now=now)
        return [dict(zip(_GUARD_NAMES, row, strict=True)) for row in rows]

    def forget_guards(self, at: datetime) -> None:
        """Forget what was counted at this very instant."""
        self._connection.execute(delete(login_guard).where(login_guard.c.last_at == at))

    def save_guard(self, row: Mapping[str, Any]) -> None:
        self._connection.execute(
            delete(login_guard).where(login_guard.c.subject == row["subject"])
        )
        self._connection.execute(insert(login_guard), dict(row))
