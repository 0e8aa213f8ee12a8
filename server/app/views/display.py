"""What a lobby display shows and speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.app.branding import told as brand
from server.app.displays import group_of
from server.app.present import counter_label
from server.app.snapshot import DeviceRow, DisplayState, Snapshot
from server.app.views.closures import closures
from server.app.views.hall import Hall
from server.app.views.parts import gerai_name
from server.app.views.screens import NOTHING, is_silent, screen_of, screen_view
from server.domain import speaking
from server.domain.errors import RuleBroken
from server.domain.tickets import ACTIVE


def display_device(snap: Snapshot, code: str) -> DeviceRow:
    """The enrolled display; raises unknown_display."""
    for device in snap.devices:
        if device.code == code and device.kind == "display" and not device.revoked:
            return device
    raise RuleBroken("unknown_display", display=code[:60])


def sound_group(snap: Snapshot, device: DeviceRow) -> str | None:
    """The group a display hears; None (no zone, or one the plan lost) hears the whole hall."""
    return group_of(snap.floor, device.zone) or None


def group_displays(snap: Snapshot, group: str | None) -> list[DeviceRow]:
    """Those of a group that may speak; a display that does not show the call never does."""
    return [
        d
        for d in snap.devices
        if d.kind == "display" and not d.revoked and sound_group(snap, d) == group
        and not is_silent(snap.screens.get(d.code, NOTHING))
    ]


def turn_of(snap: Snapshot, group: str | None) -> dict[str, Any]:
    """Who of a group speaks now and who takes over; None: nobody else is there."""
    displays = group_displays(snap, group)
    codes = [d.code for d in displays]
    if not codes:
        return {"speaks": None, "deputy": None}
    speaks = speaking.speaker(snap.speakers.get(group or ""), codes)
    down = frozenset(d.code for d in displays if d.state != "up")
    return {"speaks": speaks, "deputy": speaking.deputy(speaks, codes, down)}


def _own(snap: Snapshot, device: DeviceRow, group: str | None) -> dict[str, Any]:
    """What is for this display alone. `shared`: another may speak in its place, so that it needs leave;
    `beat_s`: how often it reports; `volume` in percent; `commands`: each to be done once, by id."""
    turn, state = turn_of(snap, group), snap.displays.get(device.code, DisplayState())
    is_first = device.code in turn.values() and turn["deputy"] is not None
    return {
        "code": device.code,
        "name": device.name,
        "zone": device.zone,
        "sound_group": group,
        "speaks": turn["speaks"] == device.code,
        "deputy": turn["deputy"] == device.code,
        "shared": turn["deputy"] is not None,
        "beat_s": speaking.BEAT_S if is_first else speaking.REST_BEAT_S,
        "volume": state.volume,
        "commands": list(state.commands),
    }


def heard_gerai(hall: Hall, group: str | None) -> set[str]:
    """Codes of the gerai whose calls a group hears."""
    return {
        gerai.code
        for gerai in hall.floor.gerai.values()
        if group is None or hall.floor.zones[gerai.zone].sound_group == group
    }


def _calls(hall: Hall, heard: set[str], group: str | None) -> list[dict[str, Any]]:
    """Calls younger than the window, at least the configured number, newest last.

    The window ends at the group's newest call and not at the clock: the same events
    always make the same view, and nothing younger than the window is ever left out.
    """
    pairs = [
        (raw, shown)
        for raw, shown in zip(hall.snap.recent_calls, hall.calls, strict=True)
        if group is None or raw.gerai in heard
    ]
    if not pairs:
        return []
    since = max(raw.at for raw, _ in pairs) - timedelta(seconds=hall.site.call_window_s)
    always = max(0, len(pairs) - hall.site.call_min)
    return [
        shown for place, (raw, shown) in enumerate(pairs) if place >= always or raw.at >= since
    ]


def _set_aside(hall: Hall, heard: set[str]) -> list[int]:
    """Calls whose visitor is on the way again: waits, is held, or was sent to another place.

    Whoever follows such a call finds nobody; the number is called again when it is its turn.
    """
    legs = {ticket.id: leg for ticket, leg in hall.snap.open_legs}
    return [
        call.id
        for call in hall.snap.recent_calls
        if call.gerai in heard
        and (leg := legs.get(call.ticket))
        and not (leg.id == call.leg and leg.state in ACTIVE)
    ]


def _serving(hall: Hall, heard: set[str]) -> list[dict[str, Any]]:
    floor = hall.floor
    return [
        {
            "counter": code,
            "counter_label": counter_label(floor, code),
            "gerai": leg.gerai,
            "gerai_name": gerai_name(floor, leg.gerai),
            "number": ticket.label,
            "state": str(leg.state),
        }
        for code, (ticket, leg) in sorted(hall.active.items())
        if leg.gerai in heard
    ]


def display_view(hall: Hall, code: str) -> dict[str, Any]:
    """Data of room display:{code}: the calls of its sound group, who is served, who waits.

    Raises RuleBroken unknown_display.
    """
    snap, floor = hall.snap, hall.floor
    device = display_device(snap, code)
    group = sound_group(snap, device)
    shared = hall.once(f"sound group {group}", lambda: _of_group(hall, group))
    return {
        "site": {
            "name": floor.site.name,
            "timezone": floor.site.timezone,
            "simulated": hall.site.simulated,
            "brand": brand(hall.snap.brand),
        },
        "date": hall.date,
        "display": _own(snap, device, group),
        **shared,
        **screen_view(hall, device),
        "closures": closures(hall, _shown(hall, device, group)),
        "notices": [
            row.text
            for row in snap.notices
            if row.zone is None or device.zone is None or row.zone == device.zone
        ],
    }


def _shown(hall: Hall, device: DeviceRow, group: str | None) -> set[str]:
    """Codes of the gerai the display is for: where it hangs above one of them that one alone, else all it hears."""
    screen = screen_of(hall, device.code)
    counter = hall.floor.counters.get(screen.counter or "")
    own = screen.gerai or (counter.gerai if counter else None)
    return {own} if own else heard_gerai(hall, group)


def _of_group(hall: Hall, group: str | None) -> dict[str, Any]:
    """What all displays of a sound group show alike."""
    heard = heard_gerai(hall, group)
    return {
        "calls": _calls(hall, heard, group),
        "set_aside": _set_aside(hall, heard),
        "serving": _serving(hall, heard),
        "waiting": [
            {
                "gerai": gerai.code,
                "gerai_name": gerai.name,
                "waiting": hall.in_line_count(gerai.code),
            }
            for gerai in hall.floor.gerai.values()
            if gerai.code in heard
        ],
    }
