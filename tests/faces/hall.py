"""Views of the hall of Kota Kupang as the real server would make them, from the real plan."""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from typing import Any

from config import layouts
from server.domain.layout import parse
from tests.faces.stage import ROOT

DATE = "2026-11-03"


@cache
def plan(name: str = "kota-kupang") -> dict[str, Any]:
    with (ROOT / "config" / "floors" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def site(name: str = "kota-kupang") -> dict[str, Any]:
    floor = plan(name)
    return {
        "code": "KUPANG", "name": floor["site"]["name"], "timezone": "Asia/Makassar", "simulated": False,
        "languages": ["id", "en"], "priority_mode": "ask", "public_url": None,
        "priorities": [
            {"code": row["code"], "name": {"id": row["name"], "en": row.get("name_en", row["name"])}}
            for row in floor.get("priority", ())
        ],
    }


def _service(row: dict[str, Any], place: int) -> dict[str, Any]:
    return {
        "code": row["code"], "name": {"id": row["name"], "en": row.get("name_en", row["name"])},
        "gerai": row["gerai"], "pictogram": row.get("pictogram", "document"), "open": True, "reason": None,
        "opens_at": None, "closes_at": None, "waiting": place % 7, "ahead": place % 7,
        "estimate": {"from_s": 600, "to_s": 900} if place % 3 else None,
        "requirements": row.get("requirements", []), "cost": row.get("cost", "Gratis"),
        "standard": {"wait_s": 1800, "service_s": row.get("service_min", 10) * 60, "version": "contoh"},
        "popular": row.get("popular", 0),
    }


def kiosk(printer_state: str = "ready", name: str = "kota-kupang") -> dict[str, Any]:
    """Data of room kiosk:K1, in the hall of a floor plan."""
    floor = plan(name)
    agencies = {row["code"]: row for row in floor["agency"]}
    return copy.deepcopy(
        {
            "site": site(name), "date": DATE,
            "device": {
                "code": "K1", "name": "Kiosk 1", "zone": "BIRU",
                "printer": {"code": "P1", "state": printer_state, "cause": None, "since": None},
            },
            "zones": [{"code": row["code"], "name": row["name"], "color": row["color"]} for row in floor["zone"]],
            "gerai": [
                {
                    "code": row["code"], "name": row["name"], "short": row["short"], "zone": row["zone"],
                    "pictogram": agencies[row["agency"]]["pictogram"], "agency": agencies[row["agency"]]["name"],
                }
                for row in floor["gerai"]
            ],
            "services": [_service(row, place) for place, row in enumerate(floor["service"])],
            "prints": [],
        }
    )


def issued(service: str = "DKC-KTP", number: str = "B-014", ahead: int = 3) -> dict[str, Any]:
    """The answer of POST /tickets."""
    return {
        "id": 41, "number": number, "token": "t" * 22, "url": None, "service": service,
        "service_name": {"id": "Cetak KTP-el", "en": "Print ID card (KTP-el)"}, "gerai": "DKC", "gerai_name": "Dukcapil",
        "zone": "BIRU", "zone_name": "Zona Biru", "counters": ["Loket 1", "Loket 2", "Loket 3", "Loket 4"],
        "ahead": ahead, "estimate": {"from_s": 600, "to_s": 900}, "business_date": DATE,
        "issued_at": "2026-11-03T00:30:05.000Z", "priority": None, "language": "id",
        "print": {"state": "queued", "printer": "P1", "job": 9},
    }


def call(call_id: int, number: str = "B-014", at: str = "2026-11-03T00:29:55.000Z", **changes: Any) -> dict[str, Any]:
    return {
        "call_id": call_id, "at": at, "number": number, "counter": "DKC-2", "counter_label": "Loket 2", "gerai": "DKC",
        "gerai_name": "Dukcapil", "zone": "BIRU", "zone_name": "Zona Biru", "zone_color": "#1D4ED8", "count": 1,
        "language": "id", "recall": False, "spoken": False, **changes,
    }


def display(calls: list[dict[str, Any]], over: tuple[str, ...] = (), aside: tuple[str, ...] = ()) -> dict[str, Any]:
    """Data of room display:TV1; each visitor called is at the loket still, but for the numbers `over` or set `aside`."""
    floor = plan()
    return {
        "site": {"name": floor["site"]["name"], "timezone": "Asia/Makassar", "simulated": False}, "date": DATE,
        "display": {"code": "TV1", "name": "TV lobi", "zone": "BIRU", "sound_group": "AULA", "speaks": True, "deputy": False,
                    "shared": False, "beat_s": 5, "volume": 100, "commands": []},
        "calls": calls,
        "serving": [
            {**{name: row[name] for name in ("counter", "counter_label", "gerai", "gerai_name", "number")}, "state": "called"}
            for row in calls if row["number"] not in (*over, *aside)
        ],
        "set_aside": [row["call_id"] for row in calls if row["number"] in aside],
        "waiting": [
            {"gerai": row["code"], "gerai_name": row["name"], "waiting": place * 3 % 11}
            for place, row in enumerate(floor["gerai"])
        ],
        "notices": [], "closures": [], "media": [],
        "layout": layout("panggilan"),
    }


def layout(name: str, board: list[dict[str, Any]] | None = None, distance_m: int = 5) -> dict[str, Any]:
    """A ready layout as a display's view tells it, on a TV of 43 inches; `board`: the lokets of its boards, the first its sign's."""
    rows = parse(layouts.load()[name]).rows
    parts = {"board": {"rows": board or lokets(12)}, "counter": {"row": (board or lokets(1))[0]}, "ticker": {"words": "Selamat datang"}}
    return {
        "distance_m": distance_m, "diagonal_in": 43, "gerai": None,
        "rows": [
            {"kind": row.kind, "share": row.share,
             "parts": [{"part": one.name, "share": one.share, "distance_m": one.distance_m, **parts.get(one.name, {})} for one in row.parts]}
            for row in rows
        ],
    }  # fmt: skip


def lokets(count: int, name: str = "kota-kupang") -> list[dict[str, Any]]:
    """So many lokets of the gerai of a floor plan in turn, in every state."""
    gerai = plan(name)["gerai"]
    states = ("called", "serving", "open", "paused", "closed")
    return [
        {"counter": f"L-{n}", "label": f"Loket {n // len(gerai) + 1}", "gerai": row["code"], "gerai_name": row["name"], "gerai_short": row["short"],
         "zone_name": "Zona Biru", "zone_color": "#1D4ED8", "state": states[n % 5],
         "number": f"{row['code'][:4]}-{n + 1:03}" if n % 5 < 2 else None}
        for n, row in ((n, gerai[n % len(gerai)]) for n in range(count))
    ]  # fmt: skip
