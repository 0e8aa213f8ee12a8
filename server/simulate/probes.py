"""Wishes that must be refused, each with its code; a refusal changes nothing, as the log must show."""

from __future__ import annotations

from server.simulate.record import Record
from server.simulate.wire import Reply, Wire, new_key

_JSON = "application/json"


def try_bad_wishes(kiosk: Wire, service: str, counter: str, record: Record) -> None:
    """What a broken or forged kiosk may send."""
    keyed = {"Idempotency-Key": new_key(), "Content-Type": _JSON}
    good = f'{{"service": "{service}"}}'.encode()
    expect(kiosk.post("/tickets", {"service": "TIDAK-ADA"}), 404, "unknown_service", record)
    expect(kiosk.post_raw("/tickets", good, {"Content-Type": _JSON}), 400, "idempotency_key_required", record)
    expect(kiosk.post_raw("/tickets", b'{"service": ', keyed), 400, "bad_json", record)
    expect(kiosk.post_raw("/tickets", good, {**keyed, "Content-Type": "text/plain"}), 415, "", record)
    expect(kiosk.post("/tickets", {"service": service, "priority": "raja"}), 422, "invalid", record)
    expect(kiosk.post(f"/counters/{counter}/next", {}), 403, "forbidden", record)


def try_stranger(url: str, kiosk: Wire, record: Record) -> None:
    """A token nobody knows."""
    stranger = Wire(url, type(kiosk.proof)("nobody", {"Authorization": "Bearer nobody"}), record)
    expect(stranger.get("/services"), 401, "unauthenticated", record)
    stranger.close()


def try_closed(kiosk: Wire, service: str, codes: frozenset[str], record: Record) -> None:
    """A wish outside the hours. One that is fulfilled all the same is a number like any other."""
    key = new_key()
    reply = kiosk.post("/tickets", {"service": service}, "ticket", key)
    record.refuse(reply.code)
    if reply.status == 201:
        record.give(key, kiosk.proof.actor, reply.body)
    if reply.code not in codes:
        record.break_promise("P4", f"{service} outside its hours: {reply.status} {reply.code}")


def expect(reply: Reply, status: int, code: str, record: Record) -> None:
    record.refuse(reply.code)
    if reply.status != status or (code and reply.code != code):
        record.break_promise("P3", f"expected {status} {code}, got {reply.status} {reply.code}")
