"""The API against the real server, on each way to wait: eventlet today, gevent on the way out.

Planted, seen red: the month's report made in a native thread -> 500 on gevent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.serve.servers import Server

TIMEOUT_S = 60


class Caller:
    """One credential at one server."""

    def __init__(self, server: Server, **headers: str) -> None:
        self._base = f"http://127.0.0.1:{server.port}/api/v1"
        self._session = requests.Session()
        self._session.headers.update(headers)

    def get(self, path: str) -> requests.Response:
        return self._session.get(self._base + path, timeout=TIMEOUT_S)

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> requests.Response:
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self._session.post(self._base + path, json=body, headers=headers, timeout=TIMEOUT_S)

    def log_in(self, username: str, password: str) -> None:
        answer = self.post("/login", {"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        self._session.headers["X-CSRF-Token"] = answer.json()["csrf"]


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_a_visit_over_the_api(new_server: Callable[..., Server], mode: str) -> None:
    server = new_server(server_async_mode=mode).start().up()
    facts: dict[str, Any] = server.facts()
    tokens = {device["code"]: device["token"] for device in facts["devices"]}
    passwords = {user["username"]: user["password"] for user in facts["users"]}
    kiosk = Caller(server, Authorization=f"Bearer {tokens['K1']}")
    officer, supervisor = Caller(server), Caller(server)
    officer.log_in("petugas-dkc", passwords["petugas-dkc"])
    supervisor.log_in("pengawas", passwords["pengawas"])

    wish = {"service": "DKC-KTP"}
    first = kiosk.post("/tickets", wish, key="touch-1")
    again = kiosk.post("/tickets", wish, key="touch-1")
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert kiosk.post("/tickets", {"service": "DKC-KK"}, key="touch-1").status_code == 422

    assert officer.post("/counters/DKC-1/open", {}).status_code == 200
    called = officer.post("/counters/DKC-1/next", {})
    assert called.json()["ticket"]["number"] == first.json()["number"]
    busy = officer.post("/counters/DKC-1/next", {})
    assert (busy.status_code, busy.json()["code"]) == (409, "counter_busy")
    assert officer.post("/counters/DKC-1/start", {}).status_code == 200
    assert officer.post("/counters/DKC-1/finish", {}).status_code == 200
    assert officer.post("/counters/DKC-1/next", {}).status_code == 204
    assert officer.post("/counters/PTSP-1/open", {}).json()["code"] == "not_your_counter"

    month = first.json()["business_date"][:7]
    report = supervisor.get(f"/reports/monthly?month={month}")
    assert report.status_code == 200, report.text
    assert report.json()["totals"]["served"] == 1
    assert supervisor.get("/views/floor").json()["room"] == "floor"
    assert supervisor.get("/events?limit=5").json()["items"][0]["seq"] == 1
