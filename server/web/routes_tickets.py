"""The rows about tickets and the counters that call them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.app import calling, counters, devices, issuing, printing, reading, visits
from server.app.ask import Answer
from server.app.tenancy import told_to
from server.domain.errors import RuleBroken
from server.web import answers, bodies, bodies_paper
from server.web.errors import WebRefusal
from server.web.roles import (
    API,
    DESK,
    KIOSK,
    OFFICER,
    OVERSEERS,
    RECEPTIONIST,
    STAFF,
)
from server.web.route import Asked, Route, get, post

ON_TICKET = ("unknown_ticket", "not_your_counter", "wrong_state")
AT_COUNTER = ("unknown_counter", "not_your_counter", "counter_closed")
ON_LEG = (*AT_COUNTER, "wrong_state")


def _services(asked: Asked) -> Any:
    return {"items": asked.read(reading.services, now=asked.gate.house.now(), own=asked.own), "next": None}


def _counters(asked: Asked) -> Any:
    return {"items": asked.read(reading.counters, now=asked.gate.house.now(), own=asked.own), "next": None}


def _ticket(asked: Asked) -> Any:
    """A ticket; to a kiosk only its own, and an unknown one looks like another's."""
    found = asked.read(reading.ticket, ticket=asked.args["ticket"], own=asked.own)
    caller = asked.caller
    if caller.role == KIOSK and found.get("device") != caller.device:
        raise WebRefusal("unknown_ticket", ticket=asked.args["ticket"])
    return told_to(caller.role, found)


def _tickets(asked: Asked) -> Any:
    wanted = bodies.FindTickets.model_validate(dict(asked.given)).model_dump()
    page = asked.read(reading.tickets, **wanted, own=asked.own)
    return {**page, "items": [told_to(asked.caller.role, row) for row in page["items"]]}


def _issue(asked: Asked) -> Answer:
    """A number; a program, a kiosk's page or its token that takes them too fast is asked to wait, before any act."""
    caller = asked.caller
    if caller.role == API:
        asked.gate.limits.program(caller.actor)
    elif caller.role == KIOSK and caller.csrf is None:
        asked.gate.limits.kiosk_token(caller.actor)
    if caller.role != KIOSK or caller.csrf is None or not caller.device or not asked.key:
        return asked.act(issuing.issue, **asked.given)
    house, pace = asked.gate.house, asked.gate.limits.kiosk
    verdict = pace.ask(caller.device, asked.key, house.now())
    if verdict.flip is not None:
        told = replace(asked.ask(), key=None, fingerprint=None)
        house.act(devices.flip_pace, told, code=caller.device, rests=verdict.flip)
    if verdict.wait_s:
        raise WebRefusal("too_fast", retry_after_s=verdict.wait_s)
    try:
        return asked.act(issuing.issue, **asked.given)
    except RuleBroken:
        pace.forgive(caller.device, asked.key)
        raise


TICKETS: tuple[Route, ...] = (
    get(
        "/services",
        STAFF | {KIOSK},
        "Every service of the hall, whether it gives numbers now and why not, and the wait.",
        _services,
        gives=answers.Services,
    ),
    Route(
        "POST",
        "/tickets",
        frozenset({KIOSK, RECEPTIONIST, API}),
        "Give a number. The key is made when the service is shown, not at the tap.",
        run=_issue,
        takes=bodies.Wish,
        gives=answers.TicketGiven,
        status=(201,),
        key_required=True,
        codes=(
            "unknown_service",
            "closed",
            "quota_reached",
            "after_cutoff",
            "range_exhausted",
            "clock_suspect",
            "too_fast",
            "too_many",
        ),
    ),
    get(
        "/tickets",
        STAFF,
        "Tickets of a date, by number or state, oldest first.",
        _tickets,
        takes=bodies.FindTickets,
        gives=answers.Tickets,
    ),
    get(
        "/tickets/<id:ticket>",
        STAFF | {KIOSK},
        "A ticket with its legs, calls and slips; to a kiosk only its own.",
        _ticket,
        gives=answers.Ticket,
        codes=("unknown_ticket",),
    ),
    post(
        "/tickets/<id:ticket>/cancel",
        DESK,
        "Cancel the ticket's open leg.",
        visits.cancel,
        takes=bodies.Cancel,
        gives=answers.Ticket,
        codes=ON_TICKET,
    ),
    post(
        "/tickets/<id:ticket>/return",
        DESK,
        "A missed visitor came back the same day: into the line again, by the rule.",
        visits.give_back,
        takes=bodies.MayReason,
        gives=answers.Ticket,
        codes=(*ON_TICKET, "day_closed"),
    ),
    post(
        "/tickets/<id:ticket>/priority",
        DESK,
        "Give, confirm or remove a priority.",
        visits.set_priority,
        takes=bodies.Priority,
        gives=answers.Ticket,
        codes=ON_TICKET,
    ),
    post(
        "/tickets/<id:ticket>/reprint",
        DESK,
        "Print the slip again, marked CETAK ULANG n.",
        visits.reprint,
        takes=bodies.Reprint,
        gives=answers.Ticket,
        codes=(*ON_TICKET, "unknown_printer"),
    ),
    post(
        "/tickets/<id:ticket>/paper",
        frozenset({KIOSK}),
        "The visitor's word on a slip whose outcome is unknown; if it did not come out, one marked copy is printed.",
        printing.visitor_told,
        takes=bodies_paper.VisitorTold,
        gives="`{id, copies}`",
        codes=ON_TICKET,
    ),
    post(
        "/tickets/<id:ticket>/transfer",
        DESK,
        "End this stop and wait for another service; the number stays.",
        visits.transfer_ticket,
        takes=bodies.ToService,
        gives=answers.Ticket,
        codes=(*ON_TICKET, "unknown_service"),
    ),
)


def _at(name: str, says: str, act: Any, codes: tuple[str, ...] = ON_LEG, **more: Any) -> Route:
    return post(
        f"/counters/<code:counter>/{name}",
        more.pop("who", frozenset({OFFICER})),
        says,
        act,
        codes=codes,
        gives=more.pop("gives", answers.AtCounter),
        **more,
    )


COUNTERS: tuple[Route, ...] = (
    get("/counters", STAFF, "Every counter, its officer and its visitor.", _counters, gives=answers.Counters),
    _at(
        "open",
        "Open a counter of the officer's own gerai, for all its services or some.",
        counters.open_counter,
        ("unknown_counter", "not_your_counter", "counter_taken", "officer_busy", "counter_open", "unknown_service"),
        takes=bodies.Open,
    ),
    _at("close", "Close the counter.", counters.close_counter, (*AT_COUNTER, "counter_busy")),
    _at("pause", "Call nobody for a while.", counters.pause, takes=bodies.WithReason),
    _at("resume", "Serve again after a pause.", counters.resume),
    _at(
        "release",
        "Free a counter whose officer is gone.",
        counters.release,
        ("unknown_counter", "counter_closed"),
        who=OVERSEERS,
        takes=bodies.MayReason,
    ),
    _at(
        "next",
        "Call who is next; 204 when nobody waits.",
        calling.call_next,
        (*AT_COUNTER, "counter_busy", "counter_paused"),
        gives=answers.Called,
        status=(200, 204),
    ),
    _at(
        "pick",
        "Call a waiting visitor out of order, with a reason.",
        calling.pick,
        (*ON_LEG, "counter_busy", "counter_paused", "ticket_active", "unknown_ticket"),
        takes=bodies.Pick,
        gives=answers.Called,
    ),
    _at("recall", "Announce the called visitor again.", calling.recall, (*ON_LEG, "too_many_calls"), takes=bodies.OfLeg),
    _at("start", "The visitor stands at the counter.", calling.start, takes=bodies.OfLeg),
    _at("finish", "The visitor is served; with `next` the next one is called in the same act.", calling.finish, takes=bodies.Finish),
    _at("no-show", "The called visitor did not come.", calling.no_show, (*ON_LEG, "too_early"), takes=bodies.OfLeg),
    _at("hold", "Set the visitor aside; the counter is free.", calling.hold, takes=bodies.LegReason),
    _at("put-back", "Back into the line, at the place the rule gives.", calling.put_back, takes=bodies.LegReason),
    _at(
        "resume-leg",
        "Go on with a visitor set aside in this gerai.",
        calling.resume_leg,
        (*ON_LEG, "counter_busy", "unknown_leg"),
        takes=bodies.ResumeLeg,
    ),
    _at(
        "transfer",
        "Send the visitor on to another service; the number stays.",
        visits.transfer_from_counter,
        (*ON_LEG, "unknown_service"),
        takes=bodies.LegToService,
    ),
)
