"""Headers of every answer (reliability.md 7.4), fixed when the app is made; and the one that every question must have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from server.web.errors import WebRefusal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

#: of a PDF that a browser shows: Chrome's own viewer is a page with styles and an embedded part, which the
#: policy of pages forbids it; the file itself runs nothing
OF_A_PDF = "frame-ancestors 'none'"

ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), usb=(), serial=(), autoplay=(self), screen-wake-lock=(self)",
    ),
    ("X-Frame-Options", "DENY"),
)

#: only under https: a plain http page that isolates itself or pins https stops working
UNDER_HTTPS = (
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def install(app: Flask, secure: bool) -> None:
    """`secure`: the public address is https."""
    chosen = [*ALWAYS, *UNDER_HTTPS] if secure else [*ALWAYS]

    def dress(response: Response) -> Response:
        headers = response.headers
        if "Cache-Control" not in headers and not (request.endpoint or "").endswith("static"):
            headers["Cache-Control"] = "no-store"
        return response

    app.before_request(_refuse_hostless)
    app.after_request(dress)
    app.wsgi_app = _dressed(app.wsgi_app, chosen)  # type: ignore[method-assign] # Flask's own way to wrap


def _refuse_hostless() -> None:
    """A Host in every request of HTTP/1.1 (RFC 9112 section 3.2); gunicorn asks for at most one."""
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1" and "HTTP_HOST" not in request.environ:
        raise WebRefusal("bad_request")


def _dressed(application: Callable[..., Iterable[bytes]], chosen: list[tuple[str, str]]) -> Callable[..., Any]:
    """`application` with `chosen` on every answer that has no such header of its own. Below Flask, whose headers check each text again."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            own = {name for name, _ in headers}
            return start_response(status, headers + [pair for pair in chosen if pair[0] not in own], *failure)

        return application(environ, start)

    return answer
