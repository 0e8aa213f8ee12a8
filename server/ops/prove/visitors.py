"""A hall under load whose clients remember what they were told: kiosks that take numbers, officers that call."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.bench.people import API, Refused, ask, bearer, log_in, read_token
from server.ops.bench.http_load import once, wish
from server.ops.bench.servers import Server

KIOSKS, OFFICERS = 4, 2
PAUSE_S = 0.01
HOST, PRINTER = "PHV", "PV"


@dataclass(frozen=True)
class Told:
    """A number that a client was told. `token` is random for each ticket, so it tells two with one number apart."""

    at: float
    ticket: int
    number: str
    token: str
    date: str


@dataclass
class Visitors:
    """Threads that press until told to stop."""

    told: list[Told] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    since: Counter[str] = field(default_factory=Counter)
    #: service -> kiosk's token; counter -> officer's headers
    kiosks: dict[str, str] = field(default_factory=dict)
    officers: dict[str, dict[str, str]] = field(default_factory=dict)
    #: numbers of a kiosk's series that may be taken since the mark, and how many more for each second since
    _most: int = 0
    _per_s: float = 0.0
    _marked_s: float = 0.0
    _pressing: list[str] = field(default_factory=list)
    #: the first kiosk rests until it presses alone, so that a backup can be made that knows nothing of its series
    _is_late: bool = True
    _server: Server | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def enrol(self, server: Server, data: Path) -> None:
        """Kiosks with a printer that nobody drives, officers with a loket each, every one of another gerai."""
        boss = bearer(read_token(data))
        limited = {row["code"] for row in ask(server, "/plan", boss)["services"] if row.get("quota") is not None}
        rows = [row for row in ask(server, "/services", boss)["items"] if row["open"] and row["code"] not in limited]
        services = {row["gerai"]: row["code"] for row in rows}
        counters = {row["gerai"]: row["code"] for row in ask(server, "/counters", boss)["items"]}
        ask(server, "/devices", boss, {"kind": "print-host", "code": HOST, "name": HOST})
        ask(server, "/printers", boss, {"code": PRINTER, "name": PRINTER, "host": HOST, "transport": {"kind": "network", "host": "127.0.0.1", "port": 9}})
        chosen = [gerai for gerai in services if gerai in counters][:KIOSKS]
        for number, gerai in enumerate(chosen):
            body = {"kind": "kiosk", "code": f"KV{number}", "name": gerai, "printer": PRINTER}
            self.kiosks[services[gerai]] = ask(server, "/devices", boss, body)["token"]
        for gerai in chosen[:OFFICERS]:
            name, password = f"v-{gerai.lower()}", secrets.token_urlsafe(12)
            person = {"username": name, "name": name, "role": "officer", "gerai": [gerai], "password": password, "must_change": False}
            ask(server, "/users", boss, person)
            headers = self.officers[counters[gerai]] = log_in(server, name, password)
            ask(server, f"/counters/{counters[gerai]}/open", headers, {"services": [services[gerai]]})

    def press(self, server: Server, is_alone: bool = False) -> None:
        """Begin; those who were told to stop begin again. `is_alone`: the first kiosk, and nobody else."""
        self._server, self._stop = server, threading.Event()
        self._is_late = self._is_late and not is_alone
        kiosks = list(self.kiosks.items())[1 if self._is_late else 0 : 1 if is_alone else None]
        officers = {} if is_alone else self.officers
        self._pressing = [service for service, _ in kiosks]
        self._threads = [
            *(threading.Thread(target=self._kiosk, args=one, daemon=True) for one in kiosks),
            *(threading.Thread(target=self._officer, args=one, daemon=True) for one in officers.items()),
        ]
        for thread in self._threads:
            thread.start()

    def rest(self) -> None:
        """Stop pressing; whoever waits for an answer is let go by the server's end."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def mark(self, most: int, per_s: float = 0.0) -> float:
        """From now on `most` more numbers of each series, and `per_s` for each second that passes; the moment."""
        self.since.clear()
        self._most, self._per_s, self._marked_s = most, per_s, time.monotonic()
        return self._marked_s

    def wait_more(self, each: int, timeout_s: float) -> None:
        """Until every kiosk that presses has taken so many since the mark. Raises Refused when they do not."""
        end = time.monotonic() + timeout_s
        while any(self.since[service] < each for service in self._pressing):
            if time.monotonic() > end:
                raise Refused(f"numbers come too slowly: {dict(self.since)}")
            time.sleep(PAUSE_S)

    def _kiosk(self, service: str, token: str) -> None:
        while not self._stop.wait(PAUSE_S):
            if self.since[service] >= int(self._most + self._per_s * (time.monotonic() - self._marked_s)):
                continue
            got = self._ask("/tickets", bearer(token), {"service": service})
            if got is not None:
                self.told.append(Told(time.monotonic(), got["id"], got["number"], got["token"], got["business_date"]))
                self.since[service] += 1

    def _officer(self, counter: str, headers: dict[str, str]) -> None:
        while not self._stop.wait(PAUSE_S):
            self._ask(f"/counters/{counter}/next", headers, {})
            self._ask(f"/counters/{counter}/finish", headers, {})

    def _ask(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
        """The answer, None when there is none: the server is dying, or says no for a reason of the hall."""
        assert self._server is not None
        try:
            status, raw = once(self._server.address, wish("POST", API + path, headers, json.dumps(body).encode(), keyed=True))
        except OSError:
            return None
        if status == 201:
            return json.loads(raw)
        if status not in (200, 204, 409):
            self.odd.append(f"{path}: {status} {raw[:200]!r}")
        return None
