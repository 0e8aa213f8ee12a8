"""One keep-alive HTTP connection of one program or person, with the retries a good client has.

Every acting POST carries a key made for the wish, so that asking again is always safe. On
request replies are lost: the connection is cut after the wish was sent, and it is asked again.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

from server.simulate.record import Record

API = "/api/v1"
LOGIN = "/login"
TIMEOUT_S = 30.0
TRIES = 10
#: pause before asking again, real seconds; it doubles up to the longest
PAUSE_S, PAUSE_MAX_S = 0.05, 2.0
_BUSY = (429, 503)
#: a connection idle for longer is made anew, before the server closes it (after 15 s)
IDLE_S = 10.0


class Unsettled(Exception):
    """No answer after all tries: whether the wish was fulfilled is not known."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The refusal's stable code; empty when it is none."""
        return str(self.body.get("code", "")) if self.status >= 400 and isinstance(self.body, dict) else ""

    @property
    def replayed(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"


@dataclass
class Proof:
    """What is shown with each request: a token, or a session's cookie and CSRF token."""

    actor: str
    headers: dict[str, str] = field(default_factory=dict)


class Wire:
    """For one thread at a time. `kind` of a call names the latency it is counted under."""

    def __init__(
        self, url: str, proof: Proof, record: Record, lose: float = 0.0, rng: Random | None = None
    ) -> None:
        parts = urlsplit(url)
        self._where = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._connection: http.client.HTTPConnection | None = None
        self._record = record
        self._lose, self._rng = lose, rng or Random(0)
        self._turn = threading.RLock()
        #: proves anew who this is when the session has ended; None: nothing to renew
        self.renew: Callable[[], None] | None = None
        self._used_s = 0.0
        self.proof = proof

    def get(self, path: str, kind: str = "look") -> Reply:
        return self._settle("GET", path, None, {}, kind)

    def post(self, path: str, body: Mapping[str, Any], kind: str = "act", key: str | None = None) -> Reply:
        """Ask for an act, under a new key if none is given."""
        headers = {"Idempotency-Key": key or new_key(), "Content-Type": "application/json"}
        return self._settle("POST", path, json.dumps(body).encode(), headers, kind)

    def post_raw(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Exactly these bytes and headers beside the proof: for bad input."""
        return self._settle("POST", path, body, dict(headers), "act")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _settle(self, method: str, path: str, body: bytes | None, headers: dict[str, str], kind: str) -> Reply:
        with self._turn:
            reply = self._insist(method, path, body, headers, kind)
            if reply.status == 401 and self.renew is not None and path != LOGIN:
                self.renew()
                reply = self._insist(method, path, body, headers, kind)
            return reply

    def _insist(self, method: str, path: str, body: bytes | None, headers: dict[str, str], kind: str) -> Reply:
        pause_s = PAUSE_S
        for tried in range(TRIES):
            loses = method == "POST" and "Idempotency-Key" in headers and self._rng.random() < self._lose
            try:
                reply = self._once(method, path, body, headers, kind, loses and tried < TRIES // 2)
            except (OSError, http.client.HTTPException):
                self.close()
                self._record.retried()
            else:
                if reply is not None and reply.status not in _BUSY:
                    return reply
                if reply is not None:
                    pause_s = min(PAUSE_MAX_S, float(reply.headers.get("retry-after", pause_s)))
            if not loses:
                _rest(pause_s)
                pause_s = min(PAUSE_MAX_S, pause_s * 2)
        raise Unsettled(f"{method} {path}")

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is not None and time.perf_counter() - self._used_s > IDLE_S:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._where, timeout=TIMEOUT_S)
            self._connection.connect()
        return self._connection

    def _once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], kind: str, loses: bool
    ) -> Reply | None:
        connection = self._open()
        began_s = self._used_s = time.perf_counter()
        connection.request(method, API + path, body, {**self.proof.headers, **headers})
        if loses:
            self._record.lost()
            self.close()
            return None
        answer = connection.getresponse()
        raw = answer.read()
        self._record.took(kind, time.perf_counter() - began_s)
        told: dict[str, str] = {}
        for name, value in answer.getheaders():
            told[name.lower()] = f"{told[name.lower()]}\n{value}" if name.lower() in told else value
        reply = Reply(answer.status, json.loads(raw) if raw else None, told)
        if answer.will_close:
            self.close()
        if reply.status >= 500 and reply.status not in _BUSY:
            self._record.break_promise("HTTP", f"{method} {path}: {reply.status} {reply.body}")
        if reply.replayed:
            self._record.replayed()
        return reply


def new_key() -> str:
    """A key for one wish; random, so that a seed played twice is two days and not one."""
    return uuid.uuid4().hex


def _rest(duration_s: float) -> None:
    threading.Event().wait(duration_s)


def bearer(url: str, actor: str, token: str, record: Record, **more: Any) -> Wire:
    """The wire of a device or a program."""
    return Wire(url, Proof(actor, {"Authorization": f"Bearer {token}"}), record, **more)


def log_in(url: str, username: str, password: str, record: Record, **more: Any) -> Wire:
    """The wire of a person, who logs in again when the session ends. Raises Unsettled when refused."""
    wire = Wire(url, Proof(f"user:{username}"), record, **more)
    raw = json.dumps({"username": username, "password": password}).encode()

    def prove() -> None:
        wire.proof.headers.clear()
        reply = wire.post_raw(LOGIN, raw, {"Content-Type": "application/json"})
        if reply.status != 200:
            raise Unsettled(f"login {username}: {reply.status} {reply.code}")
        cookies = reply.headers.get("set-cookie", "").splitlines()
        cookie = next((line.partition(";")[0] for line in cookies if "mpp_session=" in line), "")
        wire.proof.headers.update({"Cookie": cookie, "X-CSRF-Token": reply.body["csrf"]})

    prove()
    wire.renew = prove
    return wire
