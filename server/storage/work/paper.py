"""Printers and print jobs, to and from their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from server.app.ports import Job, Printer
from server.domain.errors import RuleBroken
from server.storage.prepared import Prepared
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


def _job(row: Row[Any] | None) -> Job | None:
    return None if row is None else Job(*row)


class SqlPaper:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def printers(self) -> list[Printer]:
        return [Printer(*row) for row in _PRINTERS.all(self._connection, site=self._site)]

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
        found = _job(
            self._connection.execute(
                _JOB.where(print_job.c.id == job_id, print_job.c.site == self._site)
            ).first()
        )
        if found is None:
            raise RuleBroken("unknown_job")
        return found

    def last_copy(self, ticket_id: int) -> int | None:
        """The highest copy number of a ticket's slips; None when it never had one."""
        query = select(func.max(print_job.c.copy)).where(print_job.c.ticket == ticket_id)
        return self._connection.execute(query).scalar()

    def held(self, host: str, code: str | None) -> Job | None:
        """The job this host has claimed and not yet reported (of one printer, if named)."""
        query = _JOB.where(
            print_job.c.site == self._site, print_job.c.state == "sending", print_job.c.host == host
        )
        if code is not None:
            query = query.where(print_job.c.printer == code)
        return _job(self._connection.execute(query.order_by(print_job.c.id).limit(1)).first())

    def busy_printers(self) -> set[str]:
        query = select(print_job.c.printer).where(
            print_job.c.site == self._site, print_job.c.state == "sending"
        )
        return set(self._connection.execute(query).scalars())

    def lapsed(self, now: datetime) -> list[Job]:
        """Claimed jobs whose lease ended without a word from the host."""
        query = _JOB.where(
            print_job.c.site == self._site,
            print_job.c.state == "sending",
            print_job.c.lease_until < now,
        )
        return [Job(*row) for row in self._connection.execute(query).all()]

    def oldest(self, codes: Sequence[str]) -> Job | None:
        """The oldest queued job of these printers."""
        query = (
            _JOB.where(
                print_job.c.site == self._site,
                print_job.c.state == "queued",
                print_job.c.printer.in_(codes),
            )
            .order_by(print_job.c.id)
            .limit(1)
        )
        return _job(self._connection.execute(query).first())

    def save_job(self, job_id: int, **changes: Any) -> None:
        self._connection.execute(
            update(print_job).where(print_job.c.id == job_id).values(**changes)
        )
