"""The server as the printing process sees it: a few calls over HTTP with explicit timeouts."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 10.0
BODY_MAX_BYTES = 1_000_000


class ServerUnavailable(Exception):
    """No usable answer: the server is away, overloaded or not what we expect. Try again."""


class ServerRefused(Exception):
    """The server answered with a final refusal (4xx); the same request will be refused again."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code


# A revoked token, a time-out or a limit may be mended at the server: they are not final.
_PASSING_REFUSALS = frozenset({401, 403, 408, 425, 429})


@dataclass(frozen=True)
class Client:
    """A new connection for each call: nothing is left half-used after a fault."""

    url: str
    token: str

    def print_host(self) -> dict[str, Any]:
        """This host's printers and limits (`GET /print-host`)."""
        return self._call("GET", "/print-host")

    def claim(self, printer: str, wait_s: float) -> dict[str, Any] | None:
        """The job this host already holds for `printer`, else the oldest queued; None: none came."""
        body = {"printer": printer, "wait_s": wait_s}
        answer = self._call("POST", "/print-jobs/claim", body, wait_s + ANSWER_TIMEOUT_S)
        job = answer.get("job")
        return job if isinstance(job, dict) else None

    def result(self, job: str, state: str, cause: str = "", timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """What became of a job."""
        body = {"state": state, "cause": cause} if cause else {"state": state}
        self._call("POST", f"/print-jobs/{quote(job, safe='')}/result", body, timeout_s)

    def status(self, printer: str, state: str, cause: str = "") -> None:
        """How a printer is."""
        body = {"state": state, "cause": cause} if cause else {"state": state}
        self._call("POST", f"/printers/{quote(printer, safe='')}/status", body)

    def answers(self, printer: str, names: list[str]) -> None:
        """What a printer can answer, as a probe found."""
        self._call("POST", f"/printers/{quote(printer, safe='')}/answers", {"answers": names})

    def logo(self, sha: str) -> bytes:
        """The site's logo, by the SHA-256 of its bytes (`/brand/SHA.png`, outside the API)."""
        try:
            status, raw = self._fetch("GET", f"/brand/{quote(sha, safe='')}.png", {}, None, ANSWER_TIMEOUT_S)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ServerUnavailable(f"{type(error).__name__}: {error}") from error
        if status != 200 or hashlib.sha256(raw).hexdigest() != sha:
            raise ServerUnavailable(f"HTTP {status}, {len(raw)} bytes")
        return raw

    def _call(
        self, method: str, path: str, body: Any = None, timeout_s: float = ANSWER_TIMEOUT_S
    ) -> dict[str, Any]:
        try:
            status, data = self._exchange(method, path, body, timeout_s)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ServerUnavailable(f"{type(error).__name__}: {error}") from error
        if 200 <= status < 300:
            return data
        if 400 <= status < 500 and status not in _PASSING_REFUSALS:
            raise ServerRefused(status, str(data.get("code", "")))
        raise ServerUnavailable(f"HTTP {status}")

    def _exchange(self, method: str, path: str, body: Any, timeout_s: float) -> tuple[int, dict[str, Any]]:
        headers = {"Accept": "application/json"}
        content = None
        if method == "POST":
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        status, raw = self._fetch(method, f"/api/v1{path}", headers, content, timeout_s)
        return status, _decoded(raw, must_parse=200 <= status < 300)

    def _fetch(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, timeout_s: float
    ) -> tuple[int, bytes]:
        address = urlsplit(self.url)
        connect_s = min(CONNECT_TIMEOUT_S, timeout_s)
        link = _connection(address.scheme, address.hostname or "", address.port, connect_s)
        try:
            link.connect()
            link.sock.settimeout(timeout_s)
            allowed = {"Authorization": f"Bearer {self.token}", **headers}
            link.request(method, f"{address.path.rstrip('/')}{path}", content, allowed)
            answer = link.getresponse()
            raw = answer.read(BODY_MAX_BYTES + 1)
        finally:
            link.close()
        if len(raw) > BODY_MAX_BYTES:
            raise ValueError("answer too large")
        return answer.status, raw


def _decoded(raw: bytes, must_parse: bool) -> dict[str, Any]:
    """The body as an object; an unreadable body matters only where the answer is a success."""
    try:
        data = json.loads(raw) if raw else {}
    except ValueError:
        if must_parse:
            raise
        data = {}
    return data if isinstance(data, dict) else {}


def _connection(scheme: str, host: str, port: int | None, connect_s: float) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=connect_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=connect_s)
