"""Business days, and the day's numbers of each series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.app.ports import SeriesDay
from server.domain import numbering
from server.domain.errors import RuleBroken
from server.domain.floor import Floor
from server.storage.prepared import Prepared
from server.storage.schema.hall import series_day
from server.storage.schema.log import business_day

_OPEN = Prepared(
    select(business_day.c.date).where(
        business_day.c.site == bindparam("site"), business_day.c.closed_at.is_(None)
    )
)
_OF_DAY = (
    series_day.c.site == bindparam("b_site"),
    series_day.c.business_date == bindparam("b_day"),
    series_day.c.series == bindparam("b_series"),
)
_SERIES = Prepared(
    select(
        series_day.c.last_given,
        series_day.c.first,
        series_day.c.last,
        series_day.c.prefix,
        series_day.c.width,
    ).where(*_OF_DAY)
)
_SERIES_DAY = tuple(series_day.c[name] for name in SeriesDay.__dataclass_fields__)
_GIVE = Prepared(update(series_day).where(*_OF_DAY).values(last_given=bindparam("number")))


class SqlDays:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def open_day(self) -> date | None:
        """The one day that is open, if any."""
        row = _OPEN.first(self._connection, site=self._site)
        return row[0] if row else None

    def last_day(self) -> date | None:
        """The newest day ever opened."""
        newest = select(func.max(business_day.c.date)).where(business_day.c.site == self._site)
        return self._connection.execute(newest).scalar()

    def is_closed(self, day: date) -> bool:
        query = select(business_day.c.closed_at).where(
            business_day.c.site == self._site, business_day.c.date == day
        )
        return self._connection.execute(query).scalar() is not None

    def open(self, day: date, at: datetime) -> None:
        self._connection.execute(
            insert(business_day), {"site": self._site, "date": day, "opened_at": at}
        )

    def close(self, day: date, at: datetime, head: tuple[int, str]) -> None:
        """Close `day` for good, with the chain's head as it was when the day ended."""
        self._connection.execute(
            update(business_day)
            .where(business_day.c.site == self._site, business_day.c.date == day)
            .values(closed_at=at, head_seq=head[0], head_hash=head[1])
        )

    def _of(self, day: date, series: str) -> dict[str, object]:
        return {"b_site": self._site, "b_day": day, "b_series": series}

    def freeze_series(self, day: date, series: str, floor: Floor) -> None:
        """Make the series' row for `day` from the plan as it is now, once.

        Raises RuleBroken('closed') when another series already uses the prefix that day:
        two papers of one day must never carry the same number.
        """
        if _SERIES.first(self._connection, **self._of(day, series)) is None:
            self._add_series(day, series, floor)

    def _add_series(self, day: date, series: str, floor: Floor) -> None:
        plan = floor.series[series]
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    insert(series_day),
                    {
                        "site": self._site,
                        "business_date": day,
                        "series": series,
                        "prefix": plan.prefix,
                        "width": plan.width,
                        "first": plan.first,
                        "last": plan.last,
                        "last_given": None,
                    },
                )
        except IntegrityError as clash:
            raise RuleBroken("closed", reason="prefix_in_use", prefix=plan.prefix) from clash

    def keep_series(self, row: Mapping[str, Any]) -> None:
        """Make a series' row for a date as it once was: {date, series, prefix, width, first, last}; not where either is taken."""
        taken = {name for known in self.series_of(row["date"]) for name in ((0, known.series), (1, known.prefix))}
        if not taken.isdisjoint({(0, row["series"]), (1, row["prefix"])}):
            return
        values = {name: row[name] for name in ("series", "prefix", "width", "first", "last")}
        self._connection.execute(insert(series_day), {"site": self._site, "business_date": row["date"], **values, "last_given": None})

    def series_of(self, day: date) -> list[SeriesDay]:
        """Every series that has a row for `day`."""
        query = select(*_SERIES_DAY).where(series_day.c.site == self._site, series_day.c.business_date == day)
        return [SeriesDay(*row) for row in self._connection.execute(query.order_by(series_day.c.series))]

    def skip_to(self, day: date, series: str, number: int) -> None:
        """Give no number of the series up to and including `number`."""
        _GIVE.run(self._connection, **self._of(day, series), number=number)

    def take_number(self, day: date, series: str, floor: Floor) -> tuple[int, str]:
        """The next number of the day and its label. Raises range_exhausted at the end."""
        where = self._of(day, series)
        row = _SERIES.first(self._connection, **where)
        if row is None:
            self._add_series(day, series, floor)
            row = _SERIES.all(self._connection, **where)[0]
        last_given, first, last, prefix, width = row
        number = numbering.next_number(last_given, first, last)
        _GIVE.run(self._connection, **where, number=number)
        return number, numbering.label(prefix, number, width)
