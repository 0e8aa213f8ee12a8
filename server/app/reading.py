"""Look-ups: plain dicts ready for JSON, from a `Work` on a read-only connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from server.app import devices as device_acts
from server.app import floors, people, present, printing, visits
from server.app.ports import Work
from server.app.present import counter_label, instant
from server.app.snapshot import Call, Snapshot
from server.app.tenancy import Own, visit_of
from server.app.views.parts import call_at, gerai_name
from server.domain import hours
from server.domain.calendar import business_date
from server.domain.errors import RuleBroken
from server.domain.estimate import estimate
from server.domain.events import Event
from server.domain.tickets import State

CALL_WINDOW = timedelta(seconds=60)
#: what a call's row holds of a Call; whether it was heard stands in the view
CALL_COLUMNS = tuple(name for name in Call.__dataclass_fields__ if name != "spoken_at")


def last_event_at(reads: Work) -> datetime | None:
    """The instant of the newest event; None in a new database."""
    head = reads.log.head()[0]
    newest = reads.log.after(head - 1, 1)
    return newest[0][0].at if newest else None


def with_house(snapshot: Snapshot, suspect: bool, backups: Sequence[Any]) -> Snapshot:
    """The snapshot with what no database row says: whether numbers may be given at all, and how backups are doing."""
    return replace(snapshot, clock_suspect=suspect, backups=tuple(backups))


def _page(items: list[Any], limit: int, key: str) -> dict[str, Any]:
    """{items, next}: `next` is the cursor of the last item when the page is full."""
    return {"items": items, "next": items[-1][key] if len(items) == limit else None}


def services(reads: Work, now: datetime, own: Own = None) -> list[dict[str, Any]]:
    """Every service, whether it gives numbers now, and the wait to expect."""
    floor = reads.floors.current()
    day = business_date(now, floor.site.timezone)
    overrides = reads.floors.overrides()
    sessions = [s for s in reads.counters.open_sessions() if s.paused_since is None]
    told = []
    for plan in floor.services.values():
        if own is not None and plan.gerai not in own:
            continue
        issued = reads.tickets.issued_count(day, plan.code) if plan.quota is not None else 0
        standing = hours.standing(floor, plan.code, now, overrides, issued)
        waiting = reads.tickets.ahead(day, (plan.code,))
        ahead = reads.tickets.ahead(day, floor.line_of(plan.code))
        counters = sum(1 for s in sessions if plan.code in s.services)
        expected = estimate(ahead, counters, reads.tickets.recent_s(day, plan.code))
        told.append(
            {
                "code": plan.code,
                "name": dict(plan.name),
                "gerai": plan.gerai,
                "pictogram": plan.pictogram,
                "open": standing.open,
                "reason": standing.reason,
                "opens_at": instant(standing.opens_at),
                "why": standing.why or None,
                "waiting": waiting,
                "ahead": ahead,
                "estimate": {"from_s": expected[0], "to_s": expected[1]} if expected else None,
            }
        )
    return told


def counters(reads: Work, now: datetime, own: Own = None) -> list[dict[str, Any]]:
    """Every counter with its officer and its visitor."""
    floor = reads.floors.current()
    names = {row["username"]: row["name"] for row in reads.people.people()}
    sessions = {s.counter: s for s in reads.counters.open_sessions()}
    told = []
    for code, plan in floor.counters.items():
        if own is not None and plan.gerai not in own:
            continue
        session = sessions.get(code)
        active = reads.tickets.active_at(code)
        leg = present.leg(floor, reads.tickets.ticket(active.ticket), active) if active else None
        name = names.get(session.officer, session.officer) if session else ""
        told.append(present.counter(code, session, leg, floor, name))
    return told


def ticket(reads: Work, ticket: int, own: Own = None) -> dict[str, Any]:
    """A ticket whole, with the device that issued it. Raises unknown_ticket."""
    found = reads.tickets.ticket(ticket)
    told = visit_of(visits.whole(reads, found), own, reads.floors.current())
    if told is None:
        raise RuleBroken("unknown_ticket", ticket=ticket)
    return {**told, "device": found.device}


def tickets(
    reads: Work,
    date: date | None = None,
    number: str | None = None,
    state: str | None = None,
    after: int = 0,
    limit: int = 100,
    own: Own = None,
) -> dict[str, Any]:
    """Tickets of a date, by label or by a leg's state, oldest first. A page of `own` may hold fewer than `limit`."""
    if state is not None and state not in set(State):
        raise RuleBroken("invalid", field="state")
    found = reads.history.find_tickets(
        day=date, label=number.upper() if number else None, state=state, after=after, limit=limit
    )
    page = _page([visits.whole(reads, row) for row in found], limit, "id")
    floor = reads.floors.current()
    told = [visit_of(row, own, floor) for row in page["items"]]
    return {**page, "items": [row for row in told if row is not None]}


def _event(event: Event, digest: str) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "type": event.type,
        "actor": event.actor,
        "device": event.device,
        "ticket": event.ticket,
        "leg": event.leg,
        "gerai": event.gerai,
        "service": event.service,
        "counter": event.counter,
        "data": dict(event.data),
        "hash": digest,
    }


def events(reads: Work, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """The log after `after`, each line with the hash that chains it."""
    items = [_event(event, digest) for event, digest in reads.log.after(after, limit)]
    return _page(items, limit, "seq")


def devices(reads: Work) -> list[dict[str, Any]]:
    paces, fallbacks = reads.devices.paces(), reads.devices.fallbacks()
    return [device_acts.told(row, paces.get(row["code"]), fallbacks.get(row["code"])) for row in reads.devices.devices()]


def overrides(reads: Work) -> list[dict[str, Any]]:
    return [present.override(row) for row in reads.floors.overrides()]


def policy(reads: Work) -> dict[str, Any]:
    return floors.policy_of(reads)


def users(reads: Work) -> list[dict[str, Any]]:
    return [people.told(row) for row in reads.people.people()]


def me(reads: Work, username: str) -> dict[str, Any]:
    return people.me(reads, username)


def password_hash(reads: Work, username: str) -> str | None:
    found = reads.people.person(username)
    return found["password_hash"] if found else None


def printers(reads: Work) -> list[dict[str, Any]]:
    return [printing.told(row) for row in reads.paper.printers()]


def print_host(reads: Work, device: str) -> dict[str, Any]:
    """The printers this host serves, with how to reach them and what they can do."""
    row = reads.devices.device(device)
    return {
        "host": {"code": device, "name": row["name"] if row else device},
        "print_ttl_s": reads.around.print_ttl_s,
        "claim_wait_s": reads.around.claim_wait_s,
        "lease_s": reads.around.lease_s,
        # null: the print host's own
        "template": reads.look.slip_template() or None,
        # Its bytes are at /brand/SHA.png.
        "logo_sha": reads.look.brand().logo_sha,
        "printers": [
            {
                "code": printer.code,
                "name": printer.name,
                "transport": dict(printer.transport),
                **printer.profile,
            }
            for printer in reads.paper.printers()
            if printer.host == device
        ],
    }


def enrolment(reads: Work, code: str, now: datetime) -> dict[str, Any]:
    """Whether a code was approved; `browser` is for the caller's own check."""
    row = reads.devices.enrolment(code)
    if row is None or (row["device"] is None and row["expires_at"] <= now):
        raise RuleBroken("unknown_enrolment")
    return {
        "enrolment": row["code"],
        "kind": row["kind"],
        "approved": row["device"] is not None,
        "device": row["device"],
        "browser": row["browser"],
    }


def known_calls(reads: Work, ids: Sequence[int]) -> frozenset[int]:
    """Those of these ids that are calls."""
    return frozenset(reads.displays.calls(ids))


def call_said(reads: Work, call: int, now: datetime) -> dict[str, Any] | None:
    """What is said of a call of today, as the voice wants it; None: there is no such call."""
    floor = reads.floors.current()
    day = reads.days.open_day() or business_date(now, floor.site.timezone)
    rows = reads.history.calls_after(day, call - 1, 1)
    if not rows or rows[0]["id"] != call:
        return None
    (row,) = rows
    return {
        "label": row["label"],
        "place": counter_label(floor, row["counter"]),
        "gerai": gerai_name(floor, row["gerai"]),
        "count": row["count"],
        "last": row["count"] > 1 and row["count"] >= floor.policy.max_calls,
        "language": row["language"],
    }


def display_calls(reads: Work, code: str, after: str, now: datetime) -> dict[str, Any]:
    """Calls of the display's sound group after a cursor EPOCH-SEQ.

    A cursor of another epoch, or none, gives the calls younger than 60 s.
    """
    device = reads.devices.device(code)
    if device is None or device["kind"] != "display":
        raise RuleBroken("unknown_display", display=code[:60])
    floor = reads.floors.current()
    epoch = reads.floors.epoch()
    told_epoch, _, seq = after.rpartition("-")
    known = told_epoch == epoch and seq.isdigit()
    day = reads.days.open_day() or business_date(now, floor.site.timezone)
    rows: Iterable[Mapping[str, Any]] = reads.history.calls_after(
        day, int(seq) if known else 0, 1000
    )
    if not known:
        rows = [row for row in rows if now - row["at"] < CALL_WINDOW]
    groups = {zone.code: zone.sound_group for zone in floor.zones.values()}
    own = groups.get(device["zone"] or "")
    items = [
        call_at(floor, Call(**{name: row[name] for name in CALL_COLUMNS}))
        for row in rows
        if own is None or groups.get(row["zone"]) == own
    ]
    last = items[-1]["call_id"] if items else (int(seq) if known else reads.log.head()[0])
    return {"items": items, "next": f"{epoch}-{last}", "epoch": epoch}
