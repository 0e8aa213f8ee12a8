"""The rows of the report: the letter around it, making and issuing it, and those that were issued."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from flask import Response
from pydantic import Field, StringConstraints

from server.app import report_letter, reports
from server.app.ask import Answer
from server.app.report_periods import Period, period_of
from server.domain.errors import RuleBroken
from server.web.bodies_admin import PLAIN_TEXT, Note, Title
from server.web.errors import WebRefusal
from server.web.fields import Body, Query, Ref, Version
from server.web.headers import OF_A_PDF
from server.web.roles import ADMINS, AGENCY_HEAD, OVERSEERS
from server.web.route import Asked, Route, get, post

_LETTER = "`{head, basis, addressee, through, addressee_place, copies, place, office, name, rank, nip, note, nature, enclosure, opening, closing, missing, version}`"
_READERS = OVERSEERS | {AGENCY_HEAD}

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600), PLAIN_TEXT]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), PLAIN_TEXT]


class NewLetter(Body):
    """What is left out stays as it is. `head`: the lines of the letterhead, the first three large; `copies`: *tembusan*;
    `nature`: *sifat*; `enclosure`: *lampiran*; empty ones, and an empty `opening` and `closing`, have words of their own."""

    head: Annotated[list[Title], Field(max_length=6)] = Field(default_factory=list)
    basis: Paragraph = ""
    addressee: Note = ""
    through: Note = ""
    addressee_place: Note = ""
    copies: Annotated[list[Title], Field(max_length=10)] = Field(default_factory=list)
    place: Note = ""
    office: Note = ""
    name: Note = ""
    rank: Note = ""
    nip: Note = ""
    note: Paragraph = ""
    nature: Note = ""
    enclosure: Note = ""
    opening: Paragraph = ""
    closing: Paragraph = ""
    version: Version | None = None


class FindDraft(Query):
    """As NewReport has it; `gerai`: an extract of this one."""

    form: Literal["monthly", "quarterly", "halfyearly", "yearly"] = "monthly"
    period: Ref
    gerai: Ref | None = None


class NewReport(Body):
    """`period`: 2026-10, 2026-T4, 2026-S2 or 2026, by `form`; `gerai`: an extract of these alone; `number`: of the letter.

    `each`: an extract for each of these gerai by itself, or for each that stands in the hall, one after another."""

    form: Literal["monthly", "quarterly", "halfyearly", "yearly"] = "monthly"
    period: Ref
    number: Number = ""
    gerai: Annotated[list[Ref], Field(min_length=1, max_length=60)] | None = None
    each: bool = False


def _letter(asked: Asked) -> Any:
    return asked.read(report_letter.read_letter)


def _own(asked: Asked) -> frozenset[str] | None:
    return asked.caller.gerai if asked.caller.role == AGENCY_HEAD else None


def _issue(asked: Asked) -> Answer:
    """Refused before anything is begun; then the report is made beside the server and kept when it is whole."""
    house, given = asked.gate.house, asked.given
    if house.report_desk is None:
        raise WebRefusal("not_ready")
    period = _period(given.get("form", "monthly"), given["period"])
    gerai = frozenset(given["gerai"]) if given.get("gerai") else None
    today = _begun(asked, period, asked.read(reports.may_issue, gerai=gerai))
    wishes = asked.read(reports.each_gerai, gerai=gerai) if given.get("each") else [gerai]
    return Answer(202, house.report_desk.make(asked.ask(), period, wishes, given.get("number", ""), today))


def _begun(asked: Asked, period: Period, timezone: str) -> date:
    """The site's date. Raises period_ahead."""
    today = asked.gate.house.now().astimezone(ZoneInfo(timezone)).date()
    if period.first > today:
        raise RuleBroken("period_ahead", period=period.code)
    return today


def _draft(asked: Asked) -> Response:
    """Made in a process beside the server and kept nowhere; a browser shows it."""
    period = _period(asked.given.get("form", "monthly"), asked.given["period"])
    gerai = frozenset({asked.given["gerai"]}) if asked.given.get("gerai") else None
    today = _begun(asked, period, asked.read(reports.may_draft, gerai=gerai))
    made = asked.gate.house.figures("draft", {"form": period.form, "period": period.code, "gerai": gerai, "today": today})
    response = Response(base64.b64decode(made), content_type=reports.FORMATS["pdf"])
    name = "-".join(["konsep-laporan", period.code, *(gerai or [])])
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Content-Security-Policy"] = OF_A_PDF
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _period(form: str, code: str) -> Period:
    try:
        return period_of(form, code)
    except ValueError:
        raise RuleBroken("invalid", field="period", why="period") from None


def _listed(asked: Asked) -> Any:
    desk, own = asked.gate.house.report_desk, _own(asked)
    making = desk.jobs() if desk is not None and own is None else []
    return {"items": asked.read(reports.listed, gerai=own), "next": None, "making": making}


def _file(asked: Asked) -> Response:
    kind = asked.args["format"]
    types = {**reports.FORMATS, **reports.MADE}
    if kind not in types:
        raise WebRefusal("not_found")
    row, content = asked.read(reports.file_of, report_id=asked.args["report"], kind=kind, gerai=_own(asked))
    response = Response(content, content_type=types[kind])
    name = "-".join(["laporan", row["period"], *(row["gerai"] or []), f"r{row['revision']}"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.set_etag(row["sha256"].get(kind) or hashlib.sha256(content).hexdigest())
    return response


ROUTES: tuple[Route, ...] = (
    get("/report-letter", ADMINS, "The letter around the report, and what it lacks before a report can be issued.", _letter, gives=_LETTER),
    post(
        "/report-letter",
        ADMINS,
        "Write letterhead, addressee, copies or signatory anew.",
        report_letter.set_letter,
        takes=NewLetter,
        gives=_LETTER,
        codes=("changed_meanwhile", "invalid"),
    ),
    get(
        "/reports",
        _READERS,
        "Issued reports, newest first, and those being made; to an agency head, extracts of its own gerai.",
        _listed,
        gives="`{items: [{id, form, period, gerai, revision, number, issued_at, by, sha256}], making: [{job, wish, state, step, code, report}]}`",
    ),
    Route(
        "POST",
        "/reports",
        OVERSEERS,
        "Make the report of a period and issue it: kept for ever; another one of the same period is its next revision.",
        run=_issue,
        takes=NewReport,
        gives="`{job, wish, form, period, gerai, state, step, code, report}`; how it goes on stands in `GET /reports`",
        status=(202,),
        codes=("invalid", "letter_missing", "not_ready", "period_ahead", "report_under_way", "unknown_gerai"),
    ),
    get(
        "/reports/draft",
        OVERSEERS,
        "The PDF of a period as a draft, to be read before it is issued: marked on each page, without a number, kept nowhere.",
        _draft,
        takes=FindDraft,
        gives="the file",
        type="application/pdf",
        codes=("invalid", "period_ahead", "unknown_gerai"),
    ),
    get(
        "/reports/<id:report>/<code:format>",
        _READERS,
        "An issued report as it was issued: `pdf`, `xlsx`, or `json`, which is what it was made from; `csv`: its services, made from that.",
        _file,
        gives="the file",
        type="application/pdf",
        codes=("not_found", "unknown_report"),
    ),
)
