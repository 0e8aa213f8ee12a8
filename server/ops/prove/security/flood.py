"""Figures of the long form: how long an officer's press takes while a kiosk, a program, phones or guessers flood the server."""

from __future__ import annotations

import json
import multiprocessing
import secrets
import socket
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from server.ops.bench.http_load import TIMEOUT_S, Asker, Wish, wish
from server.ops.prove.security.asking import API, Address, bearer
from server.ops.prove.security.slow import STRANGER
from server.ops.prove.security.stage import OWN, Hall, Person

#: seconds of each measurement, and connections that flood
EACH_S, AT_ONCE = 8.0, 16
#: what a flood may cost the officers: their p95 beside that without, in one run
MOST_RATIO = 2.0
#: what is asked by each kind of flood
Flood = Callable[[Hall, str], Wish]


def _kiosk_page(hall: Hall, service: str) -> Wish:
    """Touches of a kiosk's page, which is paced."""
    held = hall.browser("kiosk", "K1")
    headers = {"Cookie": f"mpp_browser={held}", "X-MPP-Device": "K1"}
    csrf = hall.keep("a CSRF token of K1's browser", hall.ask("GET", "/me", headers).json["csrf"])
    return _post("/tickets", {**headers, "X-CSRF-Token": csrf}, {"service": service})


def _program(hall: Hall, service: str) -> Wish:
    """Numbers taken by a program with a token of its own, as fast as it can."""
    return _post("/tickets", bearer(hall.tokens["API1"]), {"service": service})


def _kiosk_token(hall: Hall, service: str) -> Wish:
    """Numbers taken with a kiosk's own token, which no page paces."""
    return _post("/tickets", bearer(hall.tokens["K2"]), {"service": service})


def _phones(hall: Hall, service: str) -> Wish:
    """Looks at a ticket that is none."""
    return wish("GET", f"{API}/public/tickets/{secrets.token_urlsafe(16)}")


def _strangers(hall: Hall, service: str) -> Wish:
    """Wishes for a number without any proof."""
    return _post("/tickets", {}, {"service": service})


def _guessers(hall: Hall, service: str) -> Wish:
    """Log-ins under a name that is none."""
    return _post("/login", {}, {"username": "tidak-ada", "password": "salah sekali 1234"})


FLOODS: dict[str, Flood] = {
    "a kiosk's page": _kiosk_page, "a program": _program, "a kiosk's token": _kiosk_token, "phones": _phones, "strangers": _strangers, "guessers": _guessers,
}


def _post(path: str, headers: dict[str, str], body: dict[str, str]) -> Wish:
    return wish("POST", API + path, headers, json.dumps(body).encode(), keyed=True)


def figures(hall: Hall, officer: Person, service: str) -> list[str]:
    """Markdown lines. The officer pauses and resumes a counter, each press one act with its commit; breaks at MOST_RATIO."""
    calm = _presses(hall, officer, EACH_S)
    lines = [f"| nobody | | {len(calm)} | {_p95(calm):.0f} | 1.0 |"]
    for name, flood in FLOODS.items():
        came, took = _while_flooded(hall, officer, flood(hall, service))
        ratio = _p95(took) / _p95(calm)
        hall.expect(ratio <= MOST_RATIO, f"flood by {name}: an officer's press takes {ratio:.1f} times as long, at most {MOST_RATIO} is promised")
        lines.append(f"| {name} | {came / EACH_S:.0f} | {len(took)} | {_p95(took):.0f} | {ratio:.1f} |")
    head = [f"An officer's press while {AT_ONCE} connections of another address flood, all on this machine:", "", "| who floods | answers a second | presses | p95, ms | ratio |", "|---|---|---|---|---|"]
    return [*head, *lines, "", f"More than {MOST_RATIO} is a broken promise.", "", _guessing_time(hall)]


def _while_flooded(hall: Hall, officer: Person, one: Wish) -> tuple[int, list[float]]:
    spawning = multiprocessing.get_context("spawn")
    counted = spawning.Value("i", 0)
    pouring = spawning.Process(target=_pour, args=(hall.address, one, EACH_S + 1.0, counted), daemon=True)
    pouring.start()
    while not counted.value and pouring.is_alive():
        time.sleep(0.05)
    took = _presses(hall, officer, EACH_S)
    pouring.join(EACH_S + 30)
    return counted.value, took


def _pour(address: Address, one: Wish, duration_s: float, counted: object) -> None:
    """Ask on AT_ONCE connections until the time is over; a refusal is an answer like any other."""
    ends_s = time.monotonic() + duration_s

    def ask_on() -> None:
        while time.monotonic() < ends_s:
            with suppress(OSError), socket.create_connection(address, TIMEOUT_S, source_address=(STRANGER, 0)) as sock:
                asker = Asker(sock, one)
                while time.monotonic() < ends_s:
                    asker.ask()
                    while not asker.answered():
                        pass
                    with counted.get_lock():  # type: ignore[attr-defined] # multiprocessing's Value
                        counted.value += 1  # type: ignore[attr-defined]

    threads = [threading.Thread(target=ask_on) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _presses(hall: Hall, officer: Person, duration_s: float) -> list[float]:
    """Milliseconds of each press, pausing and resuming by turns; every one must be answered well."""
    took: list[float] = []
    ends_s = time.monotonic() + duration_s
    while time.monotonic() < ends_s or len(took) % 2:
        path, body = (f"/counters/{OWN}-2/resume", {}) if len(took) % 2 else (f"/counters/{OWN}-2/pause", {"reason": "uji"})
        began_s = time.perf_counter()
        told = hall.ask("POST", path, officer.headers, body)
        took.append((time.perf_counter() - began_s) * 1000)
        if told.status != 200:
            hall.broken.append(f"flood: an officer's press was answered {told.status} {told.code}")
            break
    return took


def _p95(took: list[float]) -> float:
    """Nearest rank."""
    return sorted(took)[max(0, -(-95 * len(took) // 100) - 1)]


def _guessing_time(hall: Hall) -> str:
    """Median time of a wrong password at names that exist and at names that do not, by turns; each name once."""
    names = [row[0] for row in hall.rows("SELECT username FROM person WHERE username LIKE 'petugas-%' AND active")]
    took: dict[bool, list[float]] = {True: [], False: []}
    for name in names:
        for is_known in (True, False):
            body = {"username": name if is_known else f"x{name}", "password": "salah sekali 1234"}
            began_s = time.perf_counter()
            hall.ask("POST", "/login", {}, body)
            took[is_known].append(time.perf_counter() - began_s)
    known, unknown = statistics.median(took[True]), statistics.median(took[False])
    return f"A wrong password takes {known * 1000:.0f} ms at a name that exists and {unknown * 1000:.0f} ms at one that does not (median of {len(names)}; ratio {unknown / known:.2f})."
