"""What the routes take. A field's name is the act's argument, unless an alias says how it
is called on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from server.web.fields import (
    Body,
    Count,
    Day,
    Id,
    Instant,
    Language,
    Limit,
    Month,
    Name,
    NewCode,
    Password,
    Query,
    Reason,
    Ref,
    TimeOfDay,
    Username,
    Version,
)

Mode = Literal["langsung", "elektronik", "mandiri", "bergerak"]
Role = Literal["officer", "receptionist", "agency_head", "viewer", "supervisor", "admin"]
Few = Field(max_length=60)


class Wish(Body):
    """A visitor's wish for a number."""

    service: Ref
    priority: Ref | None = None
    language: Language = "id"
    mode: Mode | None = None
    printer: Ref | None = None


class Cancel(Body):
    by: Literal["visitor", "staff"] = "visitor"
    reason: Reason | None = None


class WithReason(Body):
    reason: Reason


class MayReason(Body):
    reason: Reason | None = None


class Priority(Body):
    """`value`: a priority's code to give or confirm it, null or 'umum' to remove it."""

    value: Ref | None
    reason: Reason | None = None


class Reprint(Body):
    printer: Ref | None = None
    reason: Reason | None = None


class ToService(Body):
    service: Ref
    reason: Reason | None = None


class Open(Body):
    services: Annotated[list[Ref], Few] | None = None


class OfLeg(Body):
    """`leg`: whom the press means; refused as `wrong_state` when somebody else is at the counter. None: whoever is there."""

    leg: Id | None = None


class LegReason(OfLeg):
    reason: Reason | None = None


class LegToService(OfLeg, ToService):
    pass


class Finish(OfLeg):
    then_next: bool = Field(default=False, alias="next")


class Pick(Body):
    ticket: Id
    reason: Reason


class ResumeLeg(Body):
    leg: Id


class FindTickets(Query):
    date: Day | None = None
    number: Ref | None = None
    state: Ref | None = None
    after: Count = 0
    limit: Limit = 100


class FindEvents(Query):
    after: Count = 0
    limit: Limit = 100


class CallsAfter(Query):
    after: Annotated[str, Field(pattern=r"^([0-9A-Za-z]{1,60}-[0-9]{1,15})?$")] = ""


class OfMonth(Query):
    month: Month


class Spoken(Body):
    call_id: Id
    at: Instant  # as text: it goes into the log as it came


class DisplayReport(Body):
    """What a display showed and spoke. `audio`: ok, chime (a recording failed), locked, error or muted.

    `small`: a number stood on it that cannot be read from the distance it is set to."""

    epoch: Ref
    shown_seq: Count
    spoken: list[Spoken] = Field(default_factory=list, max_length=200)
    audio: Ref | bool | None = None
    visible: bool = True
    small: bool = False


class DisplayCommand(Body):
    """`volume` in percent, with `do: volume` only."""

    do: Literal["test_sound", "reload", "volume"]
    volume: Annotated[int, Field(ge=0, le=100)] | None = None


class Login(Body):
    username: Ref
    password: Password


class NewPassword(Body):
    current: Password
    new: Password


class SetPassword(Body):
    """Without `password` one is made up and shown once. `version`: the person's `password_version`, as it was read."""

    password: Password | None = None
    must_change: bool = True
    version: Version | None = None


class NewUser(Body):
    username: Username
    name: Name
    role: Role
    gerai: list[Ref] = Field(default_factory=list, max_length=60)
    password: Password | None = None
    must_change: bool = True


class ChangeUser(Body):
    """`version`: the person's, as it was read; left out: whatever it is now."""

    name: Name | None = None
    role: Role | None = None
    gerai: Annotated[list[Ref], Few] | None = None
    active: bool | None = None
    version: Ref | None = None


class NewDevice(Body):
    kind: Literal["kiosk", "display", "print-host", "program"]
    code: NewCode
    name: Name | None = None
    zone: Ref | None = None
    printer: Ref | None = None
    fallback: Ref | None = None


class OwnPace(Body):
    """A kiosk's own: seconds between two numbers, numbers in a minute (0: no limit), seconds of rest after them."""

    interval_s: Annotated[int, Field(ge=0, le=60)]
    per_minute: Annotated[int, Field(ge=0, le=600)]
    pause_s: Annotated[int, Field(ge=1, le=600)]


class ChangeDevice(Body):
    """Only what is given is changed; null: no zone, printer or fallback, the settings' pace.

    `version`: the device's, as it was when it was read; without it nobody is told of another's change.
    """

    version: Version | None = None
    pace: OwnPace | None = None

    name: Name = Field(default_factory=str)
    zone: Ref | None = None
    printer: Ref | None = None
    fallback: Ref | None = None


class AskEnrolment(Body):
    kind: Literal["kiosk", "display"]
    code: NewCode


class Approve(Body):
    """`device_code` may be left out: the code in the address the page was opened at."""

    device: NewCode | None = Field(default=None, alias="device_code")
    kind: Literal["kiosk", "display"] | None = None
    name: Name | None = None
    zone: Ref | None = None
    printer: Ref | None = None
    fallback: Ref | None = None


Interval = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]


class NewOverride(Body):
    """Other hours for a run of dates, both ends included; no `to`: until it is ended.

    `intervals` [["08:00","12:00"], ...] when kind is open; none: the whole day.
    """

    scope: Literal["site", "gerai", "service"]
    target: Ref | None = None
    kind: Literal["open", "closed", "holiday"]
    date_from: Day = Field(alias="from")
    date_to: Day | None = Field(default=None, alias="to")
    intervals: list[Interval] = Field(default_factory=list, max_length=6)
    reason: Reason


class NewPreset(Body):
    """A week of hours over a run of dates, both ends included."""

    preset: Literal["friday", "ramadan", "regular"]
    date_from: Day = Field(alias="from")
    date_to: Day = Field(alias="to")
    scope: Literal["site", "gerai", "service"] = "site"
    target: Ref | None = None
    reason: Reason


class FloorPlan(Body):
    plan: dict[str, Any]


class NewPolicy(Body):
    """The rules a supervisor may set; only the fields given are changed.

    `alert_queue_of` and `alert_idle_s_of`: service -> its own limit in place of the site's; given whole, `{}` takes all away.
    """

    priority_mode: Literal["ask", "staff_only"] | None = None
    priority_ratio: Annotated[int, Field(ge=1, le=20)] | None = None
    max_wait_guard_s: Annotated[int, Field(ge=60, le=28800)] | None = None
    no_show_min_calls: Annotated[int, Field(ge=1, le=10)] | None = None
    no_show_wait_s: Annotated[int, Field(ge=0, le=600)] | None = None
    max_calls: Annotated[int, Field(ge=1, le=20)] | None = None
    put_back_places: Annotated[int, Field(ge=0, le=50)] | None = None
    return_places: Annotated[int, Field(ge=0, le=50)] | None = None
    call_starts_service: bool | None = None
    alert_wait_percent: Annotated[int, Field(ge=0, le=1000)] | None = None
    alert_service_percent: Annotated[int, Field(ge=0, le=1000)] | None = None
    alert_queue: Annotated[int, Field(ge=0, le=1000)] | None = None
    alert_idle_s: Annotated[int, Field(ge=0, le=7200)] | None = None
    alert_queue_of: Annotated[dict[Ref, Annotated[int, Field(ge=0, le=1000)]], Field(max_length=1000)] | None = None
    alert_idle_s_of: Annotated[dict[Ref, Annotated[int, Field(ge=0, le=7200)]], Field(max_length=1000)] | None = None
    officer_figures: bool | None = None
