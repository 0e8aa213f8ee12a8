"""Printers and the slips that wait for them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

printer = Table(
    "printer",
    metadata,
    site_column(primary_key=True),
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    # the print-host device that owns it
    Column("host", String, nullable=False),
    Column("transport", JSON, nullable=False),
    Column("profile", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("cause", String),
    Column("since", Instant, nullable=False),
)

print_job = Table(
    "print_job",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("ticket", Key, ForeignKey("ticket.id"), nullable=False),
    Column("printer", String, nullable=False),
    # 0 is the first paper; every later one is marked CETAK ULANG n
    Column("copy", Integer, nullable=False),
    Column("device", String),
    Column("slip", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("cause", String),
    Column("created_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("lease_until", Instant),
    Column("host", String),
    Column("ended_at", Instant),
    UniqueConstraint("ticket", "copy"),
    CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'confirmed', 'assumed', 'uncertain',"
        " 'failed', 'late')",
        name="state",
    ),
)
# at its printer, or taken by it with the end not known yet
_AT_PRINTER = text("state IN ('sending', 'sent')")
_IN_FLIGHT = {"sqlite_where": _AT_PRINTER, "postgresql_where": _AT_PRINTER}
Index("one_job_per_printer", print_job.c.site, print_job.c.printer, unique=True, **_IN_FLIGHT)
Index("ix_print_job_state", print_job.c.site, print_job.c.state, print_job.c.printer)
Index("ix_print_job_created", print_job.c.site, print_job.c.created_at)
