"""Officer sessions at counters, and their pauses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from server.app.ports import Session
from server.storage.prepared import Prepared
from server.storage.schema.hall import counter_session, pause

_OPEN = (
    select(
        counter_session.c.id,
        counter_session.c.business_date,
        counter_session.c.counter,
        counter_session.c.gerai,
        counter_session.c.officer,
        counter_session.c.services,
        counter_session.c.opened_at,
        counter_session.c.last_act_at,
        counter_session.c.lost_since,
        pause.c.from_at,
        pause.c.reason,
    )
    .select_from(
        counter_session.outerjoin(
            pause, (pause.c.session == counter_session.c.id) & pause.c.to_at.is_(None)
        )
    )
    .where(counter_session.c.site == bindparam("site"), counter_session.c.closed_at.is_(None))
)
_AT = Prepared(_OPEN.where(counter_session.c.counter == bindparam("counter")))
_OF = Prepared(_OPEN.where(counter_session.c.officer == bindparam("officer")))
_ALL = Prepared(_OPEN)
_AT_GERAI = Prepared(_OPEN.where(counter_session.c.gerai == bindparam("gerai")))
_TOUCH = Prepared(
    update(counter_session)
    .where(counter_session.c.id == bindparam("b_id"))
    .values(last_act_at=bindparam("at"))
)


def _session(row: list[Any]) -> Session:
    row[5] = tuple(row[5])
    return Session(*row)


class SqlCounters:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site
        #: session -> when this act has touched it already
        self._touched: dict[int, datetime] = {}

    def session_at(self, counter: str) -> Session | None:
        row = _AT.first(self._connection, site=self._site, counter=counter)
        return None if row is None else _session(row)

    def session_of(self, officer: str) -> Session | None:
        row = _OF.first(self._connection, site=self._site, officer=officer)
        return None if row is None else _session(row)

    def open_sessions(self) -> list[Session]:
        return [_session(row) for row in _ALL.all(self._connection, site=self._site)]

    def open_sessions_at(self, gerai: str) -> list[Session]:
        rows = _AT_GERAI.all(self._connection, site=self._site, gerai=gerai)
        return [_session(row) for row in rows]

    def open(self, session: Session) -> None:
        """Insert; the given id is ignored."""
        self._connection.execute(
            insert(counter_session),
            {
                "site": self._site,
                "business_date": session.business_date,
                "counter": session.counter,
                "gerai": session.gerai,
                "officer": session.officer,
                "services": list(session.services),
                "opened_at": session.opened_at,
                "last_act_at": session.last_act_at,
                "flagged": False,
            },
        )

    def touch(self, session: Session, at: datetime) -> None:
        """The session's officer has done something `at`."""
        if self._touched.get(session.id) != at:
            self._touched[session.id] = at
            _TOUCH.run(self._connection, b_id=session.id, at=at)

    def close(self, session: Session, at: datetime, flagged: bool) -> None:
        """End the session and its open pause; `flagged`: the officer did not close it."""
        self.resume(session, at)
        self._connection.execute(
            update(counter_session)
            .where(counter_session.c.id == session.id)
            .values(closed_at=at, flagged=flagged)
        )

    def pause(self, session: Session, reason: str, at: datetime) -> None:
        self._connection.execute(
            insert(pause), {"session": session.id, "reason": reason, "from_at": at}
        )

    def resume(self, session: Session, at: datetime) -> None:
        self._connection.execute(
            update(pause)
            .where(pause.c.session == session.id, pause.c.to_at.is_(None))
            .values(to_at=at)
        )

    def lose(self, session: Session, since: datetime | None) -> None:
        """The officer's page is silent since `since`; None: it is heard again."""
        self._connection.execute(
            update(counter_session)
            .where(counter_session.c.id == session.id)
            .values(lost_since=since)
        )
