"""All that the screens need to know of "now", read from storage in one transaction.

Storage fills one Snapshot (`reads.snapshot(now)`); `server/app/views` turns it into what
each room shows. Codes are the floor plan's codes, instants are aware UTC datetimes.
Everything is read in the same read transaction as `seq`, so a view of version v holds
all that the events up to v did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from server.app.health import Health
from server.app.raised import Alert, Raised
from server.app.showing import Medium, Screen
from server.domain.floor import Floor
from server.domain.hours import Override
from server.domain.tickets import Leg, Ticket

#: Event types a supervisor reads as exceptions (P4 and what goes wrong). SlipQueued
#: belongs to them only as a reprint, that is with data.copy > 0.
EXCEPTION_TYPES = (
    "TicketPicked",
    "TicketTransferred",
    "TicketReturned",
    "TicketPutBack",
    "PrioritySet",
    "SlipQueued",
    "CounterReleased",
    "OfficerLost",
    "SeriesJumped",
    "ClockDoubted",
    "ClockConfirmed",
    "OverrideSet",
    "OverrideEnded",
    "PolicySet",
    "FloorLoaded",
    "SiteChanged",
    "GeraiChanged",
    "GeraiArchived",
    "GeraiRestored",
    "ServiceChanged",
    "ServiceArchived",
    "ServiceRestored",
    "NoticeSet",
    "NoticeEnded",
    "BrandingSet",
    "LoginLocked",
    "DeviceRevoked",
    "KioskPaused",
    "KioskResumed",
    "DayClosed",
)

#: How many rows storage reads of each bounded list (newest by id, returned oldest first).
CALLS_MAX = 200
PRINTS_MAX = 200
EXCEPTIONS_MAX = 20
RECENT_SERVICES_MAX = 20

#: A ticket with the leg meant.
Stop = tuple[Ticket, Leg]


@dataclass(frozen=True)
class Call:
    """One announcement. `kind` is call, pick, recall or resume; `count` is 1 for the first."""

    id: int
    at: datetime
    leg: int
    ticket: int
    label: str
    counter: str
    gerai: str
    count: int
    language: str
    kind: str
    #: when a display told that it was heard
    spoken_at: datetime | None = None


@dataclass(frozen=True)
class CounterSession:
    """An officer's open session at a counter; ended sessions are not here.

    `services` are the codes served now. `lost_since` is set while the officer's page is
    silent (OfficerLost without a later OfficerBack).
    """

    counter: str
    officer: str
    officer_name: str
    opened_at: datetime
    services: tuple[str, ...]
    paused_since: datetime | None = None
    pause_reason: str | None = None
    lost_since: datetime | None = None


@dataclass(frozen=True)
class ServiceCount:
    """A service's figures of the business date: numbers given, and legs by outcome."""

    issued: int = 0
    served: int = 0
    no_show: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class PrintJob:
    """A slip's way to paper. `device` asked for it; `at` is its last change of state."""

    id: int
    ticket: int
    label: str
    gerai: str
    device: str | None
    printer: str
    copy: int
    state: str
    cause: str | None
    at: datetime


@dataclass(frozen=True)
class PrinterRow:
    """`since` is when `state` was entered; `waiting_jobs` counts queued and claimed jobs."""

    code: str
    name: str
    state: str
    cause: str | None
    since: datetime | None
    host: str | None
    waiting_jobs: int = 0


@dataclass(frozen=True)
class DeviceRow:
    """An enrolled device. `state` is up, down or never; `since` is that flip's instant.

    `fallback`: the printer that stands in for a kiosk's own.
    """

    code: str
    kind: str
    name: str
    zone: str | None
    printer: str | None
    state: str
    since: datetime | None
    revoked: bool = False
    fallback: str | None = None


@dataclass(frozen=True)
class Enrolment:
    """A browser that waits for approval (not lapsed)."""

    code: str
    kind: str
    asked_at: datetime


@dataclass(frozen=True)
class LockedAccount:
    username: str
    until: datetime


@dataclass(frozen=True)
class ExceptionRow:
    """One event of EXCEPTION_TYPES; `facts` is its data; gerai, service and counter it was about."""

    seq: int
    at: datetime
    type: str
    actor: str
    facts: Mapping[str, Any]
    gerai: str | None = None
    service: str | None = None
    counter: str | None = None


@dataclass(frozen=True)
class Notice:
    """Words on the displays of a zone (None: of the whole hall), both dates included."""

    id: int
    text: str
    zone: str | None
    date_from: date
    date_to: date | None
    by: str

    def runs_on(self, day: date) -> bool:
        return self.date_from <= day and (self.date_to is None or day <= self.date_to)


@dataclass(frozen=True)
class DisplayState:
    """`condition`: live, mute, frozen or stale, None before it was heard; `volume` in percent;
    `commands`: the newest of each kind, {id, do, at}."""

    condition: str | None = None
    since: datetime | None = None
    volume: int = 100
    commands: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Brand:
    """The hall's main colour and the SHA-256 of its logo; None: the house's own, no logo."""

    color: str | None = None
    logo_sha: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The hall at event `seq`. "Today" is `business_date`."""

    seq: int
    epoch: str
    floor: Floor
    business_date: date
    #: overrides not ended and not past
    overrides: tuple[Override, ...] = ()
    #: today's legs that are waiting, called, serving or on_hold
    open_legs: tuple[Stop, ...] = ()
    #: today's tickets whose last leg is no_show and that have no open leg
    missed: tuple[Stop, ...] = ()
    #: today's newest CALLS_MAX calls, oldest first
    recent_calls: tuple[Call, ...] = ()
    #: gerai in which somebody with priority waits -> (is priority, service) of its calls by the rule, newest first
    class_calls: Mapping[str, Sequence[tuple[bool, str]]] = field(default_factory=dict)
    #: open sessions, at most one per counter
    sessions: tuple[CounterSession, ...] = ()
    #: service code -> today's figures; a missing service has none
    counts: Mapping[str, ServiceCount] = field(default_factory=dict)
    #: today's newest PRINTS_MAX print jobs by id, oldest first
    prints: tuple[PrintJob, ...] = ()
    printers: tuple[PrinterRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    locked: tuple[LockedAccount, ...] = ()
    #: the newest EXCEPTIONS_MAX, newest first
    exceptions: tuple[ExceptionRow, ...] = ()
    #: service code -> seconds (walk + served) of today's last RECENT_SERVICES_MAX reliable legs, newest first
    recent_service_s: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    #: the clock is doubted so much that nothing may be issued
    clock_suspect: bool = False
    #: since when the clock is doubted at all; None while it is believed
    clock_doubted_since: datetime | None = None
    alerts: tuple[Alert, ...] = ()
    #: those that stand in the log
    raised: tuple[Raised, ...] = ()
    backups: tuple[Health, ...] = ()
    #: running words for the displays on the business date
    notices: tuple[Notice, ...] = ()
    brand: Brand = Brand()
    #: the address for phones as an administrator gave it
    address: str = ""
    #: display -> how it is set, where somebody has set it
    screens: Mapping[str, Screen] = field(default_factory=dict)
    #: the playlist in its order
    media: tuple[Medium, ...] = ()
    #: sound group ("": the whole hall) -> the display whose turn it is to speak
    speakers: Mapping[str, str] = field(default_factory=dict)
    #: display -> what is known of it; a missing one is a DisplayState()
    displays: Mapping[str, DisplayState] = field(default_factory=dict)


@dataclass(frozen=True)
class SiteFacts:
    """What the views need that no database row says; fixed while the server runs.

    `texts` are the Indonesian texts (keys exception.*, alert.* and layout.*); `call_window_s` and
    `call_min` say which calls a display's view carries.
    """

    simulated: bool = False
    public_url: str = ""
    call_window_s: int = 60
    call_min: int = 12
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: name -> text of the ready layouts
    layouts: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: what a display shows that nobody has set, its layout in `text`; what is wrong with that, and with the site's voice
    screen: Screen = Screen()
    layout_fault: str = ""
    voice_faults: tuple[str, ...] = ()
