"""What the routes answer, for the API document and the tests; never used to answer.

Fields may be added; a program ignores what it does not know. Instants are RFC 3339, UTC.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item", bound=BaseModel)
Words = dict[str, str]


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class Page(Shape, Generic[Item]):
    """`next`: the `after` of the next page; null at the end."""

    items: list[Item]
    next: int | str | None


class Problem(Shape):
    """application/problem+json (RFC 9457); facts of the code stand beside these."""

    type: str
    title: str
    status: int
    code: str
    errors: list[dict[str, str]] = []


class Estimate(Shape):
    """Seconds; a range, because nobody knows better."""

    from_s: int
    to_s: int


class PriorityOf(Shape):
    code: str
    state: str | None


class PrintState(Shape):
    state: str
    printer: str | None
    job: int | None


class TicketGiven(Shape):
    id: int
    number: str
    token: str
    url: str | None
    service: str
    service_name: Words
    gerai: str
    gerai_name: str
    zone: str
    zone_name: str
    counters: list[str]
    ahead: int
    estimate: Estimate | None
    business_date: str
    issued_at: str
    priority: PriorityOf | None
    language: str
    print: PrintState


class Leg(Shape):
    ticket: int
    leg: int
    number: str
    service: str
    service_name: Words
    queued_at: str
    priority: PriorityOf | None
    language: str
    call_count: int
    state: str
    counter: str | None
    first_called_at: str | None
    last_called_at: str | None
    started_at: str | None
    held_at: str | None
    promised_service_s: int
    outcome: str | None
    officer: str | None


class CallOf(Shape):
    id: int
    count: int


class TicketRef(Shape):
    id: int
    number: str


class Ticket(Shape):
    id: int
    number: str
    #: of the visitor's own page; None to all but the kiosk, receptionist or program that hands the number over
    token: str | None
    state: str
    service: str
    gerai: str
    business_date: str
    issued_at: str
    channel: str
    mode: str
    language: str
    priority: PriorityOf | None
    ahead: int | None
    legs: list[Leg]
    calls: list[dict[str, Any]]
    prints: list[dict[str, Any]]


class Officer(Shape):
    username: str
    name: str


class Counter(Shape):
    code: str
    label: str
    state: str
    officer: Officer | None
    leg: Leg | None


class AtCounter(Shape):
    """The new state of a counter after an act."""

    counter: Counter
    ticket: TicketRef | None
    leg: Leg | None
    call: CallOf | None


class Called(AtCounter):
    ticket: TicketRef
    leg: Leg
    call: CallOf


class ServiceNow(Shape):
    code: str
    name: Words
    gerai: str
    pictogram: str
    open: bool
    reason: str | None
    opens_at: str | None
    why: str | None
    waiting: int
    estimate: Estimate | None


class Me(Shape):
    user: str | None
    role: str
    gerai: list[dict[str, str]]
    counters: list[dict[str, str]]
    open_counter: str | None
    csrf: str | None


class View(Shape):
    room: str
    epoch: str
    version: int
    at: str
    data: dict[str, Any]


class PublicTicket(Shape):
    number: str
    state: str
    ahead: int | None
    estimate: Estimate | None


class Row(Shape):
    """A row whose fields the issue of its page describes."""


class PrintHost(Shape):
    host: dict[str, Any]
    print_ttl_s: int
    claim_wait_s: int
    lease_s: int
    template: str | None
    logo_sha: str | None
    printers: list[dict[str, Any]]


class Job(Shape):
    id: int
    printer: str
    copy_number: int = Field(alias="copy")
    lease_s: int
    lease_until: str
    created_at: str
    slip: dict[str, Any]


class ClaimedJob(Shape):
    job: Job


class Written(Shape):
    """`written`: the call_id of the told calls that stand in the log; `unknown`: of those that never
    were, not to be told again. `speaks`: the display may speak (for a moment, until the next report)."""

    written: list[int]
    unknown: list[int]
    speaks: bool


Services = Page[ServiceNow]
Tickets = Page[Ticket]
Counters = Page[Counter]
Users = Page[Row]
Devices = Page[Row]
Printers = Page[Row]
Overrides = Page[Row]
Events = Page[Row]
Calls = Page[Row]
