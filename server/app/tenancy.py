"""What of a visit which role is told: an agency head only the stops at its own gerai, nobody a secret without need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.domain.floor import Floor

#: the gerai somebody is kept to; None: the whole hall
Own = frozenset[str] | None
#: who gives a visitor the number, and with it the token of the visitor's own page; nobody else needs it
_HAND_OVER = frozenset({"kiosk", "receptionist", "api"})
#: who looks on; whoever reads every stop with its officer can count by officer (`officer_figures`)
_ONLOOKERS = frozenset({"viewer", "agency_head"})


def told_to(role: str | None, told: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket as `present.ticket_whole` tells it, `token` and the officers of its stops None to whom they are not for."""
    legs = [{**leg, "officer": None} for leg in told["legs"]] if role in _ONLOOKERS else told["legs"]
    return {**told, "token": told["token"] if role in _HAND_OVER else None, "legs": legs}


def visit_of(told: Mapping[str, Any], own: Own, floor: Floor) -> dict[str, Any] | None:
    """A ticket as `present.ticket_whole` tells it without its stops and calls elsewhere; None: it was never there."""
    if own is None:
        return dict(told)
    legs = [leg for leg in told["legs"] if _gerai_of(floor, leg["service"]) in own]
    if not legs:
        return None
    here = told["gerai"] in own
    last = {} if here else {"state": legs[-1]["state"], "service": legs[-1]["service"], "ahead": None}
    gerai = told["gerai"] if here else _gerai_of(floor, legs[-1]["service"])
    lokets = {counter.code for counter in floor.counters.values() if counter.gerai in own}
    calls = [call for call in told["calls"] if call["counter"] in lokets]
    return {**told, **last, "gerai": gerai, "legs": legs, "calls": calls}


def _gerai_of(floor: Floor, service: str) -> str:
    plan = floor.services.get(service)
    return plan.gerai if plan else ""
