"""The floor plan's rows and the calendar overrides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from server.domain.errors import RuleBroken
from server.domain.floor import Floor, floor_from
from server.domain.calendar import Override
from server.storage.schema.floor import ENTITIES, override, site

#: plan keys that live on the site's own row
_SITE_KEYS = ("site", "policy", "hours", "cutoff_min")


class FloorCache:
    """The last Floor built, shared by every work of a process; rebuilt on a new version."""

    def __init__(self, site_code: str) -> None:
        self.site = site_code
        self.floor: Floor | None = None


class SqlFloors:
    def __init__(self, connection: Connection, cache: FloorCache) -> None:
        self._connection = connection
        self._cache = cache
        self._site = cache.site

    def current(self) -> Floor:
        """The floor as of this transaction; the cache is replaced, never changed."""
        version = self._connection.execute(
            select(site.c.floor_version).where(site.c.code == self._site)
        ).scalar_one()
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
        return self._connection.execute(
            select(site.c.epoch).where(site.c.code == self._site)
        ).scalar_one()

    def plan(self) -> dict[str, Any] | None:
        """The plan in force, in the shape of a floor plan's plain dict; None when empty."""
        data = self._connection.execute(
            select(site.c.data).where(site.c.code == self._site)
        ).scalar()
        if not data:
            return None
        rows = {
            key: [row.data for row in self._live(table)] for key, table in ENTITIES.items()
        }
        return {**data, **rows}

    def _live(self, table: Table) -> Any:
        return self._connection.execute(
            select(table)
            .where(table.c.site == self._site, table.c.archived_at.is_(None))
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
            .where(site.c.code == self._site)
            .values(
                name=plan["site"]["name"],
                data={key: plan[key] for key in _SITE_KEYS},
                floor_version=version,
            )
        )
        return dict(said)

    def _save_rows(
        self, table: Table, rows: list[dict[str, Any]], at: datetime, said: dict[str, list[str]]
    ) -> None:
        known = {
            row.code: row
            for row in self._connection.execute(select(table).where(table.c.site == self._site))
        }
        own = [c.name for c in table.columns if c.name in {"agency", "zone", "gerai", "prefix", "series"}]
        for position, data in enumerate(rows):
            values = {name: data[name] for name in own}
            values |= {"position": position, "data": data, "archived_at": None}
            before = known.get(data["code"])
            if before is None:
                said["added"].append(f"{table.name}:{data['code']}")
                self._connection.execute(
                    insert(table), {"site": self._site, "code": data["code"], **values}
                )
            elif before.data != data or before.archived_at or before.position != position:
                said["changed"].append(f"{table.name}:{data['code']}")
                self._connection.execute(
                    update(table)
                    .where(table.c.site == self._site, table.c.code == data["code"])
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
                    .where(table.c.site == self._site, table.c.code == row.code)
                    .values(archived_at=at)
                )

    def save_policy(self, policy: Mapping[str, Any], version: int) -> None:
        data = self._connection.execute(
            select(site.c.data).where(site.c.code == self._site)
        ).scalar_one()
        self._connection.execute(
            update(site)
            .where(site.c.code == self._site)
            .values(data={**data, "policy": dict(policy)}, floor_version=version)
        )

    def overrides(self) -> tuple[Override, ...]:
        """Overrides that have not been ended, oldest first."""
        rows = self._connection.execute(
            select(override)
            .where(override.c.site == self._site, override.c.ended_at.is_(None))
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

    def add_override(self, given: Override, at: datetime) -> int:
        result = self._connection.execute(
            insert(override),
            {
                "site": self._site,
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

    def end_override(self, override_id: int, at: datetime) -> None:
        ended = self._connection.execute(
            update(override)
            .where(
                override.c.id == override_id,
                override.c.site == self._site,
                override.c.ended_at.is_(None),
            )
            .values(ended_at=at)
        )
        if not ended.rowcount:
            raise RuleBroken("unknown_override")
