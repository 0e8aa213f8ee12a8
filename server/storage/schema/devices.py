"""Enrolled devices, the browsers that hold them, and codes waiting for approval."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
)

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant

device = Table(
    "device",
    metadata,
    site_column(primary_key=True),
    Column("code", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("zone", String),
    Column("printer", String),
    Column("token_hash", String, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    # up, down or never; flips are events, heartbeats are not
    Column("state", String, nullable=False),
    Column("since", Instant, nullable=False),
    CheckConstraint("kind IN ('kiosk', 'display', 'print-host', 'program')", name="kind"),
)

browser = Table(
    "browser",
    metadata,
    Column("hash", String, primary_key=True),
    Column("created_at", Instant, nullable=False),
)

browser_device = Table(
    "browser_device",
    metadata,
    site_column(primary_key=True),
    Column("browser", String, ForeignKey("browser.hash"), primary_key=True),
    Column("device", String, primary_key=True),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
)

# how fast a kiosk's page gives numbers, where it has a rule of its own
device_pace = Table(
    "device_pace",
    metadata,
    site_column(primary_key=True),
    Column("device", String, primary_key=True),
    Column("interval_s", Integer, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("pause_s", Integer, nullable=False),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
)

# where a kiosk's slips come out while its own printer cannot print
device_fallback = Table(
    "device_fallback",
    metadata,
    site_column(primary_key=True),
    Column("device", String, primary_key=True),
    Column("printer", String, nullable=False),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
    ForeignKeyConstraint(["site", "printer"], ["printer.site", "printer.code"]),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("code", String, primary_key=True),
    site_column(),
    Column("kind", String, nullable=False),
    # the code in the address the page was opened at
    Column("wanted", String, nullable=False),
    Column("browser", String, ForeignKey("browser.hash"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("device", String),
)
