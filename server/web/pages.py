"""What every page gets before it is drawn: who looks, its texts, its assets, its browser.

A page of a device (/kiosk/K1) is looked at as that device if this browser holds it; any
other page as the person logged in. Every page load renews the browser's cookie. A link with
`?enrol=TOKEN` binds the device to this browser; it is the one GET that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.app import branding, devices
from server.app.ask import Ask
from server.app.snapshot import Brand
from server.app.vault import Device
from server.web import assets, speech
from server.web.auth import STRANGER, Caller, Gate, browser_csrf
from server.web.cookies import new_id
from server.web.errors import WebRefusal
from server.web.wire import sha256

if TYPE_CHECKING:
    from server.app.house import House

#: first part of the path -> kind of device that its pages are
DEVICE_PAGES = {"kiosk": "kiosk", "display": "display"}


def install(app: Flask, gate: Gate) -> None:
    """Prove who looks before a page, and give templates what they need."""
    asset = assets.install(app)

    def before() -> AnyResponse | None:
        if not _is_page():
            return None
        g.browser_id = gate.cookies.browser(request) or new_id()
        g.device_code = _device_code()
        token = request.args.get("enrol")
        if token and g.device_code:
            return _enrol(gate, token, g.device_code)
        g.principal = gate.device(request, g.device_code) if g.device_code else gate.person(request)
        return None

    def after(response: Response) -> Response:
        if "browser_id" in g and response.status_code < 400:
            gate.cookies.set_browser(response, g.browser_id)
        return response

    def context() -> dict[str, Any]:
        return _context(gate, asset)

    app.before_request(before)
    app.after_request(after)
    app.context_processor(context)


def _is_page() -> bool:
    endpoint = request.endpoint
    if endpoint is None or request.method != "GET" or endpoint.endswith("static"):
        return False
    return not request.path.startswith(("/api/", "/metrics", "/healthz", "/readyz", "/openapi.json", "/audio/", "/speech", "/media/"))


def _device_code() -> str | None:
    kind = request.path.split("/", 2)[1]
    if kind not in DEVICE_PAGES:
        return None
    code: str | None = (request.view_args or {}).get("code")
    return code


def _enrol(gate: Gate, token: str, code: str) -> AnyResponse:
    """Bind the token's device to this browser, then show the page without the token."""
    found = gate.house.vault.token(token)
    kind = DEVICE_PAGES[request.path.split("/", 2)[1]]
    if not isinstance(found, Device) or (found.kind, found.code) != (kind, code):
        raise WebRefusal("unauthenticated")
    browser = gate.house.vault.browser(g.browser_id)
    if browser is None or code not in browser.devices:
        ask = Ask(actor=f"device:{code}", now=gate.house.now(), role=kind, device=code)
        gate.house.act(devices.bind_browser, ask, code=code, browser_hash=sha256(g.browser_id))
    return redirect(request.path, 303)


def principal() -> Caller:
    """Who looks at this page (STRANGER when nobody is proven)."""
    found: Caller = g.get("principal", STRANGER)
    return found


def _context(gate: Gate, asset: assets.Assets) -> dict[str, Any]:
    house, who = gate.house, principal()
    lang: str = g.get("lang", "id")
    texts = house.texts(lang)
    code = g.get("device_code")
    return {
        "lang": lang,
        "t": Told(texts),
        "texts": lambda prefixes: {one: told for one in house.languages if (told := chosen(house.texts(one), prefixes))},
        "asset": asset,
        "csrf": browser_csrf(g.get("browser_id")) if code else who.csrf or "",
        "principal": who,
        "device": code or "",
        "enrolled": code is not None and who.device == code,
        "site_name": house.site_name,
        "brand": lambda: _look(house),
        "simulated": house.simulated,
        "speech": speech.PATH if house.voice is not None and house.voice.ready else "",
    }


def _look(house: House) -> dict[str, Any]:
    """How the hall looks; plain when that cannot be read, for the page that says so is drawn as well."""
    try:
        return dict(house.read(branding.branding))
    except Exception:  # whatever it was is said by the page, or was logged by it
        return branding.told(Brand())


class Told:
    """`t(key, **values)` of templates; a key nobody wrote shows itself."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: Any) -> str:
        sentence = self._texts.get(key, key)
        for name, value in values.items():
            sentence = sentence.replace("{" + name + "}", str(value))
        return sentence


def chosen(texts: Mapping[str, str], prefixes: Iterable[str]) -> dict[str, str]:
    """The texts a page asked for by prefix."""
    wanted = tuple(prefixes)
    return {key: text for key, text in texts.items() if key.startswith(wanted)}
