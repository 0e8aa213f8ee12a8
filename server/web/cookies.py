"""The two cookies: who sits here (mpp_session) and which browser this is (mpp_browser).

Both are random ids of 256 bits; the server keeps only their sha256. Under an https
public address they carry Secure and the __Host- prefix; a hall on plain http could not
send such cookies at all (RFC 6265bis 4.1.3.2), so there they are HttpOnly and Strict only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Request, Response


def new_id() -> str:
    """256 random bits, 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Cookies:
    """Cookie names and flags for this site. `secure`: the public address is https."""

    secure: bool
    session_s: int
    browser_s: int

    @property
    def session_name(self) -> str:
        return "__Host-mpp_session" if self.secure else "mpp_session"

    @property
    def browser_name(self) -> str:
        return "__Host-mpp_browser" if self.secure else "mpp_browser"

    def session(self, request: Request) -> str | None:
        return _sane(request.cookies.get(self.session_name))

    def browser(self, request: Request) -> str | None:
        return _sane(request.cookies.get(self.browser_name))

    def set_session(self, response: Response, value: str) -> None:
        self._set(response, self.session_name, value, self.session_s)

    def set_browser(self, response: Response, value: str) -> None:
        self._set(response, self.browser_name, value, self.browser_s)

    def drop_session(self, response: Response) -> None:
        self._set(response, self.session_name, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", httponly=True, secure=self.secure, samesite="Strict"
        )


def _sane(value: str | None) -> str | None:
    """Only ids of the shape we give out reach a look-up."""
    if value and 22 <= len(value) <= 128 and value.isascii() and value.isprintable():
        return value
    return None
