"""The floor plan as rows. Nothing is deleted: what is gone carries `archived_at`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKeyConstraint, Integer, String, Table

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

site = Table(
    "site",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    # random; made with the database and again at each restore or move of the data
    Column("epoch", String, nullable=False),
    # seq of the event that last changed the floor
    Column("floor_version", Key, nullable=False),
    # and of the one that last changed its calendar overrides
    Column("calendar_version", Key, nullable=False),
    # site, policy, hours and cut-off as the floor plan gives them
    Column("data", JSON, nullable=False),
    # a simulated clock and real days never share a database
    Column("clock_kind", String, nullable=False),
)


def _entity(name: str, *columns: Column[object] | ForeignKeyConstraint) -> Table:
    return Table(
        name,
        metadata,
        site_column(primary_key=True),
        Column("code", String, primary_key=True),
        Column("position", Integer, nullable=False),
        *columns,
        Column("data", JSON, nullable=False),
        Column("archived_at", Instant),
    )


def _to(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["site", column], [f"{table}.site", f"{table}.code"])


zone = _entity("zone")
agency = _entity("agency")
gerai = _entity(
    "gerai",
    Column("agency", String, nullable=False),
    Column("zone", String, nullable=False),
    _to("agency", "agency"),
    _to("zone", "zone"),
)
counter = _entity("counter", Column("gerai", String, nullable=False), _to("gerai", "gerai"))
series = _entity("series", Column("prefix", String, nullable=False))
service = _entity(
    "service",
    Column("gerai", String, nullable=False),
    Column("series", String, nullable=False),
    _to("gerai", "gerai"),
    _to("series", "series"),
)

override = Table(
    "calendar_override",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("scope", String, nullable=False),
    Column("target", String),
    Column("kind", String, nullable=False),
    Column("date_from", Date, nullable=False),
    Column("date_to", Date),
    Column("intervals", JSON, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

#: floor plan list -> its table, in the order foreign keys allow
ENTITIES: dict[str, Table] = {
    "zones": zone,
    "agencies": agency,
    "gerai": gerai,
    "counters": counter,
    "series": series,
    "services": service,
}
