"""Making a report: its dossier from the database, and a file from a dossier. Runs in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from config.settings import Settings
from server.app import dossiers
from server.app.ports import Work
from server.app.report_periods import Period
from server.app.reports import may_draft, next_revision, scope_of
from server.cli.faults import BAD_ARGUMENTS, Stop
from server.clock import parse_clock, wall_now
from server.domain.errors import RuleBroken
from server.ops import talking

#: what a file is made by; loaded late, for the libraries take a moment
Step = Callable[[str], None]


def today(settings: Settings, reads: Work) -> date:
    """The site's date: by its clock, and never before a day that it has already opened."""
    clock = parse_clock(settings.clock)
    now = clock.now() if clock else wall_now()
    local = now.astimezone(ZoneInfo(reads.floors.current().site.timezone)).date()
    return max(local, reads.days.last_day() or local)


def refuse_future(period: Period, now: date) -> None:
    if period.first > now:
        raise Stop(f"Periode {period.code} belum dimulai (hari ini {now.isoformat()}); belum ada yang dapat dilaporkan.", BAD_ARGUMENTS)


def refuse_unknown(reads: Work, gerai: frozenset[str] | None) -> None:
    """Raises Stop for a gerai that is not there and never was."""
    try:
        may_draft(reads, gerai)
    except RuleBroken as refusal:
        raise Stop(f"Gerai {refusal.facts['gerai']!r} tidak ada dan tidak pernah ada; periksa kodenya.", BAD_ARGUMENTS) from refusal


def draft(settings: Settings, period: Period, gerai: frozenset[str] | None, number: str) -> dict[str, object]:
    """The dossier of a report that is not issued."""
    with talking.reads(settings) as reads:
        now = today(settings, reads)
        refuse_future(period, now)
        refuse_unknown(reads, gerai)
        return dossiers.gather(reads, period, gerai, number=number, revision=None, made_on=now)


def to_issue(settings: Settings, period: Period, gerai: frozenset[str] | None, number: str, made_on: date) -> str:
    """The text of the dossier of the next revision."""
    with talking.reads(settings) as reads:
        revision = next_revision(reads, period.form, period.code, scope_of(gerai))
        return dossiers.text_of(dossiers.gather(reads, period, gerai, number=number, revision=revision, made_on=made_on))


def rendered(text: str, kind: str) -> bytes:
    """The dossier's text as 'pdf' or 'xlsx': a pure function, whoever calls it and whenever."""
    from server.reports.document import document_of

    document = document_of(json.loads(text), dossiers.fingerprint(text))
    if kind == "pdf":
        from server.reports.pdf import pdf_of

        return pdf_of(document)
    from server.reports.xlsx import xlsx_of

    return xlsx_of(document)


def make_files(settings: Settings, period: Period, gerai: frozenset[str] | None, number: str, made_on: date, folder: Path, step: Step) -> None:
    """dossier.json, report.pdf and report.xlsx in `folder`; `step` is told what comes next."""
    step("figures")
    text = to_issue(settings, period, gerai, number, made_on)
    (folder / "report.json").write_text(text, "utf-8")
    for kind in ("pdf", "xlsx"):
        step(kind)
        (folder / f"report.{kind}").write_bytes(rendered(text, kind))
