"""The letter around the report, issued reports, and one count that only the report wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from server.domain.events import Event
from server.storage.schema.hall import leg, ticket
from server.storage.schema.log import event
from server.storage.schema.report import issued_report, report_letter
from server.storage.work.log import to_event

_CONTENTS = ("json", "pdf", "xlsx")
_FACTS = [column for column in issued_report.columns if column.name not in _CONTENTS]


class SqlReports:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def letter(self) -> Mapping[str, Any]:
        """What an administrator wrote; {} for nothing."""
        found = self._connection.execute(select(report_letter.c.said).where(report_letter.c.site == self._site)).scalar()
        return found or {}

    def save_letter(self, said: Mapping[str, Any]) -> None:
        self._connection.execute(delete(report_letter).where(report_letter.c.site == self._site))
        self._connection.execute(insert(report_letter), {"site": self._site, "said": dict(said)})

    def issued_by_day(self, first: date, last: date) -> list[Mapping[str, Any]]:
        """[{gerai, service, date, n}]: numbers given, at the service that was chosen."""
        rows = self._connection.execute(
            select(leg.c.gerai, leg.c.service, ticket.c.business_date.label("date"), func.count().label("n"))
            .join(ticket, ticket.c.id == leg.c.ticket)
            .where(ticket.c.site == self._site, ticket.c.business_date.between(first, last), leg.c.origin == "issued")
            .group_by(leg.c.gerai, leg.c.service, ticket.c.business_date)
            .order_by(leg.c.gerai, leg.c.service, ticket.c.business_date)
        )
        return [row._mapping for row in rows]

    def told(self, types: Sequence[str], since: datetime, until: datetime) -> list[Event]:
        """Events of these types with `since` <= at < `until`, oldest first."""
        where = (event.c.site == self._site, event.c.type.in_(types), event.c.at >= since, event.c.at < until)
        return [to_event(row) for row in self._connection.execute(select(event).where(*where).order_by(event.c.seq))]

    def last_revision(self, form: str, period: str, scope: str) -> int:
        """-1: this period has no report yet."""
        last = self._connection.execute(
            select(func.max(issued_report.c.revision)).where(
                issued_report.c.site == self._site,
                issued_report.c.form == form,
                issued_report.c.period == period,
                issued_report.c.scope == scope,
            )
        ).scalar()
        return -1 if last is None else int(last)

    def add(self, row: Mapping[str, Any]) -> int:
        result = self._connection.execute(insert(issued_report), {"site": self._site, **row})
        return int(result.inserted_primary_key[0])

    def all(self) -> list[Mapping[str, Any]]:
        """Without their contents, newest first."""
        query = select(*_FACTS).where(issued_report.c.site == self._site).order_by(issued_report.c.id.desc())
        return [row._mapping for row in self._connection.execute(query)]

    def row(self, report_id: int) -> Mapping[str, Any] | None:
        query = select(*_FACTS).where(issued_report.c.site == self._site, issued_report.c.id == report_id)
        found = self._connection.execute(query).first()
        return None if found is None else found._mapping

    def content(self, report_id: int, kind: str) -> bytes:
        """The kept bytes of 'json', 'pdf' or 'xlsx'."""
        query = select(issued_report.c[kind]).where(issued_report.c.site == self._site, issued_report.c.id == report_id)
        return bytes(self._connection.execute(query).scalar_one())
