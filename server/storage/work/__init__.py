"""What one act may touch: a small class per subject, on one connection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.app.ports import Around
from server.app.snapshot import Snapshot
from server.storage.snapshot import gather
from server.storage.work.alerts import SqlAlerts
from server.storage.work.counters import SqlCounters
from server.storage.work.days import SqlDays
from server.storage.work.devices import SqlDevices
from server.storage.work.displays import SqlDisplays
from server.storage.work.figures import SqlFigures
from server.storage.work.floors import FloorCache, SqlFloors
from server.storage.work.history import SqlHistory
from server.storage.work.log import SqlLog
from server.storage.work.look import SqlLook
from server.storage.work.paper import SqlPaper
from server.storage.work.people import SqlPeople
from server.storage.work.reports import SqlReports
from server.storage.work.screens import SqlScreens
from server.storage.work.tickets import SqlTickets

__all__ = ["FloorCache", "SqlWork"]


class SqlWork:
    """A `Work` (see server/app/ports.py) on `connection`, inside its transaction."""

    def __init__(self, connection: Connection, cache: FloorCache, around: Around) -> None:
        self.around = around
        self.connection = connection
        site = cache.site
        self.floors = SqlFloors(connection, cache)
        self.log = SqlLog(connection, self.floors)
        self.days = SqlDays(connection, site)
        self.tickets = SqlTickets(connection, site)
        self.counters = SqlCounters(connection, site)
        self.paper = SqlPaper(connection, site)
        self.people = SqlPeople(connection)
        self.devices = SqlDevices(connection, site)
        self.displays = SqlDisplays(connection, site)
        self.look = SqlLook(connection, site)
        self.screens = SqlScreens(connection, site)
        self.reports = SqlReports(connection, site)
        self.history = SqlHistory(connection, site)
        self.alerts = SqlAlerts(connection, site)
        self.figures = SqlFigures(connection, site)

    def snapshot(self, now: datetime) -> Snapshot:
        """Everything the screens need, as this connection sees it."""
        return gather(self, now)

    def seal(self) -> None:
        """Write the event head once, at the end of the act."""
        self.log.seal()
