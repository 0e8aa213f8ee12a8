"""Which rooms a credential may look into."""

from __future__ import annotations

from server.web.roles import (
    ADMIN,
    AGENCY_HEAD,
    CLI,
    DISPLAY,
    KIOSK,
    OFFICER,
    RECEPTIONIST,
    SUPERVISOR,
    VIEWER,
)

_WHOLE_HALL = frozenset({SUPERVISOR, ADMIN, CLI})


def may_join(role: str, gerai: frozenset[str], device: str | None, kind: str, name: str) -> bool:
    """Whether this role may see room `kind:name` (a gerai's people only their own gerai).

    A viewer sees the whole hall as `floor:*`, without the names in `floor`. An agency head sees its part of the floor and no more: the room of a counter tells how many wait elsewhere.
    """
    if role in _WHOLE_HALL:
        return True
    if role == VIEWER:
        return (kind, name) != ("floor", "")
    if role == AGENCY_HEAD:
        return kind == "floor" and name != "" and gerai.issuperset(name.split(","))
    if role in {KIOSK, DISPLAY}:
        return kind == role and name == device
    if role == RECEPTIONIST:
        return kind in {"desk", "gerai"}
    if role == OFFICER:
        return kind == "gerai" and name in gerai
    return False
