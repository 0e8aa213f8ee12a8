"""Who speaks in each sound group, and what is known and wanted of each display."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, Integer, String, Table

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

speaker = Table(
    "speaker",
    metadata,
    site_column(primary_key=True),
    # "": the displays that hear the whole hall
    Column("sound_group", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("since", Instant, nullable=False),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
)

# a call that was heard, as the first display told that said so
call_spoken = Table(
    "call_spoken",
    metadata,
    site_column(primary_key=True),
    Column("call", Key, primary_key=True, autoincrement=False),
    Column("device", String, nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["site", "call"], ["call.site", "call.id"]),
)

display_state = Table(
    "display_state",
    metadata,
    site_column(primary_key=True),
    Column("device", String, primary_key=True),
    # live, mute, frozen, stale or small, and since when; nothing before it was first heard
    Column("condition", String),
    Column("since", Instant),
    # percent
    Column("volume", Integer, nullable=False),
    # the newest of each kind: [{id, do, at}]
    Column("commands", JSON, nullable=False),
    # of the read-only key in the address of its simple page
    Column("key_hash", String, unique=True),
    CheckConstraint("volume BETWEEN 0 AND 100", name="volume"),
    ForeignKeyConstraint(["site", "device"], ["device.site", "device.code"]),
)
