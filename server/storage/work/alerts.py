"""The alerts that stand now, and since when each loket has been free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from server.app.raised import Alert, Raised
from server.storage.prepared import Prepared, one_of
from server.storage.schema.alerts import alert
from server.storage.schema.hall import counter_session, leg, pause

_RAISED = Prepared(
    select(
        alert.c.code,
        alert.c.since,
        alert.c.facts,
        alert.c.subject,
        alert.c.gerai,
        alert.c.raised_at,
        alert.c.acked_by,
        alert.c.acked_at,
    )
    .where(alert.c.site == bindparam("site"))
    .order_by(alert.c.raised_at, alert.c.key)
)
_LEFT = Prepared(
    select(leg.c.counter, func.max(leg.c.ended_at))
    .where(
        leg.c.site == bindparam("site"),
        leg.c.business_date == bindparam("day"),
        one_of(leg.c.state, ["finished", "no_show", "transferred", "cancelled"]),
        leg.c.counter.is_not(None),
    )
    .group_by(leg.c.counter)
)
_BACK = Prepared(
    select(counter_session.c.counter, func.max(pause.c.to_at))
    .join(pause, pause.c.session == counter_session.c.id)
    .where(
        counter_session.c.site == bindparam("site"),
        counter_session.c.closed_at.is_(None),
        pause.c.to_at.is_not(None),
    )
    .group_by(counter_session.c.counter)
)


class SqlAlerts:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def raised(self) -> tuple[Raised, ...]:
        """Oldest first."""
        rows = _RAISED.all(self._connection, site=self._site)
        return tuple(Raised(Alert(*row[:5]), *row[5:]) for row in rows)

    def add(self, given: Alert, at: datetime) -> None:
        row = {
            "site": self._site,
            "key": given.key,
            "code": given.code,
            "subject": given.subject,
            "gerai": given.gerai,
            "facts": dict(given.facts),
            "since": given.since,
            "raised_at": at,
        }
        self._connection.execute(insert(alert), row)

    def remove(self, keys: Sequence[str]) -> None:
        self._connection.execute(delete(alert).where(alert.c.site == self._site, alert.c.key.in_(list(keys))))

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        self._connection.execute(
            update(alert)
            .where(alert.c.site == self._site, alert.c.key == key)
            .values(acked_by=by, acked_at=at)
        )

    def free_since(self, day: date) -> Mapping[str, datetime]:
        """Counter -> when its last visitor of `day` left it or its officer came back from a pause."""
        rows = [*_LEFT.all(self._connection, site=self._site, day=day), *_BACK.all(self._connection, site=self._site)]
        found: dict[str, datetime] = {}
        for counter, at in rows:
            found[counter] = max(at, found.get(counter, at))
        return found
