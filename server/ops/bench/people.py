"""Who presses in the bench: kiosks, officers and screens of one hall, made over its API."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.bench.http_load import Wish, once, wish
from server.ops.bench.servers import Server
from server.ops.bench.worker import Guest

API = "/api/v1"
#: kiosks that touch, and counters that press, at the same time
AT_ONCE = 8
PRINTER, HOST_DEVICE = "PB", "PHB"


class Refused(Exception):
    """The hall did not do what the bench needs."""


@dataclass
class Officer:
    counter: str
    service: str
    gerai: str
    headers: dict[str, str]


@dataclass
class Cast:
    """Everybody of one hall. `kiosks`, `displays`: code -> token."""

    cli: str
    kiosks: dict[str, str] = field(default_factory=dict)
    displays: dict[str, str] = field(default_factory=dict)
    officers: list[Officer] = field(default_factory=list)
    #: one of each gerai, where every gerai has had its visits
    services: list[str] = field(default_factory=list)

    def ticket_wishes(self) -> list[Wish]:
        """One kiosk for each officer's service."""
        tokens = list(self.kiosks.values())[:AT_ONCE]
        return [
            ticket_wish(token, officer.service)
            for token, officer in zip(tokens, self.officers, strict=True)
        ]

    def next_wishes(self) -> list[Wish]:
        """Call the next one at each counter."""
        return [_act(f"/counters/{o.counter}/next", o.headers, {}) for o in self.officers]

    def finish_wishes(self) -> list[Wish]:
        """Finish at each counter, and call nobody."""
        return [_act(f"/counters/{o.counter}/finish", o.headers, {}) for o in self.officers]

    def finish_next_wishes(self) -> list[Wish]:
        """Finish and call the next one, in one press, at each counter."""
        return [_act(f"/counters/{o.counter}/finish", o.headers, {"next": True}) for o in self.officers]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ticket_wish(token: str, service: str) -> Wish:
    """A touch at the kiosk with this token."""
    return _act("/tickets", bearer(token), {"service": service})


def _act(path: str, headers: dict[str, str], body: dict[str, Any]) -> Wish:
    return wish("POST", API + path, headers, json.dumps(body).encode(), keyed=True)


def ask(server: Server, path: str, headers: dict[str, str], body: dict[str, Any] | None = None) -> Any:
    """One request; its JSON. Raises Refused."""
    one = wish("GET", API + path, headers) if body is None else _act(path, headers, body)
    status, raw = once(server.address, one)
    if status >= 300:
        raise Refused(f"{path}: {status} {raw[:300]!r}")
    return json.loads(raw) if raw else None


def make_cast(server: Server, data: Path, kiosks: int, displays: int) -> Cast:
    """Enrol devices beside the first run's own, give them a printer nobody drives, open eight counters."""
    first = json.loads((data / "first-run.json").read_text("utf-8"))
    token = json.loads((data / "server.json").read_text("utf-8"))["token"]
    cast, boss = Cast(token), bearer(token)
    ask(server, "/devices", boss, {"kind": "print-host", "code": HOST_DEVICE, "name": "Bench"})
    transport = {"kind": "network", "host": "127.0.0.1", "port": 9}
    ask(server, "/printers", boss, {"code": PRINTER, "name": "Bench", "host": HOST_DEVICE, "transport": transport})
    zones = [row["code"] for row in ask(server, "/views/desk", boss)["data"]["zones"]]
    for kind, count, made in (("kiosk", kiosks, cast.kiosks), ("display", displays, cast.displays)):
        for place in range(count):
            body = {"kind": kind, "code": f"B{kind[0].upper()}{place}", "name": "Bench", "zone": zones[place % len(zones)]}
            if kind == "kiosk":
                body["printer"] = PRINTER
            made[body["code"]] = ask(server, "/devices", boss, body)["token"]
    cast.officers = [_officer(server, boss, gerai) for gerai in _gerai(server, boss, first)]
    return cast


def _gerai(server: Server, boss: dict[str, str], first: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(gerai, counter, service) of the first eight gerai, each with a service that has no daily quota."""
    services: dict[str, list[str]] = {}
    for row in ask(server, "/views/desk", boss)["data"]["services"]:
        if row["open"]:
            services.setdefault(row["gerai"], []).append(row["code"])
    counters: dict[str, str] = {}
    for row in ask(server, "/counters", boss)["items"]:
        counters.setdefault(row["gerai"], row["code"])
    found = [(gerai, counters[gerai], codes[0]) for gerai, codes in services.items() if gerai in counters]
    if len(found) < AT_ONCE:
        raise Refused(f"only {len(found)} gerai are open in {first['site']}")
    return found[:AT_ONCE]


def _officer(server: Server, boss: dict[str, str], where: tuple[str, str, str]) -> Officer:
    gerai, counter, service = where
    username, password = f"bench-{gerai.lower()}", secrets.token_urlsafe(16)
    ask(server, "/users", boss, {
        "username": username, "name": "Bench", "role": "officer", "gerai": [gerai], "password": password,
        "must_change": False,
    })
    officer = Officer(counter, service, gerai, log_in(server, username, password))
    ask(server, f"/counters/{counter}/open", officer.headers, {"services": [service]})
    return officer


def log_in(server: Server, username: str, password: str) -> dict[str, str]:
    """The headers of a session: cookie and CSRF token."""
    import http.client

    connection = http.client.HTTPConnection(*server.address, timeout=30)
    body = json.dumps({"username": username, "password": password})
    connection.request("POST", f"{API}/login", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    if answer.status != 200:
        raise Refused(f"login {username}: {answer.status}")
    cookies = answer.headers.get_all("Set-Cookie") or []
    cookie = next(one.partition(";")[0] for one in cookies if "session" in one)
    return {"Cookie": cookie, "X-CSRF-Token": told["csrf"]}


def give_numbers(server: Server, cast: Cast, officer: Officer, count: int) -> None:
    """So many more visitors wait for this officer."""
    kiosk = bearer(next(iter(cast.kiosks.values())))
    for _ in range(count):
        ask(server, "/tickets", kiosk, {"service": officer.service})


def call_somebody(server: Server, cast: Cast) -> None:
    """See that a visitor stands at every counter, so that each press can be finish and next."""
    for officer in cast.officers:
        give_numbers(server, cast, officer, 1)
        one = _act(f"/counters/{officer.counter}/next", officer.headers, {})
        status, raw = once(server.address, one)
        if status not in (200, 409):
            raise Refused(f"next at {officer.counter}: {status} {raw[:300]!r}")


def hall_guests(cast: Cast, screens: int) -> list[Guest]:
    """A hall's mix: about half counter pages, a third displays with rooms of their own, kiosks, desks, supervisors."""
    guests: list[Guest] = []
    displays, kiosks = list(cast.displays.items()), list(cast.kiosks.items())
    for place in range(screens):
        part = place % 40
        if part < 20:
            officer = cast.officers[place % len(cast.officers)]
            cookie = {"Cookie": officer.headers["Cookie"]}
            guests.append(("counter", {"room": f"gerai:{officer.gerai}"}, cookie))
        elif part < 33:
            code, token = displays[(place // 40 * 13 + part - 20) % len(displays)]
            guests.append(("display", {"room": f"display:{code}", "token": token}, {}))
        elif part < 38:
            code, token = kiosks[(place // 40 * 5 + part - 33) % len(kiosks)]
            guests.append(("kiosk", {"room": f"kiosk:{code}", "token": token}, {}))
        else:
            room = "desk" if part == 38 else "floor"
            guests.append((room, {"room": room, "token": cast.cli}, {}))
    return guests


def one_room_guests(cast: Cast, screens: int) -> list[Guest]:
    """All of them in front of one display."""
    code, token = next(iter(cast.displays.items()))
    return [("display", {"room": f"display:{code}", "token": token}, {})] * screens


def serve_samples(server: Server, cast: Cast) -> None:
    """One visit from touch to end at each counter."""
    for officer in cast.officers:
        give_numbers(server, cast, officer, 1)
        for button in ("next", "start", "finish"):
            ask(server, f"/counters/{officer.counter}/{button}", officer.headers, {})


def serve_each_service(server: Server, cast: Cast) -> None:
    """One visit of each service, at the last counter of its gerai; one officer goes from gerai to gerai."""
    boss, kiosk = bearer(cast.cli), bearer(next(iter(cast.kiosks.values())))
    counters = {row["gerai"]: row["code"] for row in ask(server, "/counters", boss)["items"]}
    services = ask(server, "/views/desk", boss)["data"]["services"]
    officer = {"username": "bench-all", "name": "Bench", "role": "officer", "gerai": sorted(counters), "password": secrets.token_urlsafe(16), "must_change": False}
    ask(server, "/users", boss, officer)
    headers = log_in(server, officer["username"], officer["password"])
    for gerai, counter in counters.items():
        ask(server, f"/counters/{counter}/open", headers, {})
        for service in (row["code"] for row in services if row["gerai"] == gerai and row["open"]):
            ask(server, "/tickets", kiosk, {"service": service})
            for button in ("next", "start", "finish"):
                ask(server, f"/counters/{counter}/{button}", headers, {})
        ask(server, f"/counters/{counter}/close", headers, {})
        cast.services.append(service)


def read_token(data: Path) -> str:
    """The running server's own token."""
    return str(json.loads((data / "server.json").read_text("utf-8"))["token"])
