"""A real house behind its real door, with somebody of every role: what the web tests use."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import devices, people
from server.app.ask import Ask
from server.web import passwords
from server.web.roles import DEVICES, PEOPLE
from server.web.wire import sha256

PASSWORD = "tiga ekor kambing"
GERAI = "DKC"
OTHER_GERAI = "BPD"
CODES = {"kiosk": "K1", "display": "TV1", "print-host": "PH1", "api": "API1"}
NAMES = {role: f"uji-{role.replace('_', '-')}" for role in PEOPLE}


@cache
def hashed() -> str:
    return passwords.hash_password(PASSWORD)


class Visitor:
    """One client: a browser with cookies, or a program with a token."""

    def __init__(self, client: FlaskClient, token: str | None = None) -> None:
        self.client = client
        self.token = token
        self.csrf: str | None = None
        self.device: str | None = None

    def _headers(self, more: dict[str, str] | None, key: str | None, unsafe: bool) -> dict[str, str]:
        found = dict(more or {})
        if self.token:
            found.setdefault("Authorization", f"Bearer {self.token}")
        if self.device:
            found.setdefault("X-MPP-Device", self.device)
        if self.csrf and unsafe:
            found.setdefault("X-CSRF-Token", self.csrf)
        if key:
            found["Idempotency-Key"] = key
        return found

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        return self.client.get(_full(path), headers=self._headers(headers, None, False), query_string=query)

    def post(
        self,
        path: str,
        body: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        if body is not None:
            more["json"] = body
        return self.client.post(_full(path), headers=self._headers(headers, key, True), **more)

    def login(self, username: str, password: str = PASSWORD) -> TestResponse:
        answer = self.post("/login", {"username": username, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.get_json()["csrf"]
        return answer


PAGES = frozenset(
    ["/", "/api", "/styleguide", "/openapi.json", "/healthz", "/readyz", "/metrics", "/speech"]
    + ["/counter", "/desk", "/supervisor", "/supervisor/riwayat", "/admin"]
)


def _full(path: str) -> str:
    """Pages as they are; everything else below /api/v1."""
    is_page = path in PAGES or path.startswith(("/t/", "/kiosk/", "/display/", "/audio/", "/api/"))
    return path if is_page else f"/api/v1{path}"


class Hall:
    """`house`: a running house on an empty database; `app`: its door."""

    def __init__(self, house: Any, app: Flask, data: Path) -> None:
        self.house, self.app, self.data = house, app, data
        self.database = data / "mpp.sqlite3"
        first = json.loads((data / "first-run.json").read_text("utf-8"))
        self.tokens: dict[str, str] = {one["code"]: one["token"] for one in first["devices"]}

    def act(self, act: Any, **arguments: Any) -> Any:
        return self.house.act(act, Ask("system", self.house.now(), role="cli"), **arguments)

    def furnish(self) -> Hall:
        """One person of each role, one device of each kind, beside those of the first run."""
        for role in sorted(PEOPLE):
            own = [GERAI] if role in {"officer", "agency_head"} else []
            self.add_person(NAMES[role], role, own)
        self.add_person("other", "officer", [OTHER_GERAI])
        for kind, code in (("print-host", "PH2"), ("kiosk", "K2"), ("display", "TV2")):
            self.add_device(kind, code)
        self.add_device("program", "API1")
        return self

    def add_person(self, username: str, role: str, gerai: list[str], must_change: bool = False) -> None:
        self.act(
            people.add_user,
            username=username,
            name=username.title(),
            role=role,
            gerai=gerai,
            password_hash=hashed(),
            must_change=must_change,
        )

    def add_device(self, kind: str, code: str, **more: Any) -> str:
        token = f"token-of-{code}-{'x' * 30}"
        self.tokens[code] = token
        self.act(devices.add_device, kind=kind, code=code, name=code, token_hash=sha256(token), **more)
        return token

    def browser(self) -> Visitor:
        return Visitor(self.app.test_client())

    def person(self, username: str) -> Visitor:
        """Somebody logged in, by the form everybody uses."""
        visitor = self.browser()
        answer = visitor.login(username)
        assert answer.status_code == 200, answer.text
        return visitor

    def device(self, code: str) -> Visitor:
        return Visitor(self.app.test_client(use_cookies=False), self.tokens[code])

    def screen(self, kind: str, code: str) -> Visitor:
        """A browser that has opened the device's enrol link."""
        visitor = self.browser()
        answer = visitor.get(f"/{kind}/{code}", enrol=self.tokens[code])
        assert answer.status_code == 303, answer.text
        visitor.device = code
        visitor.csrf = visitor.get("/me").get_json()["csrf"]
        return visitor

    def as_role(self, role: str) -> Visitor:
        """A caller of each role of the contract."""
        if role in PEOPLE:
            return self.person(NAMES[role])
        if role in DEVICES or role == "api":
            return self.device(CODES[role])
        if role == "cli":
            return Visitor(self.app.test_client(use_cookies=False), self.cli_token())
        return self.browser()

    def cli_token(self) -> str:
        """The token that `mpp` commands read from server.json."""
        (self.data / "server.json").write_text(json.dumps({"token": "t" * 43}), "utf-8")
        return "t" * 43

    def rows(self, *tables: str) -> str:
        """A digest of every row of the tables (all of them when none is named)."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            names = tables or tuple(
                row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            )
            told = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        database.close()
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def table_names(self) -> frozenset[str]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        database.close()
        return frozenset(row[0] for row in found)

    def service(self, gerai: str = GERAI) -> str:
        """A service of the gerai that its first counter serves."""
        found = self.device("API1").get("/services").get_json()["items"]
        return next(one["code"] for one in found if one["gerai"] == gerai and one["open"])

    def counter(self, gerai: str = GERAI) -> str:
        found = self.device("API1").get("/counters").get_json()["items"]
        return next(one["code"] for one in found if one["gerai"] == gerai)

    def issue(self, key: str, service: str | None = None) -> dict[str, Any]:
        answer = self.device("K1").post("/tickets", {"service": service or self.service()}, key=key)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.get_json()
        return told
