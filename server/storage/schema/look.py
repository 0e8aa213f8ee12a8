"""Words that run on the displays, and how the hall looks."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, LargeBinary, String, Table

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

notice = Table(
    "notice",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("text", String, nullable=False),
    # no zone: every display of the hall
    Column("zone", String),
    Column("date_from", Date, nullable=False),
    Column("date_to", Date),
    Column("by", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

brand = Table(
    "brand",
    metadata,
    site_column(primary_key=True),
    Column("color", String),
    # a PNG made anew from what was sent, and the SHA-256 of its bytes
    Column("logo", LargeBinary),
    Column("logo_sha", String),
    CheckConstraint("(logo IS NULL) = (logo_sha IS NULL)", name="logo"),
)

# the address that phones open, where an administrator has given one
public_address = Table(
    "public_address",
    metadata,
    site_column(primary_key=True),
    Column("url", String, nullable=False),
)

# what stands on a slip and in which order, where an administrator has written it
slip_template = Table(
    "slip_template",
    metadata,
    site_column(primary_key=True),
    Column("source", String, nullable=False),
)
