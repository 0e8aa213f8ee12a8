"""One declared row per route, and the one way every row is answered.

A row names method, rule, who may call, the body or query model, and either an act, a read
or a function of its own. The same rows make Flask's rules, the OpenAPI document, the page
/api and the test that walks every route with every role.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response, g, request
from pydantic import BaseModel, ValidationError

from server.app.ask import Answer, Ask
from server.web import auth, wire
from server.web.auth import Caller, Gate
from server.web.errors import WebRefusal, refusal, told
from server.web.mistakes import in_words
from server.web.roles import AGENCY_HEAD, ANYONE

PREFIX = "/api/v1"

#: longest Idempotency-Key, in printable ASCII characters
KEY_MAX = 100

#: paths a person may use before a required change of password
BEFORE_PASSWORD = frozenset({f"{PREFIX}/me", f"{PREFIX}/password", f"{PREFIX}/logout"})


@dataclass(frozen=True)
class Asked:
    """One request, proven and checked: what a row's own function gets."""

    gate: Gate
    caller: Caller
    args: Mapping[str, Any]
    given: Mapping[str, Any]
    key: str | None
    fingerprint: str | None

    @property
    def own(self) -> frozenset[str] | None:
        """The gerai an agency head is kept to; None: whoever else asks sees the hall."""
        return self.caller.gerai if self.caller.role == AGENCY_HEAD else None

    def ask(self) -> Ask:
        """The wish as the app takes it; the clock is read here, once."""
        caller = self.caller
        return Ask(
            actor=caller.actor,
            now=self.gate.house.now(),
            key=self.key,
            fingerprint=self.fingerprint,
            role=caller.role,
            gerai=caller.gerai,
            device=caller.device,
            username=caller.username,
            token=secrets.token_urlsafe(16),
        )

    def act(self, act: Callable[..., Answer], **arguments: Any) -> Answer:
        return self.gate.house.act(act, self.ask(), **arguments)

    def read(self, read: Callable[..., Any], **arguments: Any) -> Any:
        return self.gate.house.read(read, **arguments)


@dataclass(frozen=True)
class Route:
    """A row. Exactly one of `act` (called in the writer with URL and body fields), and
    `run` (a function of this room: Asked -> Answer, Response or a plain JSON value)."""

    method: str
    rule: str
    who: frozenset[str]
    says: str
    act: Callable[..., Answer] | None = None
    run: Callable[[Asked], Any] | None = None
    takes: type[BaseModel] | None = None
    gives: type[BaseModel] | str = ""
    #: the content type of what it gives
    type: str = "application/json"
    status: tuple[int, ...] = (200,)
    codes: tuple[str, ...] = ()
    key_required: bool = False
    #: fields never part of the stored fingerprint (a fast hash of a password is a leak)
    secret: frozenset[str] = frozenset()
    most_bytes: int | None = None
    #: the body is a file that `run` reads by pieces; `takes` is what stands behind the question mark
    streams: bool = False
    #: False: no proof is looked at, so no cookie can be abused (log-in, enrolment), and no
    #: key is kept either, for strangers would share each other's
    proven: bool = field(default=True)

    @property
    def path(self) -> str:
        return PREFIX + self.rule

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_unsafe(self) -> bool:
        return self.method not in {"GET", "HEAD"}


def get(rule: str, who: frozenset[str], says: str, run: Callable[[Asked], Any], **more: Any) -> Route:
    return Route("GET", rule, who, says, run=run, **more)


def post(rule: str, who: frozenset[str], says: str, act: Callable[..., Answer], **more: Any) -> Route:
    """A POST that is one act of the app."""
    return Route("POST", rule, who, says, act=act, **more)


def serve(route: Route, gate: Gate) -> Callable[..., Response]:
    """Flask's view for a row: prove, check, call, answer."""
    run = route.run or _run_act(route)

    def view(**args: Any) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined] # not by way of the proxy each time
        try:
            caller = _caller(route, gate, asked)
            given, key, mark = _given(route, gate, asked)
            return reply(run(Asked(gate, caller, args, given, key, mark)))
        except Exception as broken:
            answer = refusal(gate.house, broken)
            if answer is None:
                raise
            return told(gate.house, answer)

    return view


def _run_act(route: Route) -> Callable[[Asked], Answer]:
    act = route.act
    if act is None:
        raise ValueError(f"{route.endpoint} does nothing")

    def run(asked: Asked) -> Answer:
        return asked.act(act, **asked.args, **asked.given)

    return run


def _caller(route: Route, gate: Gate, asked: Request) -> Caller:
    """Who asks, if the row lets them; raises unauthenticated, forbidden, csrf."""
    caller = gate.caller(asked) if route.proven else auth.STRANGER
    g.principal = caller
    if caller.role not in route.who and ANYONE not in route.who:
        raise WebRefusal("unauthenticated" if caller.role == ANYONE else "forbidden")
    if route.is_unsafe:
        if route.proven:
            auth.check_csrf(gate, asked, caller)
        else:
            auth.check_origin(gate, asked)
    if caller.must_change and route.path not in BEFORE_PASSWORD:
        raise WebRefusal("password_change_required")
    if caller.device is not None:
        gate.house.presence.seen(caller.role, caller.device)
    return caller


def _given(
    route: Route, gate: Gate, asked: Request
) -> tuple[dict[str, Any], str | None, str | None]:
    """The row's checked body or query, the key and the fingerprint."""
    if not route.is_unsafe:
        return _checked(route, gate, asked.args.to_dict()) if route.takes else {}, None, None
    body = asked.args.to_dict() if route.streams else _body(route, asked)
    given = _checked(route, gate, body) if route.takes else {}
    key = _key(route, asked)
    if key is None or not route.proven:
        return given, None, None
    told = {name: value for name, value in body.items() if name not in route.secret}
    return given, key, wire.fingerprint(asked.method, asked.path, told)


def _body(route: Route, asked: Request) -> dict[str, Any]:
    """The JSON object sent, {} for an empty body; raises too_large, bad_json and the like."""
    if route.most_bytes is not None:
        asked.max_content_length = route.most_bytes
    raw = asked.get_data(cache=False)
    if asked.content_length is None and len(raw) >= (asked.max_content_length or len(raw) + 1):
        raise WebRefusal("too_large")  # a chunked body was cut at the limit
    if not raw:
        return {}
    if asked.mimetype != wire.JSON:
        raise WebRefusal("unsupported_media_type")
    try:
        body = wire.loads(raw)
    except ValueError:
        raise WebRefusal("bad_json") from None
    if not isinstance(body, dict):
        raise WebRefusal("bad_json")
    return body


def _checked(route: Route, gate: Gate, raw: dict[str, Any]) -> dict[str, Any]:
    """The fields given, as the model understands them; raises invalid with errors[]."""
    model = route.takes
    if model is None:
        return {}
    try:
        checked = model.__pydantic_validator__.validate_python(raw)
    except ValidationError as mistakes:
        raise WebRefusal("invalid", errors=in_words(gate.house, request, mistakes)) from None
    values = checked.__dict__
    return {name: _plain(values[name]) for name in checked.model_fields_set}


def _plain(value: Any) -> Any:
    """Models inside a model, as the dicts they came from."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _key(route: Route, asked: Request) -> str | None:
    key = asked.headers.get("Idempotency-Key")
    if key is None or key == "":
        if route.key_required:
            raise WebRefusal("idempotency_key_required")
        return None
    if len(key) > KEY_MAX or not (key.isascii() and key.isprintable()):
        raise WebRefusal("idempotency_key_invalid", max_length=KEY_MAX)
    return key


def reply(result: Any) -> Response:
    """What a row gave, as a response. Personal: never stored by a cache."""
    if isinstance(result, Response):
        return result
    if not isinstance(result, Answer):
        return Response(wire.dumps(result), 200, content_type=wire.JSON)
    if result.status == 204 or (result.body is None and result.text is None):
        answer = Response(status=204)
        answer.headers.remove("Content-Type")
    else:
        payload = wire.dumps(result.body) if result.text is None else result.text.encode()
        answer = Response(payload, result.status, content_type=wire.JSON)
    if result.replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
