"""The letter around the report, and reports that were issued."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, LargeBinary, String, Table, UniqueConstraint

from server.storage.schema.base import metadata, site_column
from server.storage.types import Instant, Key

# what an administrator wrote: letterhead, addressee, copies, signatory
report_letter = Table(
    "report_letter",
    metadata,
    site_column(primary_key=True),
    Column("said", JSON, nullable=False),
)

# Never changed and never deleted (triggers.py); a correction is the next revision.
issued_report = Table(
    "issued_report",
    metadata,
    Column("id", Key, primary_key=True),
    site_column(),
    Column("form", String, nullable=False),
    Column("period", String, nullable=False),
    # '' the whole hall, else codes of gerai with commas
    Column("scope", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", String, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("json_sha", String, nullable=False),
    Column("pdf_sha", String, nullable=False),
    Column("xlsx_sha", String, nullable=False),
    # what it was made from, and what was signed
    Column("json", LargeBinary, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    Column("xlsx", LargeBinary, nullable=False),
    UniqueConstraint("site", "form", "period", "scope", "revision"),
)
