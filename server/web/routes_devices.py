"""The rows about devices, their enrolment, printers and the print host."""

from __future__ import annotations

import time
from typing import Any

from flask import Response, request

from server.app import devices, printing, reading
from server.app.ask import Answer
from server.web import answers, bodies, bodies_admin, bodies_paper
from server.web.auth import browser_hash
from server.web.cookies import new_id
from server.web.errors import WebRefusal
from server.web.roles import ALL, OVERSEERS, PRINT_HOST
from server.web.route import Asked, Route, get, post, reply
from server.web.wire import sha256

#: a claim is asked again at most so often within its wait, however busy the other printers are
CLAIM_TRIES = 20


def _devices(asked: Asked) -> Any:
    return {"items": asked.read(reading.devices), "next": None}


def _add_device(asked: Asked) -> Answer:
    """Enrol a device by name; its token is in this answer and nowhere else."""
    given, token = asked.given, new_id()
    answer = asked.act(
        devices.add_device,
        kind=given["kind"],
        code=given["code"],
        name=given.get("name") or given["code"],
        zone=given.get("zone"),
        printer=given.get("printer"),
        fallback=given.get("fallback"),
        token_hash=sha256(token),
    )
    shown = None if answer.replayed else token
    body = {**(answer.body or {}), "token": shown, "url": _address(asked, given, shown)}
    return Answer(answer.status, body, answer.replayed)


def _address(asked: Asked, given: Any, token: str | None) -> str | None:
    """Where to open a browser device for the first time; None for the others."""
    if token is None or given["kind"] not in {"kiosk", "display"}:
        return None
    base = asked.gate.public_url or request.host_url.rstrip("/")
    return f"{base}/{given['kind']}/{given['code']}?enrol={token}"


def _ask_enrolment(asked: Asked) -> Response:
    """A browser without a device asks for a code; it is known by its cookie alone."""
    gate = asked.gate
    gate.limits.enrolment(request.remote_addr or "")
    browser_id = gate.cookies.browser(request) or new_id()
    answer = asked.act(
        devices.ask_enrolment,
        kind=asked.given["kind"],
        wanted=asked.given["code"],
        browser_hash=sha256(browser_id),
    )
    response = reply(answer)
    gate.cookies.set_browser(response, browser_id)
    return response


def _enrolment(asked: Asked) -> Any:
    """Whether a code was approved; only the browser that asked may know."""
    browser = browser_hash(asked.gate, request)
    code = asked.args["enrolment"].upper()
    found = asked.read(reading.enrolment, code=code, now=asked.gate.house.now())
    if browser is None or found["browser"] != browser:
        raise WebRefusal("unknown_enrolment")
    return {name: value for name, value in found.items() if name != "browser"}


def _print_host(asked: Asked) -> Any:
    return asked.read(reading.print_host, device=asked.caller.device)


def _claim(asked: Asked) -> Answer:
    """Wait for a slip without holding a thread of the pool or a transaction."""
    printer = asked.given.get("printer")
    ends = time.monotonic() + asked.given.get("wait_s", 0)
    house = asked.gate.house
    with house.paper_bell() as bell:
        for _ in range(CLAIM_TRIES):
            bell.clear()
            answer = asked.act(printing.claim, printer=printer)
            left_s = ends - time.monotonic()
            if answer.status != 204 or left_s <= 0 or not house.ready:
                return answer
            if not bell.wait(left_s):
                return answer
    return Answer(204)


def _printers(asked: Asked) -> Any:
    return {"items": asked.read(reading.printers), "next": None}


ROUTES: tuple[Route, ...] = (
    get("/devices", OVERSEERS, "Every device, and whether it is heard.", _devices, gives=answers.Devices),
    Route(
        "POST",
        "/devices",
        OVERSEERS,
        "Enrol a device; its token and first address are shown once.",
        run=_add_device,
        takes=bodies.NewDevice,
        gives="the device, with `token` and `url`",
        status=(201,),
        codes=("already_exists", "unknown_printer"),
    ),
    post(
        "/devices/<code:code>",
        OVERSEERS,
        "Give a device another name, zone or printer, or a kiosk a fallback printer or a pace of its own.",
        devices.change_device,
        takes=bodies.ChangeDevice,
        gives="the device with its new version",
        codes=("changed_meanwhile", "unknown_device", "unknown_printer"),
    ),
    post(
        "/devices/<code:code>/revoke",
        OVERSEERS,
        "A device may do nothing any more, at once.",
        devices.revoke_device,
        takes=bodies_admin.AsRead,
        gives="the device",
        codes=("changed_meanwhile", "unknown_device"),
    ),
    Route(
        "POST",
        "/enrolments",
        ALL,
        "Ask for a code of 6 characters that a supervisor approves.",
        run=_ask_enrolment,
        takes=bodies.AskEnrolment,
        gives="`{enrolment}`",
        status=(201,),
        codes=("too_many",),
        proven=False,
    ),
    get(
        "/enrolments/<code:enrolment>",
        ALL,
        "Whether the code was approved; only for the browser that asked.",
        _enrolment,
        gives="`{enrolment, kind, approved, device}`",
        codes=("unknown_enrolment",),
    ),
    post(
        "/enrolments/<code:code>/approve",
        OVERSEERS,
        "Make the asking browser a device.",
        devices.approve_enrolment,
        takes=bodies.Approve,
        gives="the device",
        codes=("unknown_enrolment", "already_exists", "unknown_printer"),
    ),
    get("/print-host", frozenset({PRINT_HOST}), "The printers this host serves.", _print_host, gives=answers.PrintHost),
    Route(
        "POST",
        "/print-jobs/claim",
        frozenset({PRINT_HOST}),
        "The slip this host holds, else the oldest one queued; waits up to `wait_s`.",
        run=_claim,
        takes=bodies_paper.Claim,
        gives=answers.ClaimedJob,
        status=(200, 204),
        codes=("unknown_printer",),
    ),
    post(
        "/print-jobs/<id:job>/result",
        frozenset({PRINT_HOST}),
        "How a slip ended; `not_begun` puts it back into the queue.",
        printing.report_job,
        takes=bodies_paper.JobResult,
        gives="`{id, state}`",
        codes=("unknown_job", "not_held"),
    ),
    post(
        "/printers/<code:printer>/status",
        frozenset({PRINT_HOST}),
        "A printer's state as the host sees it.",
        printing.report_printer,
        takes=bodies_paper.PrinterStatus,
        status=(204,),
        codes=("unknown_printer",),
    ),
    post(
        "/printers/<code:printer>/answers",
        frozenset({PRINT_HOST}),
        "What the printer can answer, as its host found.",
        printing.probed,
        takes=bodies_paper.Probed,
        status=(204,),
        codes=("unknown_printer",),
    ),
    post(
        "/printers/<code:printer>/probe",
        OVERSEERS,
        "Let the printer's host find anew what it can answer.",
        printing.probe,
        status=(204,),
        codes=("unknown_printer",),
    ),
    get("/printers", OVERSEERS, "Every printer and its state.", _printers, gives=answers.Printers),
    post(
        "/printers",
        OVERSEERS,
        "Add a printer, or change where it is.",
        printing.set_printer,
        takes=bodies_paper.NewPrinter,
        gives="the printer",
        codes=("unknown_device",),
    ),
)
