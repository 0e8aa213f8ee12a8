"""What stands on this site's slips: a template that an administrator wrote, or the house's own.

Whether a text is a template only the printing room knows; it is asked before an act (`House.slip_press`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.app import branding
from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.app.slips import SlipFacts, slip_of
from server.domain.events import Event
from server.domain.numbering import label
from server.domain.tickets import Leg, State, Ticket

_CHANGES = ("SlipTemplateSet",)
#: a number in the middle of a day, and a token as long as a real one that opens nothing
_NUMBER, _TOKEN = 42, "contoh-karcis-saja-000"
_AHEAD, _ESTIMATE_S = 5, (600, 1200)


def template(reads: Work) -> dict[str, Any]:
    """`own`: what an administrator wrote, or null; with its version."""
    return _told(reads.look.slip_template() or None)


def set_template(work: Work, ask: Ask, *, template: str | None, version: str | None = None) -> Answer:
    """Print slips by this template, which has been checked; None: by the house's own. Raises changed_meanwhile."""
    own = work.look.slip_template() or None
    unchanged(work, {"own": own}, version, lambda event: True, _CHANGES)
    if own != template:
        work.look.save_slip_template(template or "")
        work.log.record(Event("SlipTemplateSet", ask.now, ask.actor, data={"template": template}))
    return Answer(200, _told(template))


def _told(own: str | None) -> dict[str, Any]:
    return {"own": own, "version": version_of({"own": own})}


def sample(reads: Work, *, now: datetime, language: str, copy: int) -> dict[str, Any]:
    """A slip of the site's first service with every line that the site's settings allow, as plain data.

    It belongs to nobody: its number is not given, its QR code opens no ticket.
    """
    floor, around = reads.floors.current(), reads.around
    service = next(iter(floor.services.values()), None)
    code, gerai, series = (service.code, service.gerai, service.series) if service else ("-", "-", "-")
    row = floor.series.get(series)
    priority = next((one["code"] for one in floor.policy.priorities), None)
    ticket = Ticket(
        id=0, business_date=now.date(), series=series, number=_NUMBER,
        label=label(row.prefix, _NUMBER, row.width) if row else label("A", _NUMBER, 3),
        token=_TOKEN, service=code, issued_at=now, channel="kiosk", mode="langsung", device=None,
        language=language, priority=priority, priority_state="asked",
    )  # fmt: skip
    leg = Leg(
        id=0, ticket=0, business_date=now.date(), position=1, service=code, gerai=gerai, state=State.WAITING,
        queued_at=now, rank_at=now, rank_seq=0, promised_wait_s=0, promised_service_s=0, standard_version="",
        ahead=_AHEAD, open_counters=1, estimate_from_s=_ESTIMATE_S[0], estimate_to_s=_ESTIMATE_S[1],
    )  # fmt: skip
    facts = SlipFacts(branding.address(reads), around.wifi_name, around.wifi_password)
    texts = around.texts.get(language) or around.texts["id"]
    return slip_of(ticket, leg, floor, texts, facts, copy=copy)
