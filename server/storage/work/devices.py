"""Enrolled devices, browsers that hold them, and enrolment codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.storage.prepared import Prepared
from server.storage.schema.devices import browser, browser_device, device, device_fallback, device_pace, enrolment
from server.storage.types import Instant

_NAMES = [column.name for column in device.columns]
_DEVICE = Prepared(
    select(device).where(
        device.c.site == bindparam("site"), device.c.code == bindparam("code")
    )
)
_DEVICES = Prepared(
    select(device)
    .where(device.c.site == bindparam("site"))
    .order_by(device.c.kind, device.c.code)
)
_FALLBACK = Prepared(
    select(device_fallback.c.printer).where(
        device_fallback.c.site == bindparam("site"), device_fallback.c.device == bindparam("code")
    )
)
_ENROLMENT_NAMES = [column.name for column in enrolment.columns]
_ENROLMENTS = Prepared(
    select(enrolment)
    .where(
        enrolment.c.site == bindparam("site"),
        enrolment.c.device.is_(None),
        enrolment.c.expires_at > bindparam("now", type_=Instant),
    )
    .order_by(enrolment.c.asked_at)
)


class SqlDevices:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def device(self, code: str) -> Mapping[str, Any] | None:
        row = _DEVICE.first(self._connection, site=self._site, code=code)
        return None if row is None else dict(zip(_NAMES, row, strict=True))

    def devices(self) -> list[Mapping[str, Any]]:
        rows = _DEVICES.all(self._connection, site=self._site)
        return [dict(zip(_NAMES, row, strict=True)) for row in rows]

    def save(self, row: Mapping[str, Any]) -> None:
        """Insert, or write the given fields of the device with this code."""
        changes = {key: value for key, value in row.items() if key != "code"}
        changed = self._connection.execute(
            update(device)
            .where(device.c.site == self._site, device.c.code == row["code"])
            .values(**changes)
        )
        if not changed.rowcount:
            self._connection.execute(insert(device), {"site": self._site, **row})

    def paces(self) -> dict[str, Mapping[str, int]]:
        """Kiosk's code -> its own interval_s, per_minute and pause_s."""
        table = device_pace.c
        query = select(table.device, table.interval_s, table.per_minute, table.pause_s).where(table.site == self._site)
        return {
            row.device: {"interval_s": row.interval_s, "per_minute": row.per_minute, "pause_s": row.pause_s}
            for row in self._connection.execute(query).all()
        }

    def save_pace(self, code: str, pace: Mapping[str, int] | None) -> None:
        """Give the kiosk this rule, or none of its own."""
        own = (device_pace.c.site == self._site) & (device_pace.c.device == code)
        self._connection.execute(delete(device_pace).where(own))
        if pace is not None:
            self._connection.execute(insert(device_pace), {"site": self._site, "device": code, **pace})

    def fallbacks(self) -> dict[str, str]:
        """Kiosk's code -> the printer that stands in for its own."""
        table = device_fallback.c
        query = select(table.device, table.printer).where(table.site == self._site)
        return {row.device: row.printer for row in self._connection.execute(query).all()}

    def fallback(self, code: str) -> str | None:
        row = _FALLBACK.first(self._connection, site=self._site, code=code)
        return None if row is None else str(row[0])

    def save_fallback(self, code: str, printer: str | None) -> None:
        """Name the kiosk's fallback, or none."""
        own = (device_fallback.c.site == self._site) & (device_fallback.c.device == code)
        self._connection.execute(delete(device_fallback).where(own))
        if printer is not None:
            self._connection.execute(insert(device_fallback), {"site": self._site, "device": code, "printer": printer})

    def flip(self, code: str, state: str, at: datetime) -> None:
        self.save({"code": code, "state": state, "since": at})

    def add_browser(self, row: Mapping[str, Any]) -> None:
        self._connection.execute(insert(browser), dict(row))

    def browsers(self) -> list[Mapping[str, Any]]:
        return [row._mapping for row in self._connection.execute(select(browser)).all()]

    def bind(self, browser_hash: str, code: str) -> None:
        """Let the browser act as the device too; binding twice is no mistake."""
        known = self._connection.execute(
            select(browser_device.c.device).where(
                browser_device.c.site == self._site,
                browser_device.c.browser == browser_hash,
                browser_device.c.device == code,
            )
        ).first()
        if known is None:
            self._connection.execute(
                insert(browser_device),
                {"site": self._site, "browser": browser_hash, "device": code},
            )

    def bindings(self) -> list[tuple[str, str]]:
        rows = self._connection.execute(
            select(browser_device.c.browser, browser_device.c.device).where(
                browser_device.c.site == self._site
            )
        ).all()
        return [(row.browser, row.device) for row in rows]

    def add_enrolment(self, row: Mapping[str, Any]) -> None:
        self._connection.execute(insert(enrolment), {"site": self._site, **row})

    def enrolment(self, code: str) -> Mapping[str, Any] | None:
        row = self._connection.execute(
            select(enrolment).where(enrolment.c.site == self._site, enrolment.c.code == code)
        ).first()
        return None if row is None else row._mapping

    def enrolments(self, now: datetime) -> list[Mapping[str, Any]]:
        """Codes that still wait for approval."""
        rows = _ENROLMENTS.all(self._connection, site=self._site, now=now)
        return [dict(zip(_ENROLMENT_NAMES, row, strict=True)) for row in rows]

    def approve(self, code: str, device_code: str) -> None:
        self._connection.execute(
            update(enrolment).where(enrolment.c.code == code).values(device=device_code)
        )
