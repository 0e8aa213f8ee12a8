"""A floor as a supervisor may meet it: so many gerai, calm, busy or broken; made of a real view."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route

from tests.faces.staff.mall import Mall

PROMISED_S = 900
SHORT = ("DPMPTSP", "Dukcapil", "BPJS Ketenagakerjaan", "BPJS Kesehatan", "Pos Indonesia", "Kejaksaan Negeri", "Kemenkumham", "Pengadilan Agama",
         "Satlantas Polres", "PLN", "Perpustakaan Daerah", "KPP Pratama")


def floor_of(view: dict[str, Any], count: int, state: str) -> dict[str, Any]:
    """The same view with `count` gerai in this state."""
    made = deepcopy(view)
    at, data = made["at"], made["data"]
    kinds = data["gerai"]
    data["gerai"] = [_gerai(deepcopy(kinds[n % len(kinds)]), n, state, at) for n in range(count)]
    if state == "broken":
        for row in [*data["devices"], *data["printers"]]:
            is_printer = row in data["printers"]
            row.update(state="paper_out" if is_printer else "down", since=_ago(at, 260))
        texts = ("Pencetak 1: kertas habis, 3 karcis menunggu, 1 tidak atau belum pasti tercetak", "Layar petugas Maria di Loket 4 tidak terhubung",
                 "Dinas Kependudukan, KTP-el: ada yang menunggu lebih dari 15 menit")
        data["alerts"] = [
            {"key": f"x.{n}", "code": ("counter_idle", "device_down", "wait_over")[n % 3], "gerai": None, "text": text, "since": _ago(at, 300 * n + 60),
             "acked": {"by": "user:pengawas", "at": at} if n == 1 else None} for n, text in enumerate(texts * 3)
        ]
        data["exceptions"] = [
            {"seq": 90 - n, "at": _ago(at, 60 * n), "type": "TicketPicked", "actor": "user:budi", "gerai": "G1", "text": f"A-{n:03d} dipanggil di luar urutan"}
            for n in range(20)
        ]
    return made


def shown(mall: Mall, page: Page, view: dict[str, Any]) -> None:
    """Open the page with this view instead of the server's."""
    page.unroute_all()
    page.route("**/api/v1/views/floor", lambda route: _give(route, view))
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto(mall.address("/supervisor"))
    page.locator(".gerai-card").nth(len(view["data"]["gerai"]) - 1).wait_for()


def _give(route: Route, view: dict[str, Any]) -> None:
    route.fulfill(body=json.dumps(view), content_type="application/json")


def _ago(at: str, seconds: float) -> str:
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")) - timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _gerai(row: dict[str, Any], n: int, state: str, at: str) -> dict[str, Any]:
    waited_s = {"calm": 60 * (n % 5), "busy": 90 * (n % 22), "broken": 110 * (n % 22)}[state]
    waiting = 0 if n % 5 == 0 and state == "calm" else 1 + (n * 7) % (4 if state == "calm" else 28)
    row.update(
        code=f"G{n}", short=SHORT[n % len(SHORT)], waiting=waiting, promised_wait_s=PROMISED_S,
        longest_queued_at=_ago(at, waited_s) if waiting else None,
        near_at=_ago(at, waited_s - PROMISED_S * 0.75) if waiting else None,
        over_at=_ago(at, waited_s - PROMISED_S) if waiting else None,
    )  # fmt: skip
    for service in row["services"]:
        service.update(open=not (state == "broken" and n % 6 == 0), reason="gerai_closed", opens_at=None)
    for place, counter in enumerate(row["counters"]):
        counter.update(_loket(counter, (place + n) % 5, state, n, at))
    return row


def _loket(counter: dict[str, Any], kind: int, state: str, n: int, at: str) -> dict[str, Any]:
    officer = {"username": "x", "name": "Maria Goreti Seran"}
    told = {"code": f"{counter['code']}-{n}", "state": "open", "officer": officer, "since": _ago(at, 4000), "leg": None, "lost_since": None}
    if kind == 0 or state == "calm" and kind == 1:
        return {**told, "state": "closed", "officer": None}
    if kind == 1:
        return {**told, "state": "paused", "pause_reason": "Salat", "since": _ago(at, 420)}
    if kind == 2 and state == "broken":
        return {**told, "lost_since": _ago(at, 95)}
    if kind == 3:
        return told
    leg = {"number": f"A-{n:03d}", "state": "serving", "started_at": _ago(at, 60 * (n % 30)), "last_called_at": at, "promised_service_s": 900}
    return {**told, "leg": leg}
