"""Who is asking: a person, a device or a program; and whether a cookie may be believed.

Order of proof: `Authorization: Bearer` (a wrong one is never made good by a cookie), the key of
a display's simple page (`X-MPP-Key`), then
`X-MPP-Device` with the browser's cookie (a page that names its device acts as that device,
also while an officer is logged in beside it), then the session of a person.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Request

from server.app.vault import Program
from server.web.cookies import Cookies
from server.web.errors import WebRefusal
from server.web.idle import Idle
from server.web.limits import Limits
from server.web.roles import ANYONE
from server.web.wire import sha256

if TYPE_CHECKING:
    from server.app.house import House


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `csrf` is the token a cookie-carried POST must show; None: no cookie is used."""

    role: str
    actor: str
    username: str | None = None
    name: str = ""
    device: str | None = None
    gerai: frozenset[str] = frozenset()
    csrf: str | None = None
    must_change: bool = False
    session_hash: str | None = None


#: a request that proves nothing
STRANGER = Caller(role=ANYONE, actor="anyone")


@dataclass(frozen=True)
class Gate:
    """What the door needs to know of this site; one per app, handed to every route."""

    house: House
    cookies: Cookies
    limits: Limits
    idle: Idle
    public_url: str

    def caller(self, request: Request) -> Caller:
        """Who this request proves to come from; STRANGER when it proves nothing."""
        bearer = request.headers.get("Authorization")
        if bearer is not None:
            return self.bearer(bearer)
        key = request.headers.get("X-MPP-Key")
        if key is not None:
            return self.key(key)
        code = request.headers.get("X-MPP-Device")
        if code:
            return self.device(request, code)
        return self.person(request)

    def person(self, request: Request) -> Caller:
        """The person whose session cookie this is, if the session still lives."""
        session_id = self.cookies.session(request)
        found = self.house.vault.session(session_id) if session_id else None
        if found is None or not self.idle.awake(found.session_hash, self.house.now()):
            return STRANGER
        return Caller(
            role=found.role,
            actor=f"user:{found.username}",
            username=found.username,
            name=found.name,
            gerai=found.gerai,
            csrf=found.csrf,
            must_change=found.must_change,
            session_hash=found.session_hash,
        )

    def device(self, request: Request, code: str) -> Caller:
        """The device `code` if this browser holds it."""
        browser_id = self.cookies.browser(request)
        browser = self.house.vault.browser(browser_id) if browser_id else None
        held = browser.devices.get(code) if browser else None
        if held is None or browser_id is None:
            return STRANGER
        return Caller(
            role=held.kind, actor=f"device:{held.code}", device=held.code, csrf=browser_csrf(browser_id)
        )

    def key(self, key: str) -> Caller:
        """The display whose simple page shows this key. It opens what a display may read, and its report."""
        found = self.house.vault.key(key)
        return Caller(found.kind, f"device:{found.code}", device=found.code) if found else STRANGER

    def bearer(self, header: str) -> Caller:
        """The device or program whose token stands in an Authorization header."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return STRANGER
        found = self.house.vault.token(token.strip())
        if found is None:
            return STRANGER
        if isinstance(found, Program):
            return Caller(role=found.kind, actor=found.actor, name=found.name)
        return Caller(role=found.kind, actor=f"device:{found.code}", device=found.code)


def browser_csrf(browser_id: str | None) -> str:
    """The token of a browser's own pages: only who can read the cookie can make it."""
    if not browser_id:
        return ""
    return hashlib.sha256(b"mpp csrf\0" + browser_id.encode()).hexdigest()


def browser_hash(gate: Gate, request: Request) -> str | None:
    browser_id = gate.cookies.browser(request)
    return sha256(browser_id) if browser_id else None


def check_origin(gate: Gate, request: Request) -> None:
    """Refuse (`csrf`) an unsafe request that a browser says comes from another site.

    Programs send neither header. `Origin: null` (a sandboxed frame, a page without
    referrer) is believed only when Sec-Fetch-Site says it is our own page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        raise WebRefusal("csrf")
    origin = request.headers.get("Origin")
    if origin is None or site == "same-origin":
        return
    if origin.partition("://")[2] != request.host and origin != gate.public_url:
        raise WebRefusal("csrf")


def check_csrf(gate: Gate, request: Request, caller: Caller) -> None:
    """Refuse (`csrf`) an unsafe request carried by a cookie without its token."""
    if caller.csrf is None:
        return
    check_origin(gate, request)
    shown = request.headers.get("X-CSRF-Token", "")
    if not caller.csrf or not hmac.compare_digest(shown.encode(), caller.csrf.encode()):
        raise WebRefusal("csrf")
