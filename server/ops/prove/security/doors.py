"""Every kind of credential at every room, by socket and by HTTP, against a table written by hand; and what ends ends at once."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.ops.bench.sockets import Screen, connect
from server.ops.prove.security.asking import API, ask, bearer
from server.ops.prove.security.stage import OTHER, OWN, PEOPLE, Hall

#: a credential that has ended closes its screens within this, seconds
DEAD_S = 2.0
#: screens of one credential: the second is found out by who ends only the first
EACH = 2
WHOLE = {"kiosk:K1", "kiosk:K2", "display:TV1", "display:TV2", f"gerai:{OWN}", f"gerai:{OTHER}", "desk", "floor", "floor:*", f"floor:{OWN}", f"floor:{OTHER}"}
GERAI = {f"gerai:{OWN}", f"gerai:{OTHER}"}
#: no rooms, whoever asks
NO_ROOMS = ("gerai:NONE", "kiosk:", "floor:x", "*", "gerai:*", "nowhere:K1", "__proto__", "floor\0", "/live", "")
#: role -> the rooms it may see
OF_ROLE: Mapping[str, set[str]] = {
    "officer": {f"gerai:{OWN}"}, "agency_head": {f"floor:{OWN}"}, "receptionist": {"desk", *GERAI},
    "viewer": WHOLE - {"floor"}, "supervisor": WHOLE, "admin": WHOLE, "command line": WHOLE,
    "kiosk": {"kiosk:K1"}, "display": {"display:TV1"},
}


@dataclass(frozen=True)
class Credential:
    """What somebody shows. `headers`: to the socket and to HTTP; `auth`: in the socket's greeting; `http`: what stands for it."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    auth: dict[str, Any] = field(default_factory=dict)
    http: dict[str, str] = field(default_factory=dict)
    rooms: frozenset[str] = frozenset()


def matrix(hall: Hall) -> None:
    """Each credential at each room: joined or refused, and by HTTP the same."""
    for one in _credentials(hall):
        for room in (*sorted(WHOLE), *(NO_ROOMS if one.rooms else ())):
            allowed = room in one.rooms
            joined = _joins(hall, one, room)
            hall.count("doors tried")
            hall.expect(joined == allowed, f"doors: {one.name} at {room!r}: {'let in' if joined else 'refused'} by the socket")
        for room in sorted(WHOLE):
            told = hall.ask("GET", f"/views/{room}", {**one.headers, **one.http})
            allowed = room in one.rooms or room in one.name.split("!")[1:]
            hall.expect((told.status == 200) == allowed, f"doors: {one.name} at {room}: {told.status} by HTTP")
            hall.expect(told.status in (200, 401, 403), f"doors: {one.name} at {room}: {told.status} by HTTP")


def _joins(hall: Hall, one: Credential, room: str) -> bool:
    try:
        connect(hall.address, one.name, {**one.auth, "room": room}, one.headers).sock.close()
    except ConnectionError:
        return False
    return True


def _token(name: str, token: str, rooms: set[str] | None = None) -> Credential:
    return Credential(name, {}, {"token": token}, bearer(token), frozenset(rooms or ()))


def _credentials(hall: Hall) -> list[Credential]:
    held, tokens = hall.browser("kiosk", "K1"), hall.tokens
    people = {role: hall.person(role) for role in PEOPLE}
    cookie = {role: {"Cookie": person.headers["Cookie"]} for role, person in people.items()}
    browser = {"Cookie": f"mpp_browser={held}"}
    return [
        Credential("nobody"), _token("a made-up token", "x" * 43), _token("an empty token", ""),
        *(Credential(role, cookie[role], rooms=frozenset(OF_ROLE[role])) for role in PEOPLE),
        _token("command line", tokens["cli"], WHOLE), _token("a program", tokens["API1"]), _token("a print host", tokens["PH1"]),
        _token("a kiosk", tokens["K1"], OF_ROLE["kiosk"]), _token("a display", tokens["TV1"], OF_ROLE["display"]),
        Credential("a kiosk's browser", browser, {"device": "K1"}, {"X-MPP-Device": "K1"}, frozenset(OF_ROLE["kiosk"])),
        Credential("a kiosk's browser as a display", browser, {"device": "TV1"}, {"X-MPP-Device": "TV1"}),
        Credential("a kiosk's browser that names nothing", browser),
        Credential("a wrong token beside a supervisor's cookie", cookie["supervisor"], {"token": "x" * 43}, bearer("x" * 43)),
        Credential("a device not held beside a supervisor's cookie", cookie["supervisor"], {"device": "K2"}, {"X-MPP-Device": "K2"}),
        _token("a session's id as a token", people["admin"].cookie), _token("a CSRF token as a token", people["admin"].csrf),
        _token("a password as a token", people["admin"].password),
        *_ended(hall),
    ]


def _ended(hall: Hall) -> list[Credential]:
    """Those that were good once, or are not yet."""
    gone, out, disabled = hall.person("supervisor"), hall.person("supervisor"), hall.person("supervisor")
    hall.ask("POST", "/logout", out.headers)
    hall.post(f"/users/{disabled.username}", {"active": False})
    hall.log_in(gone.username, gone.password)
    hall.post(f"/users/{gone.username}/password", {})
    fresh = hall.person("supervisor", must_change=True)
    told = hall.post("/devices", {"kind": "kiosk", "code": "K9", "name": "K9"})
    hall.post("/devices/K9/revoke", {})
    key = hall.post("/displays/TV1/key", {})["url"].rpartition("key=")[2]
    return [
        *(Credential(name, {"Cookie": person.headers["Cookie"]}) for name, person in (
            ("somebody who logged out", out), ("somebody disabled", disabled), ("somebody whose password was reset", gone),
            ("somebody who must change the password", fresh),
        )),
        _token("a revoked kiosk", hall.keep("the token of K9", told["token"])),
        # The name says which room its HTTP look may have: the key of a simple page reads its own display and enters no room.
        Credential("a display's key!display:TV1", {}, {"token": hall.keep("a display's key", key)}, {"X-MPP-Key": key}),
    ]


def deaths(hall: Hall) -> None:
    """Screens of credentials that end: closed within DEAD_S of the answer to the act that ended them."""
    worst_s = 0.0
    for name, end in _ends(hall).items():
        screens, act = end()
        began_s = time.monotonic()
        act()
        for screen in screens:
            took_s = _closed_after(screen, began_s)
            hall.count("screens ended")
            hall.expect(took_s is not None, f"doors: a screen outlives {name} by more than {DEAD_S:.0f} s")
            worst_s = max(worst_s, took_s or 0.0)
    hall.counts["slowest end of a screen, ms"] = round(worst_s * 1000)


def _ends(hall: Hall) -> dict[str, Callable[[], tuple[list[Screen], Callable[[], object]]]]:
    def of_person(path: str, body: dict[str, Any]) -> Callable[[], tuple[list[Screen], Callable[[], object]]]:
        def end() -> tuple[list[Screen], Callable[[], object]]:
            person = hall.person("officer")
            screens = [connect(hall.address, path, {"room": f"gerai:{OWN}"}, {"Cookie": person.headers["Cookie"]}) for _ in range(EACH)]
            own = path in ("/logout", "/login")
            headers = person.headers if own else bearer(hall.tokens["cli"])
            given = {"username": person.username, "password": person.password} if path == "/login" else body
            return screens, lambda: hall.ask("POST", path.format(person.username), headers, given)

        return end

    def of_device(kind: str, code: str) -> Callable[[], tuple[list[Screen], Callable[[], object]]]:
        def end() -> tuple[list[Screen], Callable[[], object]]:
            told = hall.post("/devices", {"kind": kind, "code": code, "name": code})
            shown = {"room": f"{kind}:{code}", "token": hall.keep(f"the token of {code}", told["token"])}
            return [connect(hall.address, kind, shown, {}) for _ in range(EACH)], lambda: hall.post(f"/devices/{code}/revoke", {})

        return end

    return {
        "its log-out": of_person("/logout", {}), "another log-in in its browser": of_person("/login", {}),
        "its disabling": of_person("/users/{}", {"active": False}), "its new role": of_person("/users/{}", {"role": "viewer"}),
        "its new gerai": of_person("/users/{}", {"gerai": [OTHER]}), "its new password": of_person("/users/{}/password", {}),
        "a display's revocation": of_device("display", "TV9"), "a kiosk's revocation": of_device("kiosk", "K8"),
    }


def _closed_after(screen: Screen, began_s: float) -> float | None:
    """Seconds until the server closed it; None when it lives on."""
    poll = select.poll()
    poll.register(screen.sock, select.POLLIN)
    try:
        while (left_s := began_s + DEAD_S - time.monotonic()) > 0:
            if poll.poll(left_s * 1000):
                screen.take()
    except OSError:
        return time.monotonic() - began_s
    finally:
        screen.sock.close()
    return None


def forgeries(hall: Hall) -> None:
    """What another site's page could make a browser send: with the cookies, without what only our pages know."""
    person, other, held = hall.person("supervisor"), hall.person("supervisor"), hall.browser("kiosk", "K1")
    cookie = {"Cookie": person.headers["Cookie"]}
    kiosk = {"Cookie": f"mpp_browser={held}", "X-MPP-Device": "K1"}
    for name, headers in {
        "no token": cookie, "an empty token": {**cookie, "X-CSRF-Token": ""}, "somebody else's token": {**cookie, "X-CSRF-Token": other.csrf},
        "another origin": {**person.headers, "Origin": "http://evil.example"}, "no origin": {**person.headers, "Origin": "null"},
        "a sister site": {**person.headers, "Sec-Fetch-Site": "same-site"}, "a kiosk's cookie alone": kiosk,
    }.items():
        told = hall.ask("POST", "/tickets" if headers is kiosk else "/notices", headers, {"service": "x", "text": "uji", "from": "2026-11-03"})
        hall.count("forged posts")
        hall.expect((told.status, told.code) == (403, "csrf"), f"doors: a post with {name}: {told.status} {told.code}")
    for path in ("/healthz", f"{API}/me", "/socket.io/?EIO=4&transport=websocket", f"/media/{'a' * 64}.jpg"):
        told = ask(hall.address, "GET", path, {**cookie, "Origin": "http://evil.example"})
        open_to = [name for name in told.headers if name.lower().startswith("access-control-")]
        hall.expect(not open_to, f"doors: {path} may be read by another site's page: {open_to}")
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{hall.address[1]}.evil.example"):
        is_in = _joins(hall, Credential("another site", {**cookie, "Origin": origin}), "floor")
        hall.expect(not is_in, f"doors: a socket from {origin} was let in")


def strangers(hall: Hall) -> None:
    """Addresses nobody declared, and files: found by nobody, or open to everybody by intention."""
    for path in (
        "/api/v1/nothing", "/api/v2/me", "/admin/users", "/.git/config", "/.env", "/static/x", "/shared/", "/kiosk/-/", "/web/-/",
        "/shared/../server/web/app.py", "/shared/%2e%2e/templates/shared/base.html", "/kiosk/-/..%2f..%2fsetup.cfg", "/audio/../mpp.sqlite3.wav",
        "/audio/%2e%2e%2fmpp.sqlite3.wav", "/media/../mpp.sqlite3", "/media/..%2fmpp.sqlite3", "/media/" + "a" * 64 + ".jpg", "/brand/../../x.png",
        "/brand/nothing.png", "/first-run.json", "/var/first-run.json", "/server.json", "/mpp.sqlite3", "/console", "/socket.io/..%2f", "//etc/passwd",
    ):
        told = ask(hall.address, "GET", path)
        hall.count("addresses tried")
        hall.expect(told.status in (301, 308, 400, 401, 403, 404, 405), f"files: {path}: {told.status}")
        told_secrets = [what for secret, what in hall.secrets.items() if secret.encode() in told.body]
        hall.expect(b"SQLite format" not in told.body and not told_secrets, f"files: {path} tells {told_secrets or 'the database'}")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        told = ask(hall.address, method, "/api/v1/users", bearer(hall.tokens["cli"]))
        hall.expect(told.status == 405, f"files: {method} is answered {told.status}")
