"""The small pieces of views: a ticket in a line, a leg at a counter, a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.app.snapshot import Call
from server.app.views.wire import instant
from server.domain.floor import Floor
from server.domain.tickets import Leg, Ticket


def names(name: Mapping[str, str]) -> dict[str, str]:
    """A name in Indonesian and English; English falls back to Indonesian."""
    return {"id": name["id"], "en": name.get("en") or name["id"]}


def service_names(floor: Floor, code: str) -> dict[str, str]:
    """A service's names; its code when the plan no longer has it."""
    service = floor.services.get(code)
    return names(service.name) if service else {"id": code, "en": code}


def gerai_name(floor: Floor, code: str) -> str:
    """A gerai's name; its code when the plan no longer has it."""
    gerai = floor.gerai.get(code)
    return gerai.name if gerai else code


def counter_label(floor: Floor, code: str) -> str:
    """A counter's label; its code when the plan no longer has it."""
    counter = floor.counters.get(code)
    return counter.label if counter else code


def priority(ticket: Ticket) -> dict[str, str] | None:
    """The asked or given priority with its standing; None for everybody else."""
    if ticket.priority is None:
        return None
    return {"code": ticket.priority, "state": ticket.priority_state or "asked"}


def brief(floor: Floor, ticket: Ticket, leg: Leg) -> dict[str, Any]:
    """T of the contract: a ticket as it stands in a line."""
    return {
        "ticket": ticket.id,
        "leg": leg.id,
        "number": ticket.label,
        "service": leg.service,
        "service_name": service_names(floor, leg.service),
        "queued_at": instant(leg.queued_at),
        "priority": priority(ticket),
        "language": ticket.language,
        "call_count": leg.call_count,
    }


def held_leg(floor: Floor, ticket: Ticket, leg: Leg) -> dict[str, Any]:
    """L of the contract: T with what happened to the leg so far."""
    return {
        **brief(floor, ticket, leg),
        "state": str(leg.state),
        "counter": leg.counter,
        "first_called_at": instant(leg.first_called_at),
        "last_called_at": instant(leg.last_called_at),
        "started_at": instant(leg.started_at),
        "held_at": instant(leg.held_at),
        "promised_service_s": leg.promised_service_s,
        "outcome": leg.outcome,
        "officer": leg.officer,
    }


def call_at(floor: Floor, call: Call) -> dict[str, Any]:
    """A call with where to go. Zone fields are empty text when the gerai is gone."""
    gerai = floor.gerai.get(call.gerai)
    zone = floor.zones.get(gerai.zone) if gerai else None
    return {
        "call_id": call.id,
        "at": instant(call.at),
        "number": call.label,
        "counter": call.counter,
        "counter_label": counter_label(floor, call.counter),
        "gerai": call.gerai,
        "gerai_name": gerai_name(floor, call.gerai),
        "zone": zone.code if zone else "",
        "zone_name": zone.name if zone else "",
        "zone_color": zone.color if zone else "",
        "count": call.count,
        "language": call.language,
        "recall": call.count > 1,
    }
