"""A hall in trouble: who presses in it, what they were told, and whether that still stands."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.bench.servers import Server
from server.ops.prove.judging import verdict
from server.ops.prove.lives.calling import API, Caller, Unanswered
from server.ops.prove.records import Records
from server.ops.prove.restore import POLICY
from server.ops.prove.trouble.ears import Ear, told
from server.storage.database import FILE

SERVICE, GERAI, OFFICER, KIOSK, DISPLAY = "DKC-KTP", "DKC", "petugas-dkc", "KX", "TV1"
#: a printer that nobody drives, so that slips wait
HOST, PRINTER, ZONE = "PHX", "PX", "BIRU"
#: how long a server may take to say no, to tell its screens, and to be well again when the cause is gone; seconds
BOUND_S, TELL_S, BACK_S, LOOK_S = 8.0, 8.0, 20.0, 0.05
#: what no act may leave in part: something of a ticket, and nothing of what belongs to it
HALVES = {
    "a ticket without its leg": "SELECT label FROM ticket WHERE id NOT IN (SELECT ticket FROM leg)",
    "a ticket without its slip": "SELECT label FROM ticket WHERE id NOT IN (SELECT ticket FROM print_job)",
    "a call that is not in the log": "SELECT id FROM call WHERE id NOT IN (SELECT seq FROM event WHERE type LIKE 'Ticket%')",
}


@dataclass
class Press:
    """An act and its key, which stays the same however often it is sent."""

    who: str
    path: str
    key: str
    body: Mapping[str, Any]


@dataclass
class Hall:
    """`broken` collects what should not be; `acknowledged`: ticket id -> label; `patience`: how many times each bound is waited for."""

    data: Path
    server: Server
    patience: float = 1.0
    broken: list[str] = field(default_factory=list)
    acknowledged: dict[int, str] = field(default_factory=dict)
    answers: int = 0
    refused: int = 0
    longest_s: float = 0.0
    told_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = json.loads((self.data / "first-run.json").read_text("utf-8"))
        tokens = {row["code"]: row["token"] for row in first["devices"]}
        tokens["cli"] = json.loads((self.data / "server.json").read_text("utf-8"))["token"]
        tokens[KIOSK] = self._furnish(tokens["cli"])
        self._rooms = {f"kiosk:{KIOSK}": KIOSK, f"display:{DISPLAY}": DISPLAY, f"gerai:{GERAI}": "cli", "floor": "cli"}
        self._tokens = tokens
        headers = {who: {"Authorization": f"Bearer {token}"} for who, token in tokens.items()}
        password = next(row["password"] for row in first["users"] if row["username"] == OFFICER)
        headers[OFFICER] = Caller(self.server.address, {}).log_in(OFFICER, password)
        self.headers = headers
        self.caller = Caller(self.server.address, headers)
        self.counter = next(row["code"] for row in self._counters() if row["gerai"] == GERAI)
        self.caller.must(OFFICER, f"/counters/{self.counter}/open", {"services": [SERVICE]})
        self._count = 0
        self.path = self.data / FILE
        self.ears: list[Ear] = []

    def _furnish(self, token: str) -> str:
        """A kiosk with a printer; the kiosk's token."""
        boss = Caller(self.server.address, {"cli": {"Authorization": f"Bearer {token}"}})
        boss.must("cli", "/devices", {"kind": "print-host", "code": HOST, "name": HOST})
        transport = {"kind": "network", "host": "127.0.0.1", "port": 9}
        boss.must("cli", "/printers", {"code": PRINTER, "name": PRINTER, "host": HOST, "transport": transport})
        kiosk = {"kind": "kiosk", "code": KIOSK, "name": KIOSK, "zone": ZONE, "printer": PRINTER}
        return str(boss.must("cli", "/devices", kiosk)["token"])

    def _counters(self) -> list[dict[str, Any]]:
        _, text, _ = self.caller._request("GET", f"{API}/counters", self.headers["cli"], None)
        rows: list[dict[str, Any]] = json.loads(text)["items"]
        return rows

    def watch(self) -> None:
        """Screens of every kind come (again)."""
        self.leave()
        self.ears = [Ear(self.server.address, room, self._tokens[who]) for room, who in self._rooms.items()]

    def leave(self) -> None:
        for ear in self.ears:
            ear.close()
        self.ears = []

    def touch(self) -> Press:
        """A visitor wants a number."""
        return self._press(KIOSK, "/tickets", {"service": SERVICE})

    def turn(self) -> list[Press]:
        """A visitor comes, and the officer ends one visit and calls the next; each can be done whatever became of the other."""
        return [self.touch(), self._press(OFFICER, f"/counters/{self.counter}/finish", {"next": True})]

    def begin(self) -> None:
        """One visitor is called and another waits."""
        for press in (self.touch(), self.touch(), self._press(OFFICER, f"/counters/{self.counter}/next", {})):
            if not self.send(press):
                self.broken.append(f"{press.path}: refused before anything had happened")

    def _press(self, who: str, path: str, body: Mapping[str, Any]) -> Press:
        self._count += 1
        return Press(who, path, f"trouble-{self._count}", body)

    def send(self, press: Press, may_cut: bool = False) -> bool:
        """Whether it was done. What is neither that nor a 503 that says when to come again is broken, and so is a long wait."""
        began = time.monotonic()
        headers = {**self.headers[press.who], "Content-Type": "application/json", "Idempotency-Key": press.key}
        try:
            status, text, given = self.caller._request("POST", API + press.path, headers, json.dumps(press.body))
        except Unanswered as problem:
            if not may_cut:
                self.broken.append(f"{press.path}: no answer: {problem}")
            return False
        self.longest_s = max(self.longest_s, time.monotonic() - began)
        if time.monotonic() - began > BOUND_S * self.patience:
            self.broken.append(f"{press.path}: {status} after {time.monotonic() - began:.1f} s")
        if status in (200, 201):
            self.answers += 1
            if press.path == "/tickets":
                self._acknowledge(json.loads(text))
            return True
        self.refused += 1
        if not may_cut and (status != 503 or '"storage_unavailable"' not in text or not given.get("Retry-After", "").isdigit()):
            self.broken.append(f"{press.path}: {status} {text[:200]} (Retry-After: {given.get('Retry-After')})")
        return False

    def _acknowledge(self, ticket: Mapping[str, Any]) -> None:
        self.acknowledged[int(ticket["id"])] = str(ticket["number"])

    def send_again(self, pending: list[Press]) -> None:
        """What was refused, in its order and under its keys; now it must be done."""
        for press in pending:
            if not self._until(lambda press=press: self.send(press, may_cut=True), BACK_S * self.patience):  # type: ignore[misc]
                self.broken.append(f"{press.path}: not done {BACK_S * self.patience:.0f} s after the cause was gone")

    def must_tell(self, stuck: bool, where: str) -> None:
        """Every screen is told so, over its socket and by asking."""
        began = time.monotonic()
        if not self._until(lambda: all((ear.stuck or False) is stuck for ear in self.ears), (TELL_S if stuck else BACK_S) * self.patience):
            wrong = [ear.room for ear in self.ears if (ear.stuck or False) is not stuck]
            self.broken.append(f"{where}: {', '.join(wrong)} not told that storing {'fails' if stuck else 'works again'}")
        (self.told_s if stuck else self.back_s).append(time.monotonic() - began)
        for room, who in self._rooms.items():
            status, text, given = self.caller._request("GET", f"{API}/views/{room}", self.headers[who], None)
            if status != 200 or told(given) is not stuck:
                self.broken.append(f"{where}: GET /views/{room}: {status} {text[:80]!r}, MPP-Storage: {given.get('MPP-Storage')}")

    def judge(self, where: str, all_done: bool) -> None:
        """P1 to P5 on what is stored, by another reading; `all_done`: every press was done, and once."""
        records = Records(self.path)
        try:
            ledger, found = verdict(records, self.acknowledged, POLICY)
            for what, sql in HALVES.items():
                found += [f"{what}: {row}" for row in records.rows(sql)]
            extra = {ticket: visit.label for ticket, visit in ledger.visits.items()}
            if all_done and extra != self.acknowledged:
                found.append(f"given and told to nobody: {sorted(set(extra.items()) - set(self.acknowledged.items()))}")
        finally:
            records.close()
        self.broken += [f"{where}: {one}" for one in found[:10]]

    @staticmethod
    def _until(done: Callable[[], bool], most_s: float) -> bool:
        deadline = time.monotonic() + most_s
        while not done():
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_S)
        return True
