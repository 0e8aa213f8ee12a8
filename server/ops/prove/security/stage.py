"""The hall that is attacked: a real server, somebody of every role, a device of every kind, and the plain database beside it."""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.keys import Security
from server.ops.bench.people import Refused, read_token
from server.ops.bench.servers import Server, start_hall
from server.ops.prove.security.asking import API, Answer, ask, bearer

PEOPLE = ("officer", "receptionist", "agency_head", "viewer", "supervisor", "admin")
OWN, OTHER = "DKC", "BPD"
OF_GERAI = ("officer", "agency_head")
FILE = "mpp.sqlite3"


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in. `cookie` and `csrf` are secrets."""

    username: str
    password: str
    cookie: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"mpp_session={self.cookie}", "X-CSRF-Token": self.csrf}


@dataclass
class Hall:
    """`broken`: promises that did not hold. `secrets`: everything that no log may hold, by what it is."""

    data: Path
    cores: frozenset[int]
    server: Server = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def start(self, **settings: str) -> Hall:
        """`settings`: MPP_* variables; without any, as shipped."""
        # As it is delivered: `start_hall` lifts the limit for benches.
        limit = {"MPP_SECURITY_KIOSK_TOKEN_PER_SECOND": str(Security().kiosk_token_per_second)}
        self.server = start_hall(self.data, self.cores, **{**limit, **settings})
        self.tokens["cli"] = self.keep("the command line's token", read_token(self.data))
        return self

    def stop(self) -> None:
        self.server.stop()

    def kill(self) -> None:
        """As a power cut; its children die with it."""
        self.server.process.kill()
        self.server.process.wait()

    @property
    def address(self) -> tuple[str, int]:
        return self.server.address

    def furnish(self) -> Hall:
        """What the first run made, and one device more of each kind."""
        first = json.loads((self.data / "first-run.json").read_text("utf-8"))
        for one in first["devices"]:
            self.tokens[one["code"]] = self.keep(f"the token of {one['code']}", one["token"])
        for one in first["users"]:
            self.keep(f"the password of {one['username']}", one["password"])
        for kind, code in (("kiosk", "K2"), ("display", "TV2"), ("program", "API1")):
            told = self.post("/devices", {"kind": kind, "code": code, "name": code})
            self.tokens[code] = self.keep(f"the token of {code}", told["token"])
        return self

    # asking as the command line, which may do everything

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Raises Refused."""
        told = self.ask("POST", path, bearer(self.tokens["cli"]), body)
        if told.status >= 300:
            raise Refused(f"{path}: {told.status} {told.body[:300]!r}")
        return told.json

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: object = None) -> Answer:
        """Below /api/v1."""
        return ask(self.address, method, API + path, headers, body)

    # people

    def person(self, role: str, username: str = "", **more: Any) -> Person:
        """Add somebody of this role and log in."""
        username = username or f"uji-{role.replace('_', '-')}-{secrets.token_hex(2)}"
        password = self.keep(f"the password of {username}", secrets.token_urlsafe(15))
        gerai = [OWN] if role in OF_GERAI else []
        row = {"username": username, "name": username.title(), "role": role, "gerai": gerai, "password": password, "must_change": False}
        self.post("/users", {**row, **more})
        return self.log_in(username, password)

    def log_in(self, username: str, password: str) -> Person:
        """Raises Refused."""
        told = self.ask("POST", "/login", {}, {"username": username, "password": password})
        if told.status != 200:
            raise Refused(f"login of {username}: {told.status} {told.body[:200]!r}")
        cookie = self.keep(f"a session of {username}", told.cookies["mpp_session"])
        return Person(username, password, cookie, self.keep(f"a CSRF token of {username}", told.json["csrf"]))

    def browser(self, kind: str, code: str) -> str:
        """The cookie of a browser that holds this device."""
        told = ask(self.address, "GET", f"/{kind}/{code}?enrol={self.tokens[code]}")
        if told.status != 303:
            raise Refused(f"enrolment of {code}: {told.status}")
        return self.keep(f"the browser of {code}", told.cookies["mpp_browser"])

    # judging

    def keep(self, what: str, secret: str) -> str:
        """Remember a secret that no log may ever show."""
        self.secrets[secret] = what
        return secret

    def expect(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + by

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database itself, not by way of the product."""
        with closing(sqlite3.connect(f"file:{self.data / FILE}?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()

    def tickets(self) -> int:
        return int(self.rows("SELECT count(*) FROM ticket")[0][0])

    def log_text(self) -> str:
        return self.server.log.read_text("utf-8", errors="replace")


def forget_locks(data: Path) -> None:
    """What a planted start-up does: every lock of an account is gone."""
    with closing(sqlite3.connect(data / FILE)) as database, database:
        database.execute("DELETE FROM login_guard")
