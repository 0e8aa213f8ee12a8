"""Printers and print jobs, to and from their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from server.app.ports import Job, Printer
from server.domain.errors import RuleBroken
from server.storage.prepared import Prepared, one_of
from server.storage.schema.paper import print_job, printer

_PRINTER = select(
    printer.c.code,
    printer.c.name,
    printer.c.host,
    printer.c.transport,
    printer.c.profile,
    printer.c.state,
    printer.c.cause,
    printer.c.since,
)
_PRINTERS = Prepared(
    _PRINTER.where(printer.c.site == bindparam("site")).order_by(printer.c.code)
)
_ONE_PRINTER = Prepared(
    _PRINTER.where(printer.c.site == bindparam("site"), printer.c.code == bindparam("code"))
)
_HAS_PRINTER = Prepared(
    select(printer.c.code).where(
        printer.c.site == bindparam("site"), printer.c.code == bindparam("code")
    )
)
_GIVEN = ("site", "ticket", "printer", "copy", "device", "slip", "state", "created_at")
_ADD_JOB = Prepared(
    insert(print_job)
    .values({name: bindparam(name) for name in _GIVEN})
    .returning(print_job.c.id)
)
_JOB = select(
    print_job.c.id,
    print_job.c.ticket,
    print_job.c.printer,
    print_job.c.copy,
    print_job.c.device,
    print_job.c.slip,
    print_job.c.state,
    print_job.c.cause,
    print_job.c.created_at,
    print_job.c.lease_until,
    print_job.c.host,
)
_AT_SITE = _JOB.where(print_job.c.site == bindparam("site")).order_by(print_job.c.id)
_ONE_JOB = Prepared(_AT_SITE.where(print_job.c.id == bindparam("id")))
_IN_FLIGHT = Prepared(_AT_SITE.where(one_of(print_job.c.state, ["sending", "sent"])))
_UNENDED = Prepared(_AT_SITE.where(one_of(print_job.c.state, ["queued", "sending", "sent"])))
_QUEUED = Prepared(
    _AT_SITE.where(
        one_of(print_job.c.state, ["queued"]), print_job.c.printer == bindparam("printer")
    ).limit(1)
)


@lru_cache(maxsize=64)
def _save_job(changed: tuple[str, ...]) -> Prepared:
    values = {name: bindparam(name) for name in changed}
    return Prepared(update(print_job).where(print_job.c.id == bindparam("b_id")).values(values))


class SqlPaper:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def printers(self) -> list[Printer]:
        return [Printer(*row) for row in _PRINTERS.all(self._connection, site=self._site)]

    def has_printer(self, code: str) -> bool:
        return _HAS_PRINTER.first(self._connection, site=self._site, code=code) is not None

    def printer(self, code: str) -> Printer | None:
        row = _ONE_PRINTER.first(self._connection, site=self._site, code=code)
        return None if row is None else Printer(*row)

    def save_printer(self, given: Printer) -> None:
        """Insert, or write all fields of the printer with this code."""
        values: dict[str, Any] = {
            "name": given.name,
            "host": given.host,
            "transport": dict(given.transport),
            "profile": dict(given.profile),
            "state": given.state,
            "cause": given.cause,
            "since": given.since,
        }
        changed = self._connection.execute(
            update(printer)
            .where(printer.c.site == self._site, printer.c.code == given.code)
            .values(**values)
        )
        if not changed.rowcount:
            self._connection.execute(
                insert(printer), {"site": self._site, "code": given.code, **values}
            )

    def add_job(self, row: Mapping[str, Any]) -> int:
        made = _ADD_JOB.all(self._connection, site=self._site, **row)[0]
        return int(made[0])

    def job(self, job_id: int) -> Job:
        row = _ONE_JOB.first(self._connection, site=self._site, id=job_id)
        if row is None:
            raise RuleBroken("unknown_job")
        return Job(*row)

    def last_copy(self, ticket_id: int) -> int | None:
        """The highest copy number of a ticket's slips; None when it never had one."""
        query = select(func.max(print_job.c.copy)).where(print_job.c.ticket == ticket_id)
        return self._connection.execute(query).scalar()

    def in_flight(self) -> list[Job]:
        """Jobs that a host has claimed and whose end it has not told, oldest first."""
        return [Job(*row) for row in _IN_FLIGHT.all(self._connection, site=self._site)]

    def unended(self) -> list[Job]:
        """Jobs that wait for their printer or for its word, oldest first."""
        return [Job(*row) for row in _UNENDED.all(self._connection, site=self._site)]

    def oldest(self, codes: Sequence[str]) -> Job | None:
        """The oldest queued job of these printers."""
        heads = [_QUEUED.first(self._connection, site=self._site, printer=code) for code in codes]
        return min((Job(*row) for row in heads if row), key=lambda job: job.id, default=None)

    def save_job(self, job_id: int, **changes: Any) -> None:
        _save_job(tuple(changes)).run(self._connection, b_id=job_id, **changes)
