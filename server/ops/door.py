"""Who may enter a live room: the same proofs and the same rules as over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Request

from server.app.house import House
from server.app.views.wire import View
from server.domain.events import parse_room
from server.realtime.live import Door
from server.realtime.registry import Guest
from server.web.auth import Caller, Gate
from server.web.roles import ANYONE, DEVICES
from server.web.rooms import may_join


def door_of(house: House, gate: Gate, greet: Callable[[str], View]) -> Door:
    """The door of `house`: {token?, device?, room} beside the cookies of the connection."""

    def who(auth: Mapping[str, Any], environ: Mapping[str, Any]) -> Guest | None:
        caller = _caller(gate, auth, Request(dict(environ)))
        if caller.role == ANYONE or caller.must_change:
            return None
        if caller.role in DEVICES:
            code = caller.device or ""
            return Guest(f"device:{code}", caller.role, code, caller)
        if caller.session_hash is not None:
            return Guest(caller.session_hash, "user", caller.username or "", caller)
        return Guest(caller.actor, caller.role, caller.actor, caller)

    def allowed(guest: Guest, room: str) -> bool:
        caller = guest.proof
        assert isinstance(caller, Caller)
        kind, name = parse_room(room)
        return may_join(caller.role, caller.gerai, caller.device, kind, name)

    return Door(who, allowed, greet, house.presence.up, house.presence.down)


def _caller(gate: Gate, auth: Mapping[str, Any], request: Request) -> Caller:
    token, device = auth.get("token"), auth.get("device")
    if isinstance(token, str) and token:
        return gate.bearer(f"Bearer {token}")
    if isinstance(device, str) and device:
        return gate.device(request, device)
    return gate.person(request)
