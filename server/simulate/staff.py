"""Who and what takes part: log-ins, and the extra devices and officers enrolled for the day."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from server.simulate.options import CannotRun, Options
from server.simulate.record import Record
from server.simulate.wire import Unsettled, Wire, bearer, log_in

PREFIX = "SIM"


def read_json(path: Path) -> Any:
    """Raises CannotRun with a sentence when the file is not there or not JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise CannotRun(f"Berkas {path} tidak dapat dibaca; jalankan dulu `mpp serve`.") from problem


class Staff:
    """Logs in whoever the first run made, adds whoever is missing, and sends them home again."""

    def __init__(self, options: Options, record: Record) -> None:
        self._options, self._record = options, record
        self._first: Mapping[str, Any] = read_json(options.first_run)
        self._added: list[tuple[str, str]] = []
        self._wires = 0
        try:
            self.supervisor = self._person("supervisor")
            self.desk = self._person("receptionist")
        except Unsettled as problem:
            raise CannotRun(f"Tidak dapat masuk ke {options.url}: {problem}.") from problem
        self._program = self._by_token_file()

    def _more(self) -> dict[str, Any]:
        self._wires += 1
        return {"lose": self._options.lose_replies, "rng": Random(f"{self._options.seed} wire {self._wires}")}

    def _person(self, role: str) -> Wire:
        found = next((row for row in self._first["users"] if row["role"] == role), None)
        if found is None:
            raise CannotRun(f"Tidak ada akun {role} di {self._options.first_run}.")
        return self.log_in(found["username"], found["password"])

    def log_in(self, username: str, password: str) -> Wire:
        self._record.act_as(f"user:{username}")
        return log_in(self._options.url, username, password, self._record, **self._more())

    def _by_token_file(self) -> Wire | None:
        path = self._options.server_file
        if path is None or not path.exists():
            return None
        return bearer(self._options.url, "cli", read_json(path)["token"], self._record)

    def device(self, token: str, code: str) -> Wire:
        self._record.act_as(f"device:{code}")
        return bearer(self._options.url, f"device:{code}", token, self._record, **self._more())

    def devices(self, kind: str, count: int, zones: tuple[str, ...]) -> list[tuple[str, Wire]]:
        """`count` devices: the first run's own, then enrolled ones, over all zones in turn."""
        own = [(row["code"], row["token"]) for row in self._first["devices"] if row["kind"] == kind]
        while len(own) < count:
            code = f"{PREFIX}-{kind[0].upper()}{len(own) + 1}"
            own.append((code, self._enrol(kind, code, zones[len(own) % len(zones)])))
        return [(code, self.device(token, code)) for code, token in own[:count]]

    def _enrol(self, kind: str, code: str, zone: str) -> str:
        boss = self._program or self.supervisor
        body = {"kind": kind, "code": code, "name": f"Simulasi {code}", "zone": zone}
        reply = boss.post("/devices", body)
        if reply.code == "already_exists":
            boss.post(f"/devices/{code}/revoke", {})
            reply = boss.post("/devices", body)
        if reply.status != 201:
            raise CannotRun(f"Perangkat {code} tidak dapat didaftarkan: {reply.code}.")
        self._added.append((f"/devices/{code}/revoke", "{}"))
        return str(reply.body["token"])

    def officers(self, gerai: str, count: int) -> list[Wire]:
        """Up to `count` officers of a gerai: the first run's, then added ones if we may add them."""
        own = [
            (row["username"], row["password"])
            for row in self._first["users"]
            if row["role"] == "officer" and gerai in row["gerai"]
        ][:count]
        while self._program is not None and len(own) < count:
            own.append(self._add_officer(self._program, gerai, len(own) + 1))
        return [self.log_in(*who) for who in own]

    @property
    def can_add_officers(self) -> bool:
        return self._program is not None

    def _add_officer(self, boss: Wire, gerai: str, number: int) -> tuple[str, str]:
        username, password = f"simulasi-{gerai.lower()}-{number}", secrets.token_urlsafe(16)
        person = {"name": f"Simulasi {gerai} {number}", "role": "officer", "gerai": [gerai]}
        reply = boss.post("/users", {**person, "username": username, "password": password, "must_change": False})
        if reply.code == "already_exists":
            boss.post(f"/users/{username}", {**person, "active": True})
            reply = boss.post(f"/users/{username}/password", {"password": password, "must_change": False})
        if reply.status not in (200, 201):
            raise CannotRun(f"Akun {username} tidak dapat dibuat: {reply.code}.")
        self._added.append((f"/users/{username}", '{"active": false}'))
        return username, password

    def go_home(self) -> None:
        """Revoke what was enrolled and end the accounts that were added."""
        boss = self._program or self.supervisor
        for path, body in self._added:
            boss.post(path, json.loads(body))
