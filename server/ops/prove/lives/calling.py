"""Everybody who presses in a hall of the proof, over HTTP; what was not answered is asked again under the same key."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.ops.bench.people import Refused

API = "/api/v1"
TIMEOUT_S, PAUSE_S = 30.0, 0.02
TRIES_MAX = 6000


class Unanswered(Exception):
    """Cut off, refused, or told to come again: what happened is not known."""


@dataclass(frozen=True)
class Told:
    """An answer. `replayed`: the server said that it had given it before."""

    status: int
    body: Any
    replayed: bool


class Caller:
    """`headers`: who -> what proves it."""

    def __init__(self, address: tuple[str, int], headers: Mapping[str, Mapping[str, str]]) -> None:
        self._address, self._headers = address, headers

    def get(self, path: str, who: str | None = None) -> int:
        """The status of a look."""
        return self._request("GET", path, self._headers[who] if who else {}, None)[0]

    def ask(self, who: str, path: str, body: Mapping[str, Any], key: str) -> Told:
        """One act. Raises Unanswered; 503 is one, for it asks to come again."""
        headers = {**self._headers[who], "Content-Type": "application/json", "Idempotency-Key": key}
        status, text, given = self._request("POST", API + path, headers, json.dumps(body))
        if status == 503:
            raise Unanswered(text)
        return Told(status, json.loads(text) if text else None, given.get("Idempotent-Replayed") == "true")

    def until_answered(self, who: str, path: str, body: Mapping[str, Any], key: str) -> tuple[Told, int]:
        """(the answer, tries). Raises Unanswered after TRIES_MAX."""
        for tries in range(1, TRIES_MAX + 1):
            try:
                return self.ask(who, path, body, key), tries
            except Unanswered:
                time.sleep(PAUSE_S)
        raise Unanswered(f"{path}: not answered {TRIES_MAX} times")

    def must(self, who: str, path: str, body: Mapping[str, Any]) -> Any:
        """The body of what has to work. Raises Refused."""
        told = self.ask(who, path, body, f"must-{time.monotonic_ns()}")
        if told.status >= 300:
            raise Refused(f"{path}: {told.status} {told.body}")
        return told.body

    def log_in(self, username: str, password: str) -> dict[str, str]:
        """The headers of a session: cookie and CSRF token. Raises Refused."""
        body = json.dumps({"username": username, "password": password})
        status, text, given = self._request("POST", f"{API}/login", {"Content-Type": "application/json"}, body)
        if status != 200:
            raise Refused(f"login {username}: {status} {text}")
        cookie = next(one.partition(";")[0] for one in given.get_all("Set-Cookie") or [] if "session" in one)
        return {"Cookie": cookie, "X-CSRF-Token": json.loads(text)["csrf"]}

    def _request(self, method: str, path: str, headers: Mapping[str, str], body: str | None) -> tuple[int, str, Any]:
        connection = http.client.HTTPConnection(*self._address, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        except (OSError, http.client.HTTPException) as problem:
            raise Unanswered(repr(problem)) from problem
        finally:
            connection.close()
