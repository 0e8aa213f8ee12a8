"""Words that run on the displays, and how the hall looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.app.snapshot import Brand, Notice
from server.storage.prepared import Prepared
from server.storage.schema.look import brand, notice, public_address, slip_template

_NOTICES = Prepared(
    select(notice.c.id, notice.c.text, notice.c.zone, notice.c.date_from, notice.c.date_to, notice.c.by)
    .where(notice.c.site == bindparam("site"), notice.c.ended_at.is_(None))
    .order_by(notice.c.id)
)
_BRAND = Prepared(select(brand.c.color, brand.c.logo_sha).where(brand.c.site == bindparam("site")))
_ADDRESS = Prepared(select(public_address.c.url).where(public_address.c.site == bindparam("site")))


class SqlLook:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site
        #: as this act has read it; an act asks for it with the answer and again with the slip
        self._address: str | None = None

    def all(self) -> tuple[Notice, ...]:
        """Notices that have not been ended, oldest first."""
        return tuple(Notice(*row) for row in _NOTICES.all(self._connection, site=self._site))

    def add(self, given: Notice, at: datetime) -> int:
        result = self._connection.execute(
            insert(notice),
            {
                "site": self._site,
                "text": given.text,
                "zone": given.zone,
                "date_from": given.date_from,
                "date_to": given.date_to,
                "by": given.by,
                "created_at": at,
            },
        )
        return int(result.inserted_primary_key[0])

    def end(self, notice_id: int, at: datetime) -> None:
        self._connection.execute(
            update(notice).where(notice.c.id == notice_id, notice.c.site == self._site).values(ended_at=at)
        )

    def brand(self) -> Brand:
        rows = _BRAND.all(self._connection, site=self._site)
        return Brand(*rows[0]) if rows else Brand()

    def logo(self, sha: str) -> bytes | None:
        """The logo's bytes, if it has this SHA-256."""
        return self._connection.execute(
            select(brand.c.logo).where(brand.c.site == self._site, brand.c.logo_sha == sha)
        ).scalar()

    def save_brand(self, values: Mapping[str, Any]) -> None:
        changed = self._connection.execute(
            update(brand).where(brand.c.site == self._site).values(**values)
        )
        if not changed.rowcount:
            self._connection.execute(insert(brand), {"site": self._site, **values})

    def address(self) -> str:
        """The address for phones as an administrator gave it; "" for none."""
        if self._address is None:
            row = _ADDRESS.first(self._connection, site=self._site)
            self._address = "" if row is None else str(row[0])
        return self._address

    def save_address(self, url: str) -> None:
        self._address = url
        self._connection.execute(delete(public_address).where(public_address.c.site == self._site))
        if url:
            self._connection.execute(insert(public_address), {"site": self._site, "url": url})

    def slip_template(self) -> str:
        """The site's own template of a slip; "" for none."""
        found = self._connection.execute(select(slip_template.c.source).where(slip_template.c.site == self._site)).scalar()
        return found or ""

    def save_slip_template(self, source: str) -> None:
        self._connection.execute(delete(slip_template).where(slip_template.c.site == self._site))
        if source:
            self._connection.execute(insert(slip_template), {"site": self._site, "source": source})
