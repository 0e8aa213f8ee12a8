"""The playlist of the displays: pictures and videos with a schedule. The files lie elsewhere, by their SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import ended_or, unchanged, version_of
from server.app.ports import Work
from server.app.present import clock_time
from server.app.showing import EVERY_DAY, Medium
from server.domain.errors import RuleBroken
from server.domain.events import Event

#: more would never come round
MEDIA_MAX = 100
WHOLE_DAY = (0, 1440)
PICTURE_S = 10
_CHANGES = ("MediumChanged",)
#: what an administrator may change of a medium
_EDITED = ("name", "seconds", "sound", "zone", "days", "from_min", "to_min", "date_from", "date_to", "position")


def told(one: Medium) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "url": f"/media/{one.file}", "name": one.name, "bytes": one.bytes, "width": one.width,
        "height": one.height, "length_ms": one.length_ms, "seconds": one.seconds, "sound": one.sound, "zone": one.zone,
        "days": one.days, "from": clock_time(one.from_min), "to": clock_time(one.to_min),
        "date_from": _day(one.date_from), "date_to": _day(one.date_to), "position": one.position, "by": one.by,
        "trouble": one.trouble, "version": version_of(_edited(one)),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _edited(one: Medium) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _EDITED}
    return {**values, "date_from": _day(one.date_from), "date_to": _day(one.date_to)}


def media(reads: Work) -> list[dict[str, Any]]:
    """The playlist in its order."""
    return [told(one) for one in reads.screens.media()]


def files(reads: Work) -> Mapping[str, str]:
    """Name of each file of the playlist -> its content type."""
    return {one.file: one.mime for one in reads.screens.media()}


def add_medium(
    work: Work, ask: Ask, *, name: str, found: Mapping[str, Any], room_bytes: int, zone: str | None = None
) -> Answer:
    """Take a file that has been checked and kept into the playlist, at its end, shown at all times.

    `found`: sha, mime, bytes, width, height, length_ms. `room_bytes`: as much all media together may be.
    Raises already_exists with the name of the same file, too_many_media, media_full, invalid (zone).
    """
    known = work.screens.media()
    same = next((one for one in known if one.sha == found["sha"]), None)
    if same is not None:
        raise RuleBroken("already_exists", medium=same.id, name=same.name)
    _known_zone(work, zone)
    if len(known) >= MEDIA_MAX:
        raise RuleBroken("too_many_media", most=MEDIA_MAX)
    if sum(one.bytes for one in known) + found["bytes"] > room_bytes:
        raise RuleBroken("media_full", most=room_bytes)
    values = {
        **found, "name": name, "seconds": PICTURE_S, "sound": False, "zone": zone, "days": EVERY_DAY,
        "from_min": WHOLE_DAY[0], "to_min": WHOLE_DAY[1], "date_from": None, "date_to": None,
        "position": max((one.position for one in known), default=0) + 1, "by": ask.actor, "trouble": None,
    }  # fmt: skip
    one = Medium(id=work.screens.add_medium(values, ask.now), **values)
    _record(work, ask, "MediumAdded", one, sha=one.sha, mime=one.mime)
    return Answer(201, told(one))


def change_medium(work: Work, ask: Ask, *, medium: int, version: str | None = None, **given: Any) -> Answer:
    """Name, schedule, place in the playlist. Raises changed_meanwhile, unknown_medium, already_ended, invalid."""
    before = _known(work, medium)
    unchanged(work, _edited(before), version, lambda event: event.data["id"] == medium, _CHANGES)
    after = replace(before, **given)
    if after.from_min >= after.to_min:
        raise RuleBroken("invalid", field="to", why="to_before_from")
    if after.date_from and after.date_to and after.date_to < after.date_from:
        raise RuleBroken("invalid", field="date_to", why="to_before_from")
    _known_zone(work, after.zone)
    changed = {name: value for name, value in _edited(after).items() if _edited(before)[name] != value}
    if changed:
        work.screens.change_medium(medium, **{name: getattr(after, name) for name in changed})
        _record(work, ask, "MediumChanged", after, changed=changed)
    return Answer(200, told(after))


def remove_medium(work: Work, ask: Ask, *, medium: int) -> Answer:
    """Take it off the playlist; its file goes when this is written. Raises unknown_medium, already_ended."""
    one = _known(work, medium)
    work.screens.change_medium(medium, removed_at=ask.now)
    _record(work, ask, "MediumRemoved", one)
    return Answer(200, {**told(one), "removed": True})


def tell_medium(work: Work, ask: Ask, *, medium: int, cause: str | None = None) -> Answer:
    """A display could not show it (`cause`: missing, corrupt), or shows it again (None). Raises unknown_medium."""
    one = _known(work, medium)
    if one.trouble != cause:
        work.screens.change_medium(medium, trouble=cause)
        _record(work, ask, "MediumFailed" if cause else "MediumShown", one, **({"cause": cause} if cause else {}))
    return Answer(204)


def _known(work: Work, medium: int) -> Medium:
    for one in work.screens.media():
        if one.id == medium:
            return one
    raise ended_or(work, "unknown_medium", "MediumRemoved", medium)


def _known_zone(work: Work, zone: str | None) -> None:
    if zone is not None and zone not in work.floors.current().zones:
        raise RuleBroken("invalid", field="zone")


def _record(work: Work, ask: Ask, type_: str, one: Medium, **more: Any) -> None:
    data = {"id": one.id, "name": one.name, **more}
    work.log.record(Event(type_, ask.now, ask.actor, device=ask.device, data=data))
