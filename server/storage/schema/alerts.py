"""The alerts that stand now, with who has taken them on."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, String, Table

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant

# from AlertRaised to AlertEnded; what has ended stands in the log alone
alert = Table(
    "alert",
    metadata,
    site_column(primary_key=True),
    Column("key", String, primary_key=True),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("gerai", String),
    Column("facts", JSON, nullable=False),
    Column("since", Instant),
    Column("raised_at", Instant, nullable=False),
    Column("acked_by", String),
    Column("acked_at", Instant),
    CheckConstraint("(acked_by IS NULL) = (acked_at IS NULL)", name="acked"),
)
