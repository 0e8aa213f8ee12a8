"""One table from code to HTTP status, and every refusal as application/problem+json.

Titles are the sentences `error.<code>` of the texts: Indonesian, or English for a program
that asks for exactly that (`Accept-Language: en`). A browser's list of languages asks for
nothing: the hall's pages are Indonesian whatever the browser was installed in.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, render_template, request
from werkzeug.exceptions import HTTPException

from server.app.ask import Mismatch, StorageUnavailable
from server.domain.errors import CODES, RuleBroken
from server.web.wire import dumps

if TYPE_CHECKING:
    from server.app.house import House

log = logging.getLogger("mpp.web")

#: codes that only this room says -> what they mean (the domain's stand in domain/errors.py)
WEB_CODES: dict[str, str] = {
    "bad_json": "the body is not JSON",
    "idempotency_key_required": "this act needs an Idempotency-Key",
    "idempotency_key_invalid": "the Idempotency-Key is too long or holds more than plain letters, digits and signs",
    "idempotency_mismatch": "the key was used for another request",
    "unauthenticated": "no valid session, device or token",
    "csrf": "the X-CSRF-Token or the origin does not fit",
    "password_change_required": "the password must be changed first",
    "not_found": "no such address",
    "method_not_allowed": "the address does not take this method",
    "bad_image": "the file is no PNG or JPEG picture that can be used",
    "bad_medium": "the file is no picture or video that the displays can show; see errors[]",
    "too_large": "the body is larger than the limit",
    "unsupported_media_type": "the body must be application/json",
    "too_many": "too many requests; see Retry-After",
    "too_fast": "the kiosk's page takes numbers too fast; see Retry-After",
    "bad_request": "the request cannot be read",
    "internal": "an unexpected error; its id stands in the log",
    "storage_unavailable": "the database does not answer; see Retry-After",
    "not_ready": "the server is still starting",
    "no_voice": "the server cannot say this text now",
    "bad_template": "the text is no template of a slip; errors[] has every line",
    "no_preview": "the server cannot make the picture of a slip now",
}

_NOT_409: dict[str, int] = {
    "bad_json": 400,
    "bad_request": 400,
    "bad_template": 400,
    "idempotency_key_required": 400,
    "idempotency_key_invalid": 400,
    "unauthenticated": 401,
    "bad_login": 401,
    "forbidden": 403,
    "csrf": 403,
    "not_your_counter": 403,
    "password_change_required": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "expired_link": 410,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "low_contrast": 422,
    "range_backwards": 422,
    "range_too_long": 422,
    "range_in_future": 422,
    "too_many_rows": 422,
    "bad_image": 422,
    "bad_layout": 422,
    "bad_medium": 422,
    "weak_password": 422,
    "idempotency_mismatch": 422,
    "too_many": 429,
    "too_fast": 429,
    "locked": 429,
    "internal": 500,
    "storage_unavailable": 503,
    "not_ready": 503,
    "no_voice": 503,
    "no_preview": 503,
}


def _status(code: str) -> int:
    return 404 if code.startswith("unknown_") else _NOT_409.get(code, 409)


#: the one table: code -> HTTP status, for every code anyone may see
STATUS: dict[str, int] = {code: _status(code) for code in (*CODES, *WEB_CODES)}

#: seconds a caller should wait when nothing more exact is known
RETRY_AFTER_S = {"storage_unavailable": 2, "not_ready": 2, "no_voice": 60, "no_preview": 5, "too_many": 10, "too_fast": 2, "locked": 60}

_HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many",
}


def language(asked: Request) -> str:
    """'en' when the whole Accept-Language is one English tag, else 'id'."""
    wanted = asked.headers.get("Accept-Language", "")
    return "en" if wanted[:2] == "en" and "," not in wanted else "id"


def problem(house: House, code: str, facts: Mapping[str, Any] | None = None) -> Response:
    """The refusal `code` with its facts (plain values) as problem+json."""
    facts = facts or {}
    status = STATUS[code]
    texts = house.texts(language(request))
    title = texts.get(f"error.{code}") or CODES.get(code) or code
    if code == "invalid" and "errors" not in facts:
        why = texts.get(f"invalid.{facts.get('why', 'other')}", title)
        facts = {"errors": [{"field": str(facts.get("field", "")), "message": facts.get("message") or why}]}
    body = {**facts, "type": "about:blank", "title": title, "status": status, "code": code}
    answer = Response(dumps(body), status, content_type="application/problem+json")
    if code in RETRY_AFTER_S:
        answer.headers["Retry-After"] = str(_wait_s(house, code, facts))
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _wait_s(house: House, code: str, facts: Mapping[str, Any]) -> int:
    """Whole seconds until it is worth asking again, at least 1."""
    until = facts.get("until")
    wait_s: float = facts.get("retry_after_s", RETRY_AFTER_S[code])
    if isinstance(until, str):
        wait_s = (datetime.fromisoformat(until) - house.now()).total_seconds()
    return max(1, math.ceil(wait_s))


def refusal(house: House, broken: Exception) -> Response | None:
    """The answer to a refusal that was expected; None for anything else."""
    if isinstance(broken, RuleBroken):
        return problem(house, broken.code, broken.facts)
    if isinstance(broken, WebRefusal):
        return problem(house, broken.code, broken.facts)
    if isinstance(broken, Mismatch):
        return problem(house, "idempotency_mismatch")
    if isinstance(broken, StorageUnavailable):
        return problem(house, "storage_unavailable")
    return None


class WebRefusal(Exception):
    """A refusal of this room, before any act was asked. `code` is one of WEB_CODES or CODES."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def unexpected(house: House, error: BaseException) -> Response:
    """500 with an id that is also in the log, once, with the trace."""
    error_id = secrets.token_hex(6)
    # The rule, not the path: a path may hold a ticket's token.
    rule = request.url_rule.rule if request.url_rule else "an unknown address"
    log.error("unexpected error %s at %s %s", error_id, request.method, rule, exc_info=error)
    return problem(house, "internal", {"error_id": error_id})


def install(app: Flask, house: House) -> None:
    """Answer every exception of `app`."""

    def answer(error: Exception) -> Response:
        return told(house, _as_problem(house, error))

    app.register_error_handler(Exception, answer)


def _as_problem(house: House, error: Exception) -> Response:
    expected = refusal(house, error)
    if expected is not None:
        return expected
    if not isinstance(error, HTTPException):
        return unexpected(house, error)
    status = error.code or 500
    code = _HTTP_CODES.get(status, "bad_request" if status < 500 else "internal")
    found = problem(house, code)
    for name, value in error.get_headers(request.environ):
        if name == "Allow":
            found.headers[name] = value
    return found


def told(house: House, found: Response) -> Response:
    """problem+json under /api, a plain page elsewhere, and to a person who opened a file of the API in a tab."""
    is_page = not request.path.startswith("/api/") or "text/html" in request.headers.get("Accept", "")
    return _as_page(house, found) if is_page else found


def _as_page(house: House, found: Response) -> Response:
    """The same refusal for a person with a browser."""
    if found.mimetype != "application/problem+json":
        return found
    told = found.get_json()
    page = Response(render_template("web/error.html", problem=told), found.status_code, mimetype="text/html")
    for name in ("Retry-After", "Allow"):
        if name in found.headers:
            page.headers[name] = found.headers[name]
    return page
