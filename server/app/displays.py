"""What displays told, who has the turn to speak, and what a supervisor asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.present import instant
from server.domain.calendar import business_date
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import Floor

#: younger calls are still to be heard, s; the turn goes back only when none is left. As long as a storm of
#: some fifty calls takes to be said: who says the last of them must not be cut short
HEARD_WITHIN_S = 300
#: the newest calls that are looked at for that
_CALLS_READ = 400


def group_of(floor: Floor, zone: str | None) -> str:
    """The sound group of a display in `zone`; "" (no zone, or one the plan lost) hears the whole hall."""
    found = floor.zones.get(zone or "")
    return found.sound_group if found else ""


def keep_reports(work: Work, ask: Ask, *, reports: Mapping[str, Mapping[str, Any]]) -> Answer:
    """What displays showed and spoke since the last batch, one event each.

    A call that never was is passed over: it was told by a page that made it up.
    """
    for code, report in reports.items():
        known = work.displays.calls([row["call_id"] for row in report["spoken"]])
        spoken = [row for row in report["spoken"] if row["call_id"] in known]
        work.displays.spoken(code, {row["call_id"]: datetime.fromisoformat(row["at"]) for row in spoken})
        told = {"shown_seq": report["shown_seq"], "audio": report["audio"], "visible": report["visible"]}
        _record(work, ask, "DisplayReported", code=code, spoken=spoken, **told)
    return Answer(204)


def give_turn(
    work: Work, ask: Ask, *, group: str, to: str, cause: str, back: bool = False
) -> Answer:
    """Let display `to` speak in its group. With `back` only while no call is left to be heard:
    204 and nothing done otherwise, for the display before would be cut short, or say it twice."""
    before = work.displays.speakers().get(group)
    if before == to or (back and _unheard(work, group, ask.now)):
        return Answer(204)
    work.displays.set_speaker(group, to, ask.now)
    _record(work, ask, "SpeakerChanged", sound_group=group, display=to, before=before, cause=cause)
    return Answer(200, {"display": to})


def _unheard(work: Work, group: str, now: datetime) -> bool:
    """Whether a young call of the group was heard nowhere yet."""
    floor = work.floors.current()
    since = now - timedelta(seconds=HEARD_WITHIN_S * work.around.rate)
    day = work.days.open_day() or business_date(now, floor.site.timezone)
    young = [
        row["id"]
        for row in work.history.newest_calls(day, _CALLS_READ)
        if row["at"] > since and group in ("", group_of(floor, row["zone"]))
    ]
    return len(work.displays.spoken_of(young)) < len(young)


def flip_condition(work: Work, ask: Ask, *, code: str, condition: str, audio: str | None) -> Answer:
    """A display is live, mute, frozen or stale since now; the same twice is nothing."""
    row = work.devices.device(code)
    known = work.displays.states().get(code)
    if row is None or row["revoked_at"] is not None or (known and known.condition == condition):
        return Answer(204)
    work.displays.save_state(code, condition=condition, since=ask.now)
    _record(work, ask, "DisplayFlipped", code=code, condition=condition, audio=audio)
    return Answer(204)


def command(work: Work, ask: Ask, *, display: str, do: str, volume: int | None = None) -> Answer:
    """Ask a display for a test sound or a reload, once, or give it another volume (percent).

    Raises unknown_display, invalid (volume).
    """
    _known(work, display)
    if (do == "volume") != (volume is not None):
        raise RuleBroken("invalid", field="volume")
    seq = _record(work, ask, "DisplayCommanded", code=display, do=do, volume=volume)
    if do == "volume":
        work.displays.save_state(display, volume=volume)
    else:
        known = work.displays.states().get(display)
        others = [row for row in known.commands if row["do"] != do] if known else []
        work.displays.save_state(display, commands=[*others, {"id": seq, "do": do, "at": instant(ask.now)}])
    return Answer(200, {"display": display, "do": do, "id": seq})


def set_key(work: Work, ask: Ask, *, display: str, key_hash: str | None) -> Answer:
    """Give the simple page of a display a key, which ends the one before, or (None) take it away."""
    _known(work, display)
    work.displays.save_state(display, key_hash=key_hash)
    _record(work, ask, "DisplayKeySet", code=display, has_key=key_hash is not None)
    return Answer(200, {"display": display, "has_key": key_hash is not None})


def _known(work: Work, code: str) -> Mapping[str, Any]:
    row = work.devices.device(code)
    if row is None or row["kind"] != "display" or row["revoked_at"] is not None:
        raise RuleBroken("unknown_display", display=code[:60])
    return row


def _record(work: Work, ask: Ask, type_: str, **data: Any) -> int:
    return work.log.record(Event(type_, ask.now, ask.actor, device=ask.device, data=data))
