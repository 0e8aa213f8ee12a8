"""The rows about the hall as a whole: views, calendar, floor plan, rules, log, report."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from server.app import alerting, calendar, clockwork, days, floors, public, ranges, reading
from server.app.ask import Answer
from server.app.views.wire import STUCK
from server.domain.events import parse_room
from server.web import answers, bodies, rooms
from server.web.errors import WebRefusal
from server.web.roles import (
    ADMINS,
    AGENCY_HEAD,
    ALL,
    OVERSEERS,
    ROLES,
    STAFF,
    VIEWER,
)
from server.web.route import Asked, Route, get, post
from server.web.routes_figures import today
from server.web.wire import JSON

#: a floor plan of 60 gerai with their requirement texts
PLAN_MAX_BYTES = 4_000_000


def _view(asked: Asked) -> Response:
    """The same bytes as the socket's view; 304 when the asker has this version."""
    room = asked.args["room"]
    kind, name = parse_room(room)
    caller = asked.caller
    if not rooms.may_join(caller.role, caller.gerai, caller.device, kind, name):
        raise WebRefusal("forbidden")
    if caller.username:
        asked.gate.house.presence.seen("user", caller.username)  # a page without a socket is heard too
    view = asked.gate.house.view(room)
    response = Response(view.body, content_type=JSON)
    response.set_etag(f"{view.epoch}-{view.version}")
    response.headers["Cache-Control"] = "no-store"
    if asked.gate.house.storage.is_stuck:
        response.headers["MPP-Storage"] = STUCK
    response.make_conditional(request)
    return response


def _public_ticket(asked: Asked) -> Any:
    token = asked.args["token"]
    asked.gate.limits.public(token, request.remote_addr or "")
    return asked.read(public.public_ticket, token=token, now=asked.gate.house.now())


def _events(asked: Asked) -> Any:
    wanted = bodies.FindEvents.model_validate(dict(asked.given)).model_dump()
    return asked.read(reading.events, **wanted)


def _overrides(asked: Asked) -> Any:
    return {"items": asked.read(reading.overrides), "next": None}


def _policy(asked: Asked) -> Any:
    return asked.read(reading.policy)


def _month(asked: Asked) -> Any:
    """The report is made in a child process; an agency head's holds its own gerai only, and no officer's name."""
    first = date.fromisoformat(f"{asked.given['month']}-01")
    ranges.check(first, first, today(asked))
    found = asked.gate.house.month(asked.given["month"], asked.own)
    if asked.own is None:
        return found
    return {**found, "exceptions": [{**row, "actor": None} for row in found["exceptions"]]}


def _last_hour(asked: Asked) -> Any:
    house = asked.gate.house
    return asked.read(house.last_hour.told, now=house.now(), own=asked.own)


def _load_floor(asked: Asked) -> Answer:
    return asked.act(floors.load_floor, plan=asked.given["plan"])


ROUTES: tuple[Route, ...] = (
    get(
        "/views/<room>",
        ROLES,
        "A room's whole view; the fallback of a screen without a socket. With `MPP-Storage: failing` while nothing can be written.",
        _view,
        gives=answers.View,
        codes=("unknown_room",),
    ),
    get(
        "/public/tickets/<code:token>",
        ALL,
        "What a visitor's phone shows: state, people ahead, estimate.",
        _public_ticket,
        gives=answers.PublicTicket,
        codes=("unknown_ticket", "expired_link", "too_many"),
    ),
    get(
        "/events",
        OVERSEERS,
        "The log, oldest first, with the hash that chains it.",
        _events,
        takes=bodies.FindEvents,
        gives=answers.Events,
    ),
    post("/day/close", OVERSEERS, "Close the business date now.", days.close_now, gives="`{date, closed}`"),
    get("/overrides", STAFF, "Other hours than the week's, now and to come.", _overrides, gives=answers.Overrides),
    post(
        "/overrides",
        OVERSEERS,
        "Open or close site, gerai or service on some dates.",
        calendar.set_override,
        takes=bodies.NewOverride,
        gives="the override",
        status=(201,),
        codes=("unknown_gerai", "unknown_service"),
    ),
    post(
        "/overrides/preset",
        OVERSEERS,
        "Lay a week of hours (Friday prayer, Ramadan, regular) over some dates.",
        calendar.set_preset,
        takes=bodies.NewPreset,
        gives="`{items}`",
        status=(201,),
        codes=("unknown_gerai", "unknown_service"),
    ),
    post(
        "/overrides/<id:override>/end",
        OVERSEERS,
        "End an override.",
        calendar.end_override,
        gives="the override",
        codes=("already_ended", "unknown_override"),
    ),
    Route(
        "POST",
        "/floor",
        ADMINS,
        "Load a checked floor plan; what is gone is archived.",
        run=_load_floor,
        takes=bodies.FloorPlan,
        gives="`{added, changed, archived}`",
        codes=("site_mismatch",),
        most_bytes=PLAN_MAX_BYTES,
    ),
    get("/policy", STAFF, "The rules of calling as they are set.", _policy, gives="the rules"),
    post(
        "/policy",
        OVERSEERS,
        "Change rules of calling.",
        floors.set_policy,
        takes=bodies.NewPolicy,
        gives="the rules",
        codes=("invalid", "unknown_service"),
    ),
    get(
        "/floor/last-hour",
        OVERSEERS | {VIEWER, AGENCY_HEAD},
        "Numbers given and visits served in the last hour, beside the median of the last eight same weekdays; "
        "to an agency head, of its own gerai.",
        _last_hour,
        gives="`{from, to, arrivals, served, usual: {arrivals, served, days} | null}`",
    ),
    post(
        "/alerts/<code:alert>/ack",
        OVERSEERS,
        "Take an alert on, by name, until its cause is gone.",
        alerting.acknowledge,
        gives="`{key, by, at}`; who was first",
        codes=("unknown_alert",),
    ),
    post("/clock/confirm", OVERSEERS, "Believe the wall clock again.", clockwork.confirm_clock, gives="`{at}`"),
    get(
        "/reports/monthly",
        OVERSEERS | {AGENCY_HEAD},
        "The monthly report as JSON; to an agency head, of its own gerai.",
        _month,
        takes=bodies.OfMonth,
        gives="the report (definitions stand in it)",
        codes=("range_in_future",),
    ),
)
