"""Running words for the displays: of the whole hall or of a zone, on a run of dates."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import ended_or
from server.app.ports import Work
from server.app.snapshot import Notice
from server.domain.errors import RuleBroken
from server.domain.events import Event

#: more would run by unread
NOTICES_MAX = 20


def told(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "text": notice.text,
        "zone": notice.zone,
        "from": notice.date_from.isoformat(),
        "to": notice.date_to.isoformat() if notice.date_to else None,
        "by": notice.by,
    }


def notices(reads: Work) -> list[dict[str, Any]]:
    """Those that have not been ended, oldest first."""
    return [told(row) for row in reads.look.all()]


def add_notice(
    work: Work,
    ask: Ask,
    *,
    text: str,
    date_from: date,
    date_to: date | None = None,
    zone: str | None = None,
) -> Answer:
    """Show a text on the displays, both dates included; no `date_to`: until it is ended.

    Raises invalid (zone, to), too_many_notices.
    """
    if date_to is not None and date_to < date_from:
        raise RuleBroken("invalid", field="to", why="to_before_from")
    if zone is not None and zone not in work.floors.current().zones:
        raise RuleBroken("invalid", field="zone")
    if len(work.look.all()) >= NOTICES_MAX:
        raise RuleBroken("too_many_notices", most=NOTICES_MAX)
    given = Notice(0, text, zone, date_from, date_to, ask.actor)
    body = {**told(given), "id": work.look.add(given, ask.now)}
    work.log.record(Event("NoticeSet", ask.now, ask.actor, data=body))
    return Answer(201, body)


def end_notice(work: Work, ask: Ask, *, notice: int) -> Answer:
    """Take a text off the displays. Raises unknown_notice, already_ended with by whom and when."""
    known = {row.id: row for row in work.look.all()}
    if notice not in known:
        raise ended_or(work, "unknown_notice", "NoticeEnded", notice)
    work.look.end(notice, ask.now)
    body = told(known[notice])
    work.log.record(Event("NoticeEnded", ask.now, ask.actor, data=body))
    return Answer(200, {**body, "ended": True})
