"""Tickets, legs, calls, and who sat where: the hall itself."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from server.domain.tickets import ACTIVE, OPEN, State
from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key


def _in(column: str, values: frozenset[State] | type[State]) -> str:
    return f"{column} IN ({', '.join(sorted(repr(str(v)) for v in values))})"


def _where(condition: str) -> dict[str, object]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


series_day = Table(
    "series_day",
    metadata,
    site_column(primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("series", String, primary_key=True),
    # frozen for the date: a changed prefix takes effect on the next one
    Column("prefix", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("last_given", Integer),
    UniqueConstraint("site", "business_date", "prefix"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("business_date", Date, nullable=False),
    Column("series", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", String, nullable=False),
    Column("token", String, nullable=False, unique=True),
    Column("service", String, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("channel", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("device", String),
    Column("actor", String, nullable=False),
    Column("language", String, nullable=False),
    Column("priority", String),
    Column("priority_state", String),
    UniqueConstraint("site", "business_date", "series", "number"),
    UniqueConstraint("site", "business_date", "label"),
    ForeignKeyConstraint(["site", "service"], ["service.site", "service.code"]),
    CheckConstraint("number >= 0", name="number"),
)
Index("ix_ticket_service", ticket.c.site, ticket.c.business_date, ticket.c.service)

leg = Table(
    "leg",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("ticket", Key, ForeignKey("ticket.id"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("position", Integer, nullable=False),
    Column("service", String, nullable=False),
    Column("gerai", String, nullable=False),
    Column("state", String, nullable=False),
    # a copy of the ticket's standing, so that one index answers "who is next"
    Column("is_priority", Boolean, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("rank_at", Instant, nullable=False),
    Column("rank_seq", Key, nullable=False),
    Column("origin", String, nullable=False),
    Column("promised_wait_s", Integer, nullable=False),
    Column("promised_service_s", Integer, nullable=False),
    Column("standard_version", String, nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("open_counters", Integer, nullable=False),
    Column("estimate_from_s", Integer),
    Column("estimate_to_s", Integer),
    Column("first_called_at", Instant),
    Column("last_called_at", Instant),
    Column("call_count", Integer, nullable=False),
    Column("round_calls", Integer, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("held_at", Instant),
    Column("counter", String),
    Column("officer", String),
    Column("outcome", String),
    Column("wait_reliable", Boolean, nullable=False),
    Column("service_reliable", Boolean, nullable=False),
    Column("served_s", Integer, nullable=False),
    Column("serving_since", Instant),
    Column("held_s", Integer, nullable=False),
    UniqueConstraint("ticket", "position"),
    CheckConstraint(_in("state", State), name="state"),
    CheckConstraint("served_s >= 0 AND held_s >= 0", name="durations"),
    ForeignKeyConstraint(["site", "service"], ["service.site", "service.code"]),
)
Index(
    "one_active_leg_per_counter",
    leg.c.site,
    leg.c.counter,
    unique=True,
    **_where(_in("state", ACTIVE)),
)
Index("one_open_leg_per_ticket", leg.c.ticket, unique=True, **_where(_in("state", OPEN)))
Index(
    "ix_leg_waiting",
    leg.c.site,
    leg.c.business_date,
    leg.c.service,
    leg.c.is_priority,
    leg.c.rank_at,
    leg.c.rank_seq,
    **_where("state = 'waiting'"),
)
# covers the day's counts: one scan of the date's keys, never of rows
Index("ix_leg_day", leg.c.site, leg.c.business_date, leg.c.state, leg.c.service)
Index(
    "ix_leg_recent",
    leg.c.site,
    leg.c.business_date,
    leg.c.ended_at,
    **_where("state = 'finished' AND service_reliable"),
)
Index(
    "ix_leg_recent_service",
    leg.c.site,
    leg.c.business_date,
    leg.c.service,
    leg.c.ended_at,
    **_where("state = 'finished' AND service_reliable"),
)

#: a stretch of one leg's life: `serving` or `held`; reports read these
span = Table(
    "span",
    metadata,
    Column("id", Key, primary_key=True),
    Column("leg", Key, ForeignKey("leg.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("counter", String),
    Column("officer", String),
    CheckConstraint("kind IN ('held', 'serving')", name="kind"),
    CheckConstraint("to_at >= from_at", name="forward"),
)
Index("ix_span_leg", span.c.leg)

call = Table(
    "call",
    metadata,
    site_column(primary_key=True),
    # the seq of its event: gapless order and a name for the announcement
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("business_date", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("leg", Key, ForeignKey("leg.id"), nullable=False),
    Column("ticket", Key, ForeignKey("ticket.id"), nullable=False),
    Column("label", String, nullable=False),
    Column("counter", String, nullable=False),
    Column("gerai", String, nullable=False),
    Column("service", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("language", String, nullable=False),
    Column("is_priority", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    CheckConstraint("kind IN ('call', 'pick', 'recall', 'resume')", name="kind"),
)
Index("ix_call_date", call.c.site, call.c.business_date, call.c.id)
Index("ix_call_gerai", call.c.site, call.c.business_date, call.c.gerai, call.c.id)
Index("ix_call_ticket", call.c.ticket)

counter_session = Table(
    "counter_session",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("business_date", Date, nullable=False),
    Column("counter", String, nullable=False),
    Column("gerai", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("services", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("last_act_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("flagged", Boolean, nullable=False),
    # since when the officer's page is silent; the visitor stays in service (P11)
    Column("lost_since", Instant),
    ForeignKeyConstraint(["site", "counter"], ["counter.site", "counter.code"]),
)
_OPEN_SESSION = _where("closed_at IS NULL")
Index(
    "one_session_per_counter",
    counter_session.c.site,
    counter_session.c.counter,
    unique=True,
    **_OPEN_SESSION,
)
Index(
    "one_session_per_officer",
    counter_session.c.site,
    counter_session.c.officer,
    unique=True,
    **_OPEN_SESSION,
)
Index("ix_counter_session_date", counter_session.c.site, counter_session.c.business_date)

pause = Table(
    "pause",
    metadata,
    Column("id", Key, primary_key=True),
    Column("session", Key, ForeignKey("counter_session.id"), nullable=False),
    Column("reason", String, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant),
)
Index("ix_pause_session", pause.c.session)
Index("one_open_pause", pause.c.session, unique=True, **_where("to_at IS NULL"))
