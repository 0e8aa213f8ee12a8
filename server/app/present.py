"""How instants, tickets, legs and counters are told, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server.app.ports import Session
from server.domain.floor import Floor
from server.domain.tickets import OPEN, Leg, State, Ticket


def instant(at: datetime | None) -> str | None:
    """Aware datetime -> '2026-11-03T00:30:00.000Z' (UTC, milliseconds cut, not rounded)."""
    if at is None:
        return None
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"


def priority(ticket: Ticket) -> dict[str, str] | None:
    """The asked or given priority with its standing; None for everybody else."""
    if ticket.priority is None:
        return None
    return {"code": ticket.priority, "state": ticket.priority_state or "asked"}


def leg(ticket: Ticket, stop: Leg, floor: Floor) -> dict[str, Any]:
    """One stop with its ticket's number: what an officer sees of a visitor."""
    service = floor.services.get(stop.service)
    name = service.name if service else {"id": stop.service}
    return {
        "ticket": ticket.id,
        "leg": stop.id,
        "number": ticket.label,
        "service": stop.service,
        "service_name": {"id": name["id"], "en": name.get("en") or name["id"]},
        "queued_at": instant(stop.queued_at),
        "priority": priority(ticket),
        "language": ticket.language,
        "call_count": stop.call_count,
        "round_calls": stop.round_calls,
        "state": str(stop.state),
        "counter": stop.counter,
        "first_called_at": instant(stop.first_called_at),
        "last_called_at": instant(stop.last_called_at),
        "started_at": instant(stop.started_at),
        "held_at": instant(stop.held_at),
        "promised_service_s": stop.promised_service_s,
        "outcome": stop.outcome,
        "officer": stop.officer,
    }


def counter(
    code: str, session: Session | None, active: Mapping[str, Any] | None, floor: Floor, name: str
) -> dict[str, Any]:
    """A counter as the counter pages show it; `name` is the officer's."""
    plan = floor.counters[code]
    state = "closed" if session is None else "paused" if session.paused_since else "open"
    return {
        "code": code,
        "label": plan.label,
        "gerai": plan.gerai,
        "zone": floor.gerai[plan.gerai].zone,
        "state": state,
        "officer": {"username": session.officer, "name": name} if session else None,
        "services": list(session.services) if session else list(plan.services),
        "since": instant(session.opened_at) if session else None,
        "pause_reason": session.pause_reason if session else None,
        "leg": active,
    }


def current(legs: list[Leg]) -> Leg:
    """The stop a visit has come to: the open leg, else the one that ended last; never one
    that is merely planned."""
    been = [leg for leg in legs if leg.state is not State.PLANNED]
    return max(been, key=lambda leg: (leg.state in OPEN, leg.ended_at or leg.queued_at, -leg.position))


def ticket_whole(
    ticket: Ticket,
    legs: list[Leg],
    floor: Floor,
    calls: list[Mapping[str, Any]] | None = None,
    prints: list[Mapping[str, Any]] | None = None,
    ahead: int | None = None,
) -> dict[str, Any]:
    """A ticket with its legs, calls and prints."""
    last = current(legs)
    return {
        "id": ticket.id,
        "number": ticket.label,
        "token": ticket.token,
        "state": str(last.state),
        "service": last.service,
        "gerai": last.gerai,
        "business_date": ticket.business_date.isoformat(),
        "issued_at": instant(ticket.issued_at),
        "channel": ticket.channel,
        "mode": ticket.mode,
        "language": ticket.language,
        "priority": priority(ticket),
        "ahead": ahead,
        "legs": [leg(ticket, stop, floor) for stop in legs],
        "calls": [
            {
                "id": row["id"],
                "at": instant(row["at"]),
                "counter": row["counter"],
                "count": row["count"],
                "kind": row["kind"],
            }
            for row in calls or ()
        ],
        "prints": [
            {
                "job": row["id"],
                "copy": row["copy"],
                "state": row["state"],
                "cause": row["cause"],
                "printer": row["printer"],
                "at": instant(row["ended_at"] or row["created_at"]),
            }
            for row in prints or ()
        ],
    }
