"""The Flask app of one house: nothing is made at import, nothing is global."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter

from server.web import errors, headers, metrics, own_pages, pages, routes_admin, routes_screens, speech, styleguide
from server.web.auth import Gate
from server.web.cookies import Cookies
from server.web.fields import ID_MAX
from server.web.idle import Idle
from server.web.limits import Limits
from server.web.pace import Pace, Rule
from server.web.route import serve
from server.web.routes import ROUTES

if TYPE_CHECKING:
    from server.app.house import House

_SHARED = Path(__file__).resolve().parent.parent / "shared"


class _App(Flask):
    """Flask without coroutines: no view or hook of ours is one, so none need be looked at on each call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class Id(BaseConverter):
    """A row's id; what cannot be one becomes 0, which no row has, so the app says unknown."""

    regex = r"[^/]{1,40}"

    def to_python(self, value: str) -> int:
        number = int(value) if value.isascii() and value.isdecimal() else 0
        return number if number <= ID_MAX else 0


class Code(BaseConverter):
    """A code in an address: letters, digits and the marks that codes may hold."""

    regex = r"[A-Za-z0-9._-]{1,60}"


def _rule_of(house: House) -> Callable[[str], Rule]:
    """A kiosk's own rule, as an administrator gave it; else the settings'."""

    def rule_of(code: str) -> Rule:
        device = house.vault.device(code)
        own = device.pace if device else None
        return Rule(**own) if own else Rule(*house.settings.kiosk.rule_of(code))

    return rule_of


def gate_of(house: House) -> Gate:
    """The door's own state, from the house's settings."""
    settings = house.settings
    security, url = settings.security, settings.public.url.rstrip("/")
    cookies = Cookies(
        secure=url.startswith("https://"),
        session_s=security.session_hours * 3600,
        browser_s=security.device_days * 86400,
    )
    limits = Limits(security.login_per_minute, security.public_per_minute, security.program_per_second, security.kiosk_token_per_second, Pace(_rule_of(house)))
    return Gate(house, cookies, limits, Idle(security.idle_minutes), url)


def make_app(house: House, faces: Sequence[str] = ()) -> Flask:
    """The app that serves `house`.

    `faces`: packages with a module `face` whose `face(house)` is a blueprint; they are
    named by whoever wires the house, so that this room knows none of them.
    """
    app = _App("server.web", static_folder=None, root_path=str(Path(__file__).parent))
    app.config["MAX_CONTENT_LENGTH"] = house.settings.server.max_body_bytes
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # the default provider has it
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    app.url_map.converters.update(id=Id, code=Code)
    gate = gate_of(house)
    app.extensions["mpp_gate"] = gate
    metrics.install(app, house)
    headers.install(app, gate.cookies.secure)
    errors.install(app, house)
    pages.install(app, gate)
    app.register_blueprint(_shared())
    app.register_blueprint(_own())
    for route in ROUTES:
        app.add_url_rule(route.path, route.endpoint.replace(".", "-"), serve(route, gate), methods=[route.method])
    own_pages.install(app, gate, ROUTES)
    routes_admin.install(app, gate)
    routes_screens.install(app, gate)
    speech.install(app, gate)
    styleguide.install(app, _SHARED / "static")
    for package in faces:
        app.register_blueprint(importlib.import_module(f"{package}.face").face(house))
    return app


def _shared() -> Blueprint:
    """What the faces share: server/shared holds no code, so its door is here."""
    return Blueprint(
        "shared",
        "server.shared",
        root_path=str(_SHARED),
        static_folder="static",
        static_url_path="/shared",
        template_folder="templates",
    )


def _own() -> Blueprint:
    return Blueprint("web", "server.web", static_folder="static", static_url_path="/web/-")
