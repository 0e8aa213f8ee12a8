"""What an agency head may be told: what is of the own gerai, and of a visit only the stops there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.domain.floor import Floor

#: the gerai somebody is kept to; None: the whole hall
Own = frozenset[str] | None


def visit_of(told: Mapping[str, Any], own: Own, floor: Floor) -> dict[str, Any] | None:
    """A ticket as `present.ticket_whole` tells it without its token, its stops and calls elsewhere; None: it was never there."""
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
    # The token opens the visitor's own page, which tells where the visit goes on.
    return {**told, **last, "token": None, "gerai": gerai, "legs": legs, "calls": calls}


def _gerai_of(floor: Floor, service: str) -> str:
    plan = floor.services.get(service)
    return plan.gerai if plan else ""
