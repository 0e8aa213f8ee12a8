"""The rows of the administrator: the floor plan row by row, notices, and how the hall looks."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response

from server.app import branding, notices, plan_edits, plan_rows, plan_toml
from server.app.ask import Answer
from server.web import bodies_admin
from server.web.auth import Gate
from server.web.errors import WebRefusal
from server.web.logos import clean_logo
from server.web.roles import ADMINS, OVERSEERS, STAFF
from server.web.route import Asked, Route, get, post

#: a logo in base64, and the braces around it
LOGO_MAX_BYTES = bodies_admin.LOGO_MAX_CHARS + 1000
_SHA = re.compile(r"[0-9a-f]{64}")
_TOML = "application/toml"
_EDITED = ("changed_meanwhile", "invalid")


def _plan(asked: Asked) -> Any:
    return asked.read(plan_rows.read_plan)


def _floor_toml(asked: Asked) -> Response:
    text = asked.read(lambda reads: plan_toml.plan_toml(plan_rows.plan_of(reads)))
    response = Response(text, content_type=f"{_TOML}; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="denah.toml"'
    return response


def _edit_site(asked: Asked) -> Answer:
    """The name stands in every page's title, which the house keeps."""
    answer = asked.act(plan_edits.edit_site, **asked.given)
    asked.gate.house.site_name = asked.read(lambda reads: reads.floors.current().site.name)
    return answer


def _notices(asked: Asked) -> Any:
    return {"items": asked.read(notices.notices), "next": None}


def _branding(asked: Asked) -> Any:
    return asked.read(branding.branding)


def _address(asked: Asked) -> Any:
    return asked.read(branding.read_address)


def _set_logo(asked: Asked) -> Answer:
    png = asked.gate.house.slow(clean_logo, asked.given["image"])
    return asked.act(branding.set_logo, png=png, version=asked.given.get("version"))


def install(app: Flask, gate: Gate) -> None:
    """The logo's own address, by the SHA-256 of its bytes: it never changes, so it may be kept."""

    @app.get("/brand/<name>.png")
    def logo(name: str) -> Response:
        png = gate.house.read(branding.logo, sha=name) if _SHA.fullmatch(name) else None
        if png is None:
            raise WebRefusal("not_found")
        response = Response(png, mimetype="image/png")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


_PLAN = (
    get("/plan", OVERSEERS, "The floor plan in force, each row with its version.", _plan, gives="the plan's rows"),
    get("/floor.toml", OVERSEERS, "The floor plan as the file that `mpp floor load` reads.", _floor_toml, gives="TOML", type=_TOML),
    Route(
        "POST",
        "/site",
        ADMINS,
        "Change the site's name, address and the like.",
        run=_edit_site,
        takes=bodies_admin.EditSite,
        gives="the row with its new version",
        codes=_EDITED,
    ),
    post(
        "/gerai/<code:gerai>",
        ADMINS,
        "Change a gerai's name, place, hours or cut-off.",
        plan_edits.edit_gerai,
        takes=bodies_admin.EditGerai,
        gives="the row with its new version",
        codes=(*_EDITED, "unknown_gerai"),
    ),
    post(
        "/gerai/<code:gerai>/archive",
        ADMINS,
        "Take a gerai out of the plan with its services and counters.",
        plan_edits.archive_gerai,
        takes=bodies_admin.OfRow,
        gives="`{gerai, name, services, counters}`",
        codes=("changed_meanwhile", "still_used", "unknown_gerai"),
    ),
    post(
        "/gerai/<code:gerai>/restore",
        ADMINS,
        "Bring an archived gerai back with its services and counters.",
        plan_edits.restore_gerai,
        gives="`{gerai, name, services, counters}`",
        codes=("unknown_gerai",),
    ),
    post(
        "/services/<code:service>",
        ADMINS,
        "Change a service's texts, standard, quota, hours or cut-off.",
        plan_edits.edit_service,
        takes=bodies_admin.EditService,
        gives="the row with its new version",
        codes=(*_EDITED, "unknown_service"),
    ),
    post(
        "/services/<code:service>/archive",
        ADMINS,
        "Take a service out of the plan.",
        plan_edits.archive_service,
        takes=bodies_admin.OfRow,
        gives="`{service, gerai, name}`",
        codes=("changed_meanwhile", "still_used", "last_service", "unknown_service"),
    ),
    post(
        "/services/<code:service>/restore",
        ADMINS,
        "Bring an archived service back to its gerai.",
        plan_edits.restore_service,
        gives="`{service, gerai, name}`",
        codes=("unknown_service", "unknown_gerai"),
    ),
)

_LOOK = (
    get("/notices", STAFF, "Words that run on the displays, now and to come.", _notices, gives="`{items, next}`"),
    post(
        "/notices",
        OVERSEERS,
        "Let words run on the displays of the hall or of a zone.",
        notices.add_notice,
        takes=bodies_admin.NewNotice,
        gives="the notice",
        status=(201,),
        codes=("too_many_notices",),
    ),
    post(
        "/notices/<id:notice>/end",
        OVERSEERS,
        "Take words off the displays.",
        notices.end_notice,
        gives="the notice",
        codes=("already_ended", "unknown_notice"),
    ),
    get("/branding", STAFF, "The hall's main colour and logo.", _branding, gives="`{color, dark, soft, logo, version}`"),
    post(
        "/branding",
        ADMINS,
        "Use another main colour; one that is hard to read is refused with its contrast.",
        branding.set_color,
        takes=bodies_admin.NewColor,
        gives="`{color, dark, soft, logo, version}`",
        codes=("changed_meanwhile", "low_contrast"),
    ),
    Route(
        "POST",
        "/branding/logo",
        ADMINS,
        "Use this picture as the logo; it is checked and made anew.",
        run=_set_logo,
        takes=bodies_admin.NewLogo,
        gives="`{color, dark, soft, logo, version}`",
        codes=("bad_image", "changed_meanwhile", "too_large"),
        most_bytes=LOGO_MAX_BYTES,
    ),
    get(
        "/branding/address",
        ADMINS,
        "The address that phones open, and whose word it is.",
        _address,
        gives="`{url, own, settings, version}`",
    ),
    post(
        "/branding/address",
        ADMINS,
        "Let phones open this address; null: the one of the settings file, if it has one.",
        branding.set_address,
        takes=bodies_admin.NewAddress,
        gives="`{url, own, settings, version}`",
        codes=_EDITED,
    ),
    post(
        "/branding/logo/remove",
        ADMINS,
        "Use no logo.",
        branding.remove_logo,
        takes=bodies_admin.AsRead,
        gives="`{color, dark, soft, logo, version}`",
        codes=("changed_meanwhile",),
    ),
)

ROUTES: tuple[Route, ...] = (*_PLAN, *_LOOK)
