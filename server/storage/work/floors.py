"""The floor plan's rows and the calendar overrides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from server.domain.calendar import Override
from server.domain.errors import RuleBroken
from server.domain.floor import Floor, floor_from
from server.storage.prepared import Prepared
from server.storage.schema.floor import ENTITIES, override, site

#: plan keys that live on the site's own row
_SITE_KEYS = ("site", "policy", "hours", "cutoff_min")


_VERSIONS = Prepared(
    select(site.c.floor_version, site.c.calendar_version).where(
        site.c.code == bindparam("site")
    )
)
_EPOCH = Prepared(select(site.c.epoch).where(site.c.code == bindparam("site")))


class FloorCache:
    """The last floor and calendar built, kept between the works of one thread's room."""

    def __init__(self, site_code: str) -> None:
        self.site = site_code
        self.forget()

    def forget(self) -> None:
        """Build both anew at the next look."""
        self.floor: Floor | None = None
        self.calendar: tuple[int, tuple[Override, ...]] = (-1, ())


class SqlFloors:
    def __init__(self, connection: Connection, cache: FloorCache) -> None:
        self._connection = connection
        self._cache = cache
        self.site = cache.site
        # Read once a transaction: only this transaction itself can change it meanwhile.
        self._seen: tuple[int, int] | None = None

    def see(self, versions: tuple[int, int]) -> None:
        """Who has just read (floor version, calendar version) in this transaction says so."""
        self._seen = versions

    def _versions(self) -> tuple[int, int]:
        if self._seen is None:
            row = _VERSIONS.all(self._connection, site=self.site)[0]
            self._seen = (row[0], row[1])
        return self._seen

    def current(self) -> Floor:
        """The floor as of this transaction; the cache is replaced, never changed."""
        version = self._versions()[0]
        cached = self._cache.floor
        if cached is not None and cached.version == version:
            return cached
        plan = self.plan()
        if plan is None:
            raise RuleBroken("invalid", field="floor")
        built = floor_from(plan, version)
        self._cache.floor = built
        return built

    def epoch(self) -> str:
        epoch: str = _EPOCH.all(self._connection, site=self.site)[0][0]
        return epoch

    def renew_epoch(self, epoch: str) -> None:
        """Screens and cursors of the history before are told apart from now on."""
        self._connection.execute(update(site).where(site.c.code == self.site).values(epoch=epoch))

    def plan(self) -> dict[str, Any] | None:
        """The plan in force, in the shape of a floor plan's plain dict; None when empty."""
        data = self._connection.execute(
            select(site.c.data).where(site.c.code == self.site)
        ).scalar()
        if not data:
            return None
        rows = {
            key: [row.data for row in self._live(table)] for key, table in ENTITIES.items()
        }
        return {**data, **rows}

    def archived(self) -> dict[str, list[dict[str, Any]]]:
        """Plan list -> rows that the plan had once, in its order."""
        return {
            key: [
                row.data
                for row in self._connection.execute(
                    select(table)
                    .where(table.c.site == self.site, table.c.archived_at.is_not(None))
                    .order_by(table.c.position, table.c.code)
                )
            ]
            for key, table in ENTITIES.items()
        }

    def _live(self, table: Table) -> Any:
        return self._connection.execute(
            select(table)
            .where(table.c.site == self.site, table.c.archived_at.is_(None))
            .order_by(table.c.position)
        ).all()

    def save_plan(self, plan: Mapping[str, Any], version: int, at: datetime) -> dict[str, Any]:
        """Write the plan; returns {'added', 'changed', 'archived'}: lists of 'table:code'."""
        said: dict[str, list[str]] = {"added": [], "changed": [], "archived": []}
        for key, table in ENTITIES.items():
            self._save_rows(table, plan[key], at, said)
        for key, table in reversed(ENTITIES.items()):
            self._archive(table, {row["code"] for row in plan[key]}, at, said)
        self._connection.execute(
            update(site)
            .where(site.c.code == self.site)
            .values(
                name=plan["site"]["name"],
                data={key: plan[key] for key in _SITE_KEYS},
                floor_version=version,
            )
        )
        self._seen = None
        return dict(said)

    def _save_rows(
        self, table: Table, rows: list[dict[str, Any]], at: datetime, said: dict[str, list[str]]
    ) -> None:
        known = {
            row.code: row
            for row in self._connection.execute(select(table).where(table.c.site == self.site))
        }
        own = [c.name for c in table.columns if c.name in {"agency", "zone", "gerai", "prefix", "series"}]
        for position, data in enumerate(rows):
            values = {name: data[name] for name in own}
            values |= {"position": position, "data": data, "archived_at": None}
            before = known.get(data["code"])
            if before is None:
                said["added"].append(f"{table.name}:{data['code']}")
                self._connection.execute(
                    insert(table), {"site": self.site, "code": data["code"], **values}
                )
            elif before.data != data or before.archived_at or before.position != position:
                said["changed"].append(f"{table.name}:{data['code']}")
                self._connection.execute(
                    update(table)
                    .where(table.c.site == self.site, table.c.code == data["code"])
                    .values(**values)
                )

    def _archive(
        self, table: Table, kept: set[str], at: datetime, said: dict[str, list[str]]
    ) -> None:
        for row in self._live(table):
            if row.code not in kept:
                said["archived"].append(f"{table.name}:{row.code}")
                self._connection.execute(
                    update(table)
                    .where(table.c.site == self.site, table.c.code == row.code)
                    .values(archived_at=at)
                )

    def save_policy(self, policy: Mapping[str, Any], version: int) -> None:
        data = self._connection.execute(
            select(site.c.data).where(site.c.code == self.site)
        ).scalar_one()
        self._connection.execute(
            update(site)
            .where(site.c.code == self.site)
            .values(data={**data, "policy": dict(policy)}, floor_version=version)
        )
        self._seen = None

    def overrides(self) -> tuple[Override, ...]:
        """Overrides that have not been ended, oldest first."""
        version = self._versions()[1]
        if self._cache.calendar[0] != version:
            self._cache.calendar = (version, self._read_overrides())
        return self._cache.calendar[1]

    def _read_overrides(self) -> tuple[Override, ...]:
        rows = self._connection.execute(
            select(override)
            .where(override.c.site == self.site, override.c.ended_at.is_(None))
            .order_by(override.c.id)
        ).all()
        return tuple(
            Override(
                id=row.id,
                scope=row.scope,
                target=row.target,
                kind=row.kind,
                date_from=row.date_from,
                date_to=row.date_to,
                intervals=tuple((a, b) for a, b in row.intervals),
                reason=row.reason,
                by=row.by,
            )
            for row in rows
        )

    def _touch_calendar(self, version: int) -> None:
        self._connection.execute(
            update(site).where(site.c.code == self.site).values(calendar_version=version)
        )
        self._seen = None

    def add_override(self, given: Override, version: int, at: datetime) -> int:
        """Insert; `version` is the seq of the event that tells of it."""
        self._touch_calendar(version)
        result = self._connection.execute(
            insert(override),
            {
                "site": self.site,
                "scope": given.scope,
                "target": given.target,
                "kind": given.kind,
                "date_from": given.date_from,
                "date_to": given.date_to,
                "intervals": [list(pair) for pair in given.intervals],
                "reason": given.reason,
                "by": given.by,
                "created_at": at,
            },
        )
        return int(result.inserted_primary_key[0])

    def end_override(self, override_id: int, version: int, at: datetime) -> None:
        self._touch_calendar(version)
        ended = self._connection.execute(
            update(override)
            .where(
                override.c.id == override_id,
                override.c.site == self.site,
                override.c.ended_at.is_(None),
            )
            .values(ended_at=at)
        )
        if not ended.rowcount:
            raise RuleBroken("unknown_override")
