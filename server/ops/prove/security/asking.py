"""Requests of an attacker and of honest people: every status is an answer, none is an exception."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

API = "/api/v1"
TIMEOUT_S = 20.0

Address = tuple[str, int]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The stable code of a refusal; "" when it is none."""
        return str(self.json.get("code", "")) if self.status >= 400 and isinstance(self.json, dict) else ""

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


def ask(address: Address, method: str, path: str, headers: Mapping[str, str] | None = None, body: object = None) -> Answer:
    """One request on a connection of its own; `path` as it is. A POST has a key of its own and a JSON body."""
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT_S)
    sent = dict(headers or {})
    payload = None
    if method == "POST":
        payload = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        sent = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex, **sent}
    try:
        connection.request(method, path, payload, sent)
        told = connection.getresponse()
        content = told.read()
        return Answer(told.status, dict(told.getheaders()), content, _cookies(told.headers.get_all("Set-Cookie") or []))
    finally:
        connection.close()


def _cookies(lines: list[str]) -> dict[str, str]:
    """What the server set: name -> value."""
    pairs = (line.partition(";")[0].partition("=") for line in lines)
    return {name: value for name, _, value in pairs}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def raw(address: Address, data: bytes, wait_s: float) -> bytes:
    """Send bytes as they are and half-close; what the server says until it closes or `wait_s` is over."""
    got = b""
    with socket.create_connection(address, TIMEOUT_S) as sock:
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(wait_s)
            while part := sock.recv(65536):
                got += part
        except OSError:  # closed in the middle of what we say, or silent: both are answers
            pass
    return got


def statuses(said: bytes) -> list[int]:
    """The status of every answer in what a connection said."""
    found = []
    while said.startswith(b"HTTP/1."):
        head, _, rest = said.partition(b"\r\n\r\n")
        found.append(int(head[9:12]))
        lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        said = rest[int(lengths[0]):] if lengths else b""
    return found
