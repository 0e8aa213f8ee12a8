"""People, their gerai, their sessions, and failed log-ins."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from server.storage.schema.base import metadata
from server.storage.types import Instant

ROLES = ("officer", "receptionist", "agency_head", "viewer", "supervisor", "admin")

person = Table(
    "person",
    metadata,
    Column("username", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("role IN ('" + "', '".join(ROLES) + "')", name="role"),
)

person_gerai = Table(
    "person_gerai",
    metadata,
    Column("username", String, ForeignKey("person.username"), primary_key=True),
    Column("gerai", String, primary_key=True),
)

session = Table(
    "session",
    metadata,
    # sha256 of the random id; the id itself is only in the cookie
    Column("hash", String, primary_key=True),
    Column("username", String, ForeignKey("person.username"), nullable=False),
    Column("csrf", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
Index("ix_session_username", session.c.username)

#: failed log-ins are counted for the account and for the browser, apart
login_guard = Table(
    "login_guard",
    metadata,
    Column("subject", String, primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("last_at", Instant, nullable=False),
)
