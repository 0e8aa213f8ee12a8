"""The event log and its head, kept answers, refusals, and the business days."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.app.snapshot import EXCEPTION_TYPES
from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

event_head = Table(
    "event_head",
    metadata,
    site_column(primary_key=True),
    Column("seq", Key, nullable=False),
    Column("hash", String, nullable=False),
)

event = Table(
    "event",
    metadata,
    site_column(primary_key=True),
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("type", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("device", String),
    Column("ticket", Key),
    Column("leg", Key),
    Column("gerai", String),
    Column("service", String),
    Column("counter", String),
    Column("data", JSON, nullable=False),
    Column("hash", String, nullable=False),
)
Index("ix_event_ticket", event.c.site, event.c.ticket)
Index("ix_event_type_at", event.c.site, event.c.type, event.c.at)
#: the few that a supervisor reads as exceptions, newest first, in every view of the floor
_EXCEPTION = text(f"type IN ({', '.join(sorted(map(repr, EXCEPTION_TYPES)))})")
Index(
    "ix_event_exception",
    event.c.site,
    event.c.seq,
    sqlite_where=_EXCEPTION,
    postgresql_where=_EXCEPTION,
)

#: an act's answer, kept with the act itself
answer = Table(
    "answer",
    metadata,
    Column("actor", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_answer_at", answer.c.at)

refusal = Table(
    "refusal",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("business_date", Date, nullable=False),
    Column("actor", String, nullable=False),
    Column("key", String),
    Column("service", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("device", String),
    Column("at", Instant, nullable=False),
    # one intent is refused once, however often its reply is lost
    UniqueConstraint("actor", "key"),
)
Index("ix_refusal_business_date", refusal.c.site, refusal.c.business_date)

business_day = Table(
    "business_day",
    metadata,
    site_column(primary_key=True),
    Column("date", Date, primary_key=True),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("head_seq", Key),
    Column("head_hash", String),
)
Index(
    "one_open_day",
    business_day.c.site,
    unique=True,
    sqlite_where=business_day.c.closed_at.is_(None),
    postgresql_where=business_day.c.closed_at.is_(None),
)
