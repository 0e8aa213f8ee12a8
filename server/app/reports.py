"""Reports that have been issued: kept with what they were made from; a correction is a new revision."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from server.app.ask import Answer, Ask
from server.app.dossiers import fingerprint
from server.app.ports import Work
from server.app.present import instant
from server.app.report_csv import csv_of
from server.app.report_letter import letter, missing
from server.domain.errors import RuleBroken
from server.domain.events import Event

#: made anew each time from the figures that are kept
MADE = {"csv": "text/csv; charset=utf-8"}
#: what is kept of each, with its content type
FORMATS = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def scope_of(gerai: frozenset[str] | list[str] | None) -> str:
    """One text for a choice of gerai: '' the whole hall, else their codes."""
    return "" if gerai is None else ",".join(sorted(gerai))


def next_revision(reads: Work, form: str, period: str, scope: str) -> int:
    """0 for the first report of a period, then 1, 2, ..."""
    return reads.reports.last_revision(form, period, scope) + 1


def may_issue(reads: Work, gerai: frozenset[str] | None) -> str:
    """The site's time zone, if a report of these gerai could be signed. Raises letter_missing, unknown_gerai."""
    timezone = may_draft(reads, gerai)
    lacks = missing(letter(reads))
    if lacks:
        raise RuleBroken("letter_missing", missing=lacks)
    return timezone


def may_draft(reads: Work, gerai: frozenset[str] | None) -> str:
    """The site's time zone, if these gerai are or were there; a draft needs no letter. Raises unknown_gerai."""
    floor = reads.floors.current()
    known = {*floor.gerai, *(row["code"] for row in reads.floors.archived()["gerai"])}
    unknown = sorted((gerai or frozenset()) - known)
    if unknown:
        raise RuleBroken("unknown_gerai", gerai=unknown[0][:60])
    return floor.site.timezone


def each_gerai(reads: Work, gerai: frozenset[str] | None) -> list[frozenset[str]]:
    """The extracts of these gerai, else of all that stand in the hall, one for each, in the plan's order.
    Raises unknown_gerai where there is none."""
    codes = reads.floors.current().gerai if gerai is None else sorted(gerai)
    if not codes:
        raise RuleBroken("unknown_gerai", gerai="")
    return [frozenset({code}) for code in codes]


def issue(work: Work, ask: Ask, *, dossier: str, pdf: bytes, xlsx: bytes) -> Answer:
    """Keep a report that has been made. Raises changed_meanwhile when its revision was given away meanwhile."""
    said = json.loads(dossier)
    scope = scope_of(said["gerai"])
    if said["revision"] != next_revision(work, said["form"], said["period"], scope):
        raise RuleBroken("changed_meanwhile", by=None, at=None)
    row = {
        "form": said["form"],
        "period": said["period"],
        "scope": scope,
        "revision": said["revision"],
        "number": said["number"],
        "issued_at": ask.now,
        "by": ask.actor,
        "json_sha": fingerprint(dossier),
        "pdf_sha": hashlib.sha256(pdf).hexdigest(),
        "xlsx_sha": hashlib.sha256(xlsx).hexdigest(),
    }
    report_id = work.reports.add({**row, "json": dossier.encode(), "pdf": pdf, "xlsx": xlsx})
    told = {"id": report_id, **{key: value for key, value in row.items() if key not in {"issued_at", "by"}}}
    work.log.record(Event("ReportIssued", ask.now, ask.actor, data=told))
    return Answer(201, _told({**row, "id": report_id}))


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "form": row["form"],
        "period": row["period"],
        "gerai": row["scope"].split(",") if row["scope"] else None,
        "revision": row["revision"],
        "number": row["number"],
        "issued_at": instant(row["issued_at"]),
        "by": row["by"],
        "sha256": {name: row[f"{name}_sha"] for name in FORMATS},
    }


def listed(reads: Work, gerai: frozenset[str] | None) -> list[dict[str, Any]]:
    """The issued ones, newest first; with `gerai`, those of these gerai alone."""
    return [_told(row) for row in reads.reports.all() if _may(row["scope"], gerai)]


def file_of(reads: Work, report_id: int, kind: str, gerai: frozenset[str] | None) -> tuple[dict[str, Any], bytes]:
    """The row and the bytes, kept or (`csv`) made of what is kept. Raises unknown_report, also for one of other gerai."""
    row = reads.reports.row(report_id)
    if row is None or not _may(row["scope"], gerai):
        raise RuleBroken("unknown_report", report=report_id)
    if kind in MADE:
        return _told(row), csv_of(json.loads(reads.reports.content(report_id, "json"))["figures"]).encode()
    return _told(row), reads.reports.content(report_id, kind)


def _may(scope: str, gerai: frozenset[str] | None) -> bool:
    """An agency head sees reports of its own gerai, never the hall's."""
    return gerai is None or (scope != "" and set(scope.split(",")) <= gerai)
