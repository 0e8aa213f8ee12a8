"""How displays are set, and the media they play."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKeyConstraint, Integer, String, Table

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

# a display's own layout and place, where an administrator has given them; null: as the settings say
device_screen = Table(
    "device_screen",
    metadata,
    site_column(primary_key=True),
    Column("device", String, primary_key=True),
    # the name of a ready layout, or a text of its own
    Column("layout", String),
    Column("text", String),
    Column("distance_m", Integer),
    Column("diagonal_in", Integer),
    Column("gerai", String),
    Column("counter", String),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
)

# the playlist; the files lie in the data folder under the SHA-256 of their bytes
medium = Table(
    "medium",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("sha", String, nullable=False),
    Column("mime", String, nullable=False),
    Column("name", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("length_ms", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("sound", Boolean, nullable=False),
    Column("zone", String),
    Column("days", String, nullable=False),
    Column("from_min", Integer, nullable=False),
    Column("to_min", Integer, nullable=False),
    Column("date_from", Date),
    Column("date_to", Date),
    Column("position", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("trouble", String),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    CheckConstraint("mime IN ('image/jpeg', 'video/mp4', 'video/webm')", name="mime"),
    CheckConstraint("from_min >= 0 AND from_min < to_min AND to_min <= 1440", name="hours"),
)
