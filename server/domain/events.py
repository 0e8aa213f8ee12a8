"""What can happen in the hall, the chain that seals it, and which rooms it touches.

Names are past tense and all stand in EVENTS, with the sentence that documents them. An
event is written in the transaction of the change it tells of; its `seq` is gapless and
in commit order within a site.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.domain.errors import RuleBroken

#: type -> (what it says, rooms it touches). In rooms, {gerai} is the event's own gerai,
#: {device} its device; `*` stands for every room of the kind.
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {}


def _event(name: str, rooms: str, text: str) -> None:
    EVENTS[name] = (text, tuple(rooms.split()))


_LINE = "kiosk:* desk floor gerai:* display:*"
_SERVICE = "gerai:{gerai} floor display:*"

_event("TicketIssued", _LINE, "A number was given. data: number, label, series, service, ahead, channel, mode, priority, language, estimate.")
_event("TicketRefused", "floor", "A wish for a number was refused. data: service, reason.")
_event("TicketCalled", _LINE, "A waiting visitor was called for the first time in this leg. data: label, count, rank.")
_event("TicketPicked", _LINE, "A waiting visitor was called out of order. data: label, count, reason.")
_event("TicketRecalled", _SERVICE, "A called visitor was announced again. data: label, count.")
_event("ServiceStarted", _SERVICE, "The visitor stands at the counter. data: label.")
_event("TicketFinished", _LINE, "The leg was served to its end. data: label, service_s, reliable.")
_event("TicketNoShow", _LINE, "The called visitor did not come. data: label, count.")
_event("TicketHeld", _SERVICE, "The leg was set aside. data: label.")
_event("TicketResumed", _SERVICE, "A held leg goes on at a counter. data: label, state.")
_event("TicketPutBack", _LINE, "A called visitor was put back into the line. data: label, reason, places.")
_event("TicketReturned", _LINE, "A missed visitor came back the same day. data: label, places, reason.")
_event("TicketTransferred", _LINE, "The leg ended and a new one waits elsewhere. data: label, to_service, to_gerai, reason, new_leg.")
_event("TicketCancelled", _LINE, "The leg was cancelled. data: label, by, reason.")
_event("TicketExpired", _LINE, "The day closed over an open leg. data: label, was.")
_event("StopBegun", _LINE, "A planned stop of the visit started to wait. data: label.")
_event("PrioritySet", _LINE, "A priority was given, confirmed or removed. data: label, value, standing, reason.")
_event("CounterOpened", _LINE, "An officer opened a counter. data: officer, services.")
_event("CounterClosed", _LINE, "An officer's session at a counter ended. data: officer, flagged.")
_event("CounterPaused", _LINE, "The counter pauses. data: officer, reason.")
_event("CounterResumed", _LINE, "The counter serves again. data: officer.")
_event("CounterReleased", _LINE, "A supervisor freed a counter. data: officer, reason.")
_event("OfficerLost", "gerai:{gerai} floor", "An officer's page has been silent too long; the visitor stays in service. data: officer.")
_event("OfficerBack", "gerai:{gerai} floor", "The silent officer's page is heard again. data: officer.")
_event("SlipQueued", "kiosk:{device} gerai:{gerai} desk floor", "A slip waits for its printer. data: job, printer, copy, reason.")
_event("SlipReported", "kiosk:{device} gerai:{gerai} desk floor", "The print host told how a slip ended. data: job, printer, copy, state, cause.")
_event("SlipMoved", "kiosk:{device} gerai:{gerai} desk floor", "A slip of which nothing was printed waits again, perhaps elsewhere. data: job, printer, was, cause.")
_event("PrinterChanged", "kiosk:* desk floor", "A printer's state flipped. data: printer, state, cause.")
_event("PrinterProbed", "kiosk:* desk floor", "What a printer can answer was found, or is to be found anew. data: printer, answers.")
_event("PrinterSet", "kiosk:* desk floor", "A printer was added or changed. data: printer.")
_event("DayOpened", "kiosk:* desk floor gerai:* display:*", "The first act of a business date. data: date.")
_event("DayClosed", "kiosk:* desk floor gerai:* display:*", "A business date closed. data: date, expired, finished, sessions, head.")
_event("OpeningChanged", "kiosk:* desk floor gerai:* display:*", "A service opened, closed, or passed its cut-off. data: open, closed.")
_event("SeriesJumped", "floor", "Numbers were skipped after a restore. data: series, date, from, to.")
_event("DataRestored", "kiosk:* desk floor gerai:* display:*", "The data were taken back from a backup; what came after it is lost. data: made_at, seq, epoch, series.")
_event("BackupFlipped", "floor", "Backups are made again, late or failing, here or elsewhere, or their restore was tried. data: what, place, state, cause.")
_event("AlertRaised", "floor", "Something needs a supervisor, found by a rule. data: key, code, since, facts.")
_event("AlertEnded", "floor", "What an alert was raised for is gone. data: key, code.")
_event("AlertAcknowledged", "floor", "A supervisor has taken an alert on. data: key, code.")
_event("StorageRecovered", "floor", "Nothing could be written for a while, and now it can. data: since, cause.")
_event("OverrideSet", "kiosk:* desk floor gerai:* display:*", "Hours were overridden. data: id, scope, target, kind, from, to, reason.")
_event("OverrideEnded", "kiosk:* desk floor gerai:* display:*", "An override was ended. data: id.")
_event("FloorLoaded", "kiosk:* desk floor gerai:* display:*", "A floor plan was loaded. data: added, changed, archived.")
_event("SiteChanged", _LINE, "The name or the address of the site changed, field by field before and after. data: changed.")
_event("GeraiChanged", _LINE, "A gerai's row of the plan changed, field by field before and after. data: changed.")
_event("GeraiArchived", _LINE, "A gerai left the plan with its services and counters. data: name, services, counters.")
_event("GeraiRestored", _LINE, "An archived gerai is back in the plan. data: name, services, counters.")
_event("ServiceChanged", _LINE, "A service's row of the plan changed, field by field before and after. data: changed.")
_event("ServiceArchived", _LINE, "A service left the plan and the counters that named it. data: name, counters.")
_event("ServiceRestored", _LINE, "An archived service is back in the plan. data: name.")
_event("NoticeSet", "floor display:*", "Words run on the displays. data: id, text, zone, from, to.")
_event("NoticeEnded", "floor display:*", "Words were taken off the displays. data: id, text, zone, from, to.")
_event("BrandingSet", _LINE, "The hall's colour, logo or address for phones changed, told as it is now. data: changed.")
_event("DisplaySet", "floor display:*", "A display got another layout, distance, size or place. data: code, name, changed.")
_event("MediumAdded", "floor display:*", "A picture or video joined the playlist of the displays. data: id, name, sha, mime.")
_event("MediumChanged", "floor display:*", "A medium of the playlist got another name, schedule or place. data: id, name, changed.")
_event("MediumRemoved", "floor display:*", "A medium was taken off the playlist. data: id, name.")
_event("MediumFailed", "floor", "A display could not show a medium and went on with the next. data: id, name, cause.")
_event("MediumShown", "floor", "A medium that had failed is shown again. data: id, name.")
_event("SlipTemplateSet", "floor", "What stands on a slip was written anew; null: the house's own again. data: template.")
_event("ReportLetterSet", "floor", "The letter around the report was written anew. data: changed.")
_event("ReportIssued", "floor", "A report was issued and kept; a correction is a new revision. data: id, form, period, scope, revision, number, json_sha, pdf_sha, xlsx_sha.")
_event("PolicySet", "kiosk:* desk floor gerai:*", "A supervisor changed a rule. data: changed.")
_event("DeviceEnrolled", "floor kiosk:* display:*", "A device was enrolled. data: code, kind, name, zone, printer, fallback.")
_event("DeviceChanged", "floor kiosk:* display:*", "A device got another name, zone, printer, fallback or pace. data: code, kind, changed.")
_event("DeviceRevoked", "floor kiosk:* display:*", "A device may do nothing any more. data: code, kind.")
_event("DeviceUp", "floor display:*", "A device is heard. data: code, kind.")
_event("DeviceDown", "floor display:*", "A device has fallen silent. data: code, kind, last_seen.")
_event("KioskPaused", "floor", "A kiosk's page took numbers too fast and rests a moment. data: code, kind, name.")
_event("KioskResumed", "floor", "A kiosk that rested gives numbers again. data: code, kind, name.")
_event("DisplayReported", "floor", "What a display showed and spoke. data: code, shown_seq, spoken, audio, visible.")
_event("DisplayFlipped", "floor", "A display is live and can sound, or is mute, frozen, stale or too small to be read. data: code, condition, audio.")
_event("DisplayCommanded", "floor display:*", "A supervisor asked a display for a test sound, a reload or another volume. data: code, do, volume.")
_event("DisplayKeySet", "floor", "A display's simple page got a new key, or none. data: code, has_key.")
_event("SpeakerChanged", "floor display:*", "Another display of a sound group has the turn to speak. data: sound_group, display, before, cause.")
_event("EnrolmentAsked", "floor", "A browser asks to become a device. data: code, kind.")
_event("UserAdded", "floor", "A person was added. data: username, role, gerai.")
_event("UserChanged", "floor", "A person was changed. data: username, changed.")
_event("PasswordChanged", "floor", "A password was changed. data: username.")
_event("LoggedIn", "floor", "A person logged in. data: username.")
_event("LoggedOut", "floor", "A person logged out. data: username.")
_event("LoginLocked", "floor", "Too many failed log-ins. data: username, until.")
_event("LoginUnlocked", "floor", "A supervisor unlocked an account. data: username.")
_event("ClockDoubted", "kiosk:* desk floor gerai:* display:*", "The wall clock and the monotonic clock disagree. data: wall, own, by_s.")
_event("ClockConfirmed", "kiosk:* desk floor gerai:* display:*", "A supervisor confirmed the clock, or it agrees again. data: own.")

GENESIS = "0" * 64


@dataclass(frozen=True)
class Event:
    """One line of the log. `data` holds plain JSON values only."""

    type: str
    at: datetime
    actor: str
    device: str | None = None
    ticket: int | None = None
    leg: int | None = None
    gerai: str | None = None
    service: str | None = None
    counter: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0

    def __post_init__(self) -> None:
        if self.type not in EVENTS:
            raise ValueError(f"unlisted event {self.type!r}")


class Unlisted(Event):
    """An event of a newer program that was here before this one was put back: read and sealed like any other, never written."""

    def __post_init__(self) -> None:
        pass


def as_told(type: str, **told: Any) -> Event:
    """An event as the log tells it, whether this program knows what it says or not."""
    return (Event if type in EVENTS else Unlisted)(type, **told)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(event: Event, seq: int) -> str:
    """The event at its place in the log as the one JSON text that is hashed (sorted keys, UTC)."""
    return _CANONICAL.encode(
        {
            "seq": seq,
            "type": event.type,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "device": event.device,
            "ticket": event.ticket,
            "leg": event.leg,
            "gerai": event.gerai,
            "service": event.service,
            "counter": event.counter,
            "data": event.data,
        }
    )


def seal(previous: str, event: Event, seq: int) -> str:
    """SHA-256 over the previous hash and the canonical event at `seq`, as 64 hex digits."""
    return hashlib.sha256(f"{previous}\n{canonical(event, seq)}".encode()).hexdigest()


def rooms_touched(event: Event) -> frozenset[str]:
    """Rooms whose view this event may change; `kind:*` means all of that kind. What a newer program did may change any."""
    rooms = set()
    for pattern in EVENTS[event.type][1] if event.type in EVENTS else _LINE.split():
        if "{gerai}" in pattern:
            if event.gerai:
                rooms.add(f"gerai:{event.gerai}")
        elif "{device}" in pattern:
            if event.device:
                rooms.add(f"kiosk:{event.device}")
        else:
            rooms.add(pattern)
    return frozenset(rooms)


def touches(patterns: frozenset[str], room: str) -> bool:
    """Whether a room (`gerai:DKC`) is among touched patterns (`gerai:*`); a part of the floor with the floor."""
    kind = room.partition(":")[0]
    return not patterns.isdisjoint({room, kind, f"{kind}:*"})


def parse_room(room: str) -> tuple[str, str]:
    """'gerai:DKC' -> ('gerai', 'DKC'); 'floor' -> ('floor', ''). Raises unknown_room.

    'floor:BPD,DKC' is the part of the floor that these gerai are: their codes in order, each once; 'floor:*' is all of it
    for who looks on.
    """
    kind, colon, name = room.partition(":")
    if kind in {"floor", "desk"} and not colon:
        return kind, ""
    if kind == "floor" and name and name == ",".join(sorted({*name.split(",")})):
        return kind, name
    if kind in {"kiosk", "display", "gerai"} and name:
        return kind, name
    raise RuleBroken("unknown_room", room=room[:60])
