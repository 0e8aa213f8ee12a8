"""Devices: enrolled by name or by a code on the screen, heard or silent, revoked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.app.present import instant
from server.domain.errors import RuleBroken
from server.domain.events import Event

#: how long a code on a screen waits for approval
ENROLMENT_LIVES = timedelta(minutes=30)
#: letters and digits nobody mistakes for another when read aloud
_ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"
_CODE_LEN = 6


def told(
    row: Mapping[str, Any], pace: Mapping[str, int] | None = None, fallback: str | None = None
) -> dict[str, Any]:
    """A device over HTTP, with its version; never its token. `pace` and `fallback`: a kiosk's own."""
    return {
        "code": row["code"],
        "kind": row["kind"],
        "name": row["name"],
        "zone": row["zone"],
        "printer": row["printer"],
        "fallback": fallback,
        "state": row["state"],
        "since": instant(row["since"]),
        "revoked_at": instant(row["revoked_at"]),
        "pace": pace,
        "version": version_of(_versioned(row, _edited(row, pace, fallback))),
    }


def _versioned(row: Mapping[str, Any], edited: Mapping[str, Any]) -> dict[str, Any]:
    """With when it was enrolled: a device that took over a revoked one's code is another."""
    return {**edited, "enrolled": instant(row["created_at"])}


def _edited(row: Mapping[str, Any], pace: Mapping[str, int] | None, fallback: str | None) -> dict[str, Any]:
    plain = {"name": row["name"], "zone": row["zone"], "printer": row["printer"]}
    return {**plain, "fallback": fallback, "pace": dict(pace) if pace else None}


def add_device(
    work: Work,
    ask: Ask,
    *,
    kind: str,
    code: str,
    name: str,
    token_hash: str,
    zone: str | None = None,
    printer: str | None = None,
    fallback: str | None = None,
) -> Answer:
    """Enrol a device. Raises already_exists, unknown_printer, invalid (zone, fallback)."""
    known = work.devices.device(code)
    if known is not None and known["revoked_at"] is None:
        raise RuleBroken("already_exists", device=code)
    if known is not None and known["kind"] != kind:
        raise RuleBroken("already_exists", device=code, kind=known["kind"])
    _known_places(work, zone, printer, fallback)
    _may_stand_in(kind, printer, fallback)
    row = {
        "code": code,
        "kind": kind,
        "name": name,
        "zone": zone,
        "printer": printer,
        "token_hash": token_hash,
        "created_at": ask.now,
        "revoked_at": None,
        "state": "never",
        "since": ask.now,
    }
    work.devices.save(row)
    work.devices.save_fallback(code, fallback)
    places = {"zone": zone, "printer": printer, "fallback": fallback}
    _record(work, ask, "DeviceEnrolled", code=code, kind=kind, name=name, **places)
    return Answer(201, told(row, work.devices.paces().get(code), fallback))


def change_device(work: Work, ask: Ask, *, code: str, version: str | None = None, **given: Any) -> Answer:
    """Give a device another name, zone, printer, fallback or pace (None: none of its own).

    Raises changed_meanwhile, unknown_device, unknown_printer, invalid (zone, pace, fallback).
    """
    row = _known(work, code)
    if row["revoked_at"] is not None:
        raise RuleBroken("unknown_device", device=code)
    _known_places(work, given.get("zone"), given.get("printer"), given.get("fallback"))
    if given.get("pace") is not None and row["kind"] != "kiosk":
        raise RuleBroken("invalid", field="pace")
    before = _as_seen(work, row, version)
    changes = {name: value for name, value in given.items() if before[name] != value}
    after = {**before, **changes}
    _may_stand_in(row["kind"], after["printer"], after["fallback"])
    if changes:
        columns = {name: value for name, value in changes.items() if name not in ("pace", "fallback")}
        if columns:
            work.devices.save({"code": code, **columns})
        if "pace" in changes:
            work.devices.save_pace(code, changes["pace"])
        if "fallback" in changes:
            work.devices.save_fallback(code, changes["fallback"])
        _record(work, ask, "DeviceChanged", code=code, kind=row["kind"], changed=changes)
    return Answer(200, told({**row, **after}, after["pace"], after["fallback"]))


def _as_seen(work: Work, row: Mapping[str, Any], version: str | None) -> dict[str, Any]:
    """What of the device is edited. Raises changed_meanwhile; a revoked one is another than was seen."""
    before = _edited(row, work.devices.paces().get(row["code"]), work.devices.fallback(row["code"]))
    told_by = ("DeviceChanged", "DeviceEnrolled", "DeviceRevoked")
    seen = {**_versioned(row, before), "revoked": True} if row["revoked_at"] is not None else _versioned(row, before)
    unchanged(work, seen, version, lambda event: event.data["code"] == row["code"], told_by)
    return before


def _known_places(work: Work, zone: str | None, *printers: str | None) -> None:
    if zone is not None and zone not in work.floors.current().zones:
        raise RuleBroken("invalid", field="zone")
    for printer in printers:
        if printer is not None and not work.paper.has_printer(printer):
            raise RuleBroken("unknown_printer", printer=printer[:60])


def _may_stand_in(kind: str, printer: str | None, fallback: str | None) -> None:
    """A fallback stands in for a kiosk's own printer, so there must be one, and another."""
    if fallback is not None and (kind != "kiosk" or printer is None or printer == fallback):
        raise RuleBroken("invalid", field="fallback")


def revoke_device(work: Work, ask: Ask, *, code: str, version: str | None = None) -> Answer:
    """A device may do nothing any more, in whatever browser it lives.

    `version`: the device's, as it was read; with one, who comes second is told so (changed_meanwhile).
    """
    row = _known(work, code)
    _as_seen(work, row, version)
    # The hash is replaced as well, so that the old token names nothing.
    dead = hashlib.sha256(f"revoked:{code}:{ask.token}".encode()).hexdigest()
    work.devices.save({"code": code, "revoked_at": ask.now, "token_hash": dead})
    _record(work, ask, "DeviceRevoked", code=code, kind=row["kind"])
    return Answer(200, told({**row, "revoked_at": ask.now}))


def _known(work: Work, code: str) -> Mapping[str, Any]:
    row = work.devices.device(code)
    if row is None:
        raise RuleBroken("unknown_device", device=code[:60])
    return row


def _browser(work: Work, ask: Ask, browser_hash: str) -> None:
    if browser_hash not in {row["hash"] for row in work.devices.browsers()}:
        work.devices.add_browser({"hash": browser_hash, "created_at": ask.now})


def ask_enrolment(work: Work, ask: Ask, *, kind: str, wanted: str, browser_hash: str) -> Answer:
    """A browser asks to become a device; it shows the code until somebody approves it."""
    _browser(work, ask, browser_hash)
    # The ask's own 128 random bits name the code, so the act stays free of randomness.
    digest = hashlib.sha256(f"enrol:{ask.token}".encode()).digest()
    code = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_CODE_LEN])
    if work.devices.enrolment(code) is not None:
        raise RuleBroken("already_exists")
    work.devices.add_enrolment(
        {
            "code": code,
            "kind": kind,
            "wanted": wanted,
            "browser": browser_hash,
            "asked_at": ask.now,
            "expires_at": ask.now + ENROLMENT_LIVES,
        }
    )
    _record(work, ask, "EnrolmentAsked", code=code, kind=kind, wanted=wanted)
    return Answer(201, {"enrolment": code})


def approve_enrolment(
    work: Work,
    ask: Ask,
    *,
    code: str,
    device: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    zone: str | None = None,
    printer: str | None = None,
    fallback: str | None = None,
) -> Answer:
    """Make the asking browser the device: a new one, or one that is enrolled already."""
    asked = work.devices.enrolment(code.upper())
    if asked is None or asked["device"] is not None or asked["expires_at"] <= ask.now:
        raise RuleBroken("unknown_enrolment")
    wanted = device or asked["wanted"]
    known = work.devices.device(wanted)
    if known is None or known["revoked_at"] is not None:
        # Nobody ever holds this token: the browser's cookie is what proves the device.
        unknown = hashlib.sha256(f"browser-only:{wanted}:{ask.token}".encode()).hexdigest()
        add_device(
            work,
            ask,
            kind=kind or asked["kind"],
            code=wanted,
            name=name or wanted,
            zone=zone,
            printer=printer,
            fallback=fallback,
            token_hash=unknown,
        )
    elif known["kind"] != (kind or asked["kind"]):
        raise RuleBroken("already_exists", device=wanted, kind=known["kind"])
    work.devices.bind(asked["browser"], wanted)
    work.devices.approve(asked["code"], wanted)
    return Answer(200, told(_known(work, wanted)))


def bind_browser(work: Work, ask: Ask, *, code: str, browser_hash: str) -> Answer:
    """The enrol link was opened: this browser holds the device from now on."""
    row = _known(work, code)
    if row["revoked_at"] is not None:
        raise RuleBroken("unknown_device", device=code)
    _browser(work, ask, browser_hash)
    if (browser_hash, code) not in work.devices.bindings():
        work.devices.bind(browser_hash, code)
        _record(work, ask, "DeviceEnrolled", code=code, kind=row["kind"], name=row["name"])
    return Answer(200, told(row))


def flip(work: Work, ask: Ask, *, code: str, state: str, last_seen: datetime | None = None) -> Answer:
    """A device is heard again, or has fallen silent; the same state twice is nothing.

    `last_seen`: when it was last heard, since when it counts as silent; None: since now.
    """
    row = work.devices.device(code)
    if row is None or row["state"] == state or row["revoked_at"] is not None:
        return Answer(204)
    work.devices.flip(code, state, last_seen or ask.now)
    name = "DeviceUp" if state == "up" else "DeviceDown"
    data = {"code": code, "kind": row["kind"]}
    _record(work, ask, name, **data, **({} if state == "up" else {"last_seen": instant(last_seen)}))
    return Answer(204)


def flip_pace(work: Work, ask: Ask, *, code: str, rests: bool) -> Answer:
    """A kiosk's page rests because numbers were taken too fast, or gives them again."""
    row = _known(work, code)
    name = "KioskPaused" if rests else "KioskResumed"
    _record(work, ask, name, code=code, kind=row["kind"], name=row["name"])
    return Answer(204)


def officer_flip(work: Work, ask: Ask, *, counter: str, lost: bool) -> Answer:
    """An officer's page fell silent or is heard again; the visitor stays in service (P11)."""
    session = work.counters.session_at(counter)
    if session is None:
        return Answer(204)
    work.counters.lose(session, ask.now if lost else None)
    work.log.record(
        Event(
            "OfficerLost" if lost else "OfficerBack",
            ask.now,
            "system",
            gerai=session.gerai,
            counter=counter,
            data={"officer": session.officer},
        )
    )
    return Answer(204)


def _record(work: Work, ask: Ask, type_: str, **data: Any) -> int:
    return work.log.record(Event(type_, ask.now, ask.actor, device=ask.device, data=data))


def heartbeats(work: Work, ask: Ask, *, counters: Sequence[str]) -> Answer:
    """The officers of these counters have been heard; no event, they are still here."""
    for code in counters:
        session = work.counters.session_at(code)
        if session is not None:
            work.counters.touch(session, ask.now)
    return Answer(204)
