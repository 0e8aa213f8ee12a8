"""How instants, tickets, legs and counters are told, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server.app.ports import Session
from server.app.raised import Raised
from server.domain.calendar import Override
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


def names(name: Mapping[str, str]) -> dict[str, str]:
    """A name in Indonesian and English; English falls back to Indonesian."""
    return {"id": name["id"], "en": name.get("en") or name["id"]}


def service_names(floor: Floor, code: str) -> dict[str, str]:
    """A service's names; its code when the plan no longer has it."""
    service = floor.services.get(code)
    return names(service.name) if service else {"id": code, "en": code}


def brief(floor: Floor, ticket: Ticket, stop: Leg) -> dict[str, Any]:
    """A ticket as it stands in a line."""
    return {
        "ticket": ticket.id,
        "leg": stop.id,
        "number": ticket.label,
        "service": stop.service,
        "service_name": service_names(floor, stop.service),
        "queued_at": instant(stop.queued_at),
        "priority": priority(ticket),
        "language": ticket.language,
        "call_count": stop.call_count,
    }


def leg(floor: Floor, ticket: Ticket, stop: Leg) -> dict[str, Any]:
    """The same with what happened to the leg so far: what an officer sees of a visitor."""
    return {
        **brief(floor, ticket, stop),
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


def override(rule: Override) -> dict[str, Any]:
    """Other hours than the week's; intervals as ['08:00', '12:00'] pairs in site time."""
    return {
        "id": rule.id,
        "scope": rule.scope,
        "target": rule.target,
        "kind": rule.kind,
        "from": rule.date_from.isoformat(),
        "to": rule.date_to.isoformat() if rule.date_to else None,
        "intervals": [[clock_time(a), clock_time(b)] for a, b in rule.intervals],
        "reason": rule.reason,
        "by": rule.by,
    }


def clock_time(minute: int) -> str:
    """Minutes after midnight as on a clock: 510 -> '08:30'."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


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


def counter_label(floor: Floor, code: str) -> str:
    """A loket as people call it; its code when the plan no longer has it."""
    counter = floor.counters.get(code)
    return counter.label if counter else code


def acked(row: Raised | None) -> dict[str, str | None] | None:
    """{by, at} of who took it on; None: nobody yet."""
    if row is None or row.acked_by is None:
        return None
    return {"by": row.acked_by, "at": instant(row.acked_at)}


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
        "legs": [leg(floor, ticket, stop) for stop in legs],
        "calls": [
            {
                "id": row["id"],
                "at": instant(row["at"]),
                "counter": row["counter"],
                "counter_label": counter_label(floor, row["counter"]),
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
