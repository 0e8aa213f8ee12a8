"""The rows about displays: what they ask and tell, and what a supervisor asks of them."""

from __future__ import annotations

from typing import Any

from flask import request

from server.app import displays, reading
from server.app.ask import Answer
from server.domain.errors import RuleBroken
from server.web import answers, bodies
from server.web.cookies import new_id
from server.web.errors import WebRefusal
from server.web.roles import DISPLAY, OVERSEERS
from server.web.route import Asked, Route, get, post
from server.web.wire import sha256


def _own_display(asked: Asked) -> str:
    code: str = asked.args["display"]
    if asked.caller.device != code:
        raise WebRefusal("forbidden")
    return code


def _calls(asked: Asked) -> Any:
    return asked.read(
        reading.display_calls,
        code=_own_display(asked),
        after=asked.given.get("after", ""),
        now=asked.gate.house.now(),
    )


def _report(asked: Asked) -> Answer:
    """Kept in memory; the house writes what changed in one batch, and the display tells the rest again."""
    code, given, house = _own_display(asked), dict(asked.given), asked.gate.house
    epoch, version = house.place_of(f"display:{code}")
    if epoch and given["epoch"] != epoch:
        raise RuleBroken("other_epoch")
    told = given.get("spoken", [])
    fresh = house.reports.news(code, told)
    known = house.read(reading.known_calls, ids=fresh) if fresh else frozenset()
    unknown = [call for call in fresh if call not in known]
    kept = [row for row in told if row["call_id"] not in unknown]
    written = house.reports.take(code, {**given, "spoken": kept}, version)
    return Answer(200, {"written": written, "unknown": unknown, "speaks": code in house.reports.may_speak})


def _set_key(asked: Asked) -> Answer:
    """A new key for a display's simple page; it is in this answer and nowhere else."""
    code, key = asked.args["display"], new_id()
    answer = asked.act(displays.set_key, display=code, key_hash=sha256(key))
    base = asked.gate.public_url or request.host_url.rstrip("/")
    url = None if answer.replayed else f"{base}/display/{code}/simple?key={key}"
    return Answer(answer.status, {**(answer.body or {}), "url": url}, answer.replayed)


def _end_key(asked: Asked) -> Answer:
    return asked.act(displays.set_key, display=asked.args["display"], key_hash=None)


ROUTES: tuple[Route, ...] = (
    get(
        "/displays/<code:display>/calls",
        frozenset({DISPLAY}),
        "Calls after a cursor `EPOCH-SEQ`; without one, the calls shown now.",
        _calls,
        takes=bodies.CallsAfter,
        gives=answers.Calls,
        codes=("unknown_display",),
    ),
    Route(
        "POST",
        "/displays/<code:display>/report",
        frozenset({DISPLAY}),
        "What the display showed and spoke; kept in memory, written in batches. A call not yet in `written` is to be told again.",
        run=_report,
        takes=bodies.DisplayReport,
        gives=answers.Written,
        codes=("other_epoch",),
    ),
    post(
        "/displays/<code:display>/command",
        OVERSEERS,
        "Ask a display for a test sound or a reload, or set its volume.",
        displays.command,
        takes=bodies.DisplayCommand,
        gives="`{display, do, id}`",
        codes=("unknown_display",),
    ),
    Route(
        "POST",
        "/displays/<code:display>/key",
        OVERSEERS,
        "A new read-only key for the display's simple page, shown once; it ends the one before.",
        run=_set_key,
        gives="`{display, has_key, url}`",
        codes=("unknown_display",),
    ),
    Route(
        "POST",
        "/displays/<code:display>/key/end",
        OVERSEERS,
        "Take the key of the display's simple page away.",
        run=_end_key,
        gives="`{display, has_key}`",
        codes=("unknown_display",),
    ),
)
