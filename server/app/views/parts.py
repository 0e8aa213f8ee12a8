"""The small pieces of views: a ticket in a line, a leg at a counter, a call."""

from __future__ import annotations

from typing import Any

from server.app.present import counter_label, instant
from server.app.snapshot import Call
from server.domain.floor import Floor


def gerai_name(floor: Floor, code: str) -> str:
    """A gerai's name; its code when the plan no longer has it."""
    gerai = floor.gerai.get(code)
    return gerai.name if gerai else code


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
        "audio": {"full": f"/audio/call/{call.id}.wav", "short": f"/audio/call/{call.id}-short.wav"},
        "spoken": call.spoken_at is not None,
    }
