"""A hall of three gerai in two sound groups, and the rows of a snapshot of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config import texts
from server.app.snapshot import (
    Call,
    CounterSession,
    DeviceRow,
    PrinterRow,
    PrintJob,
    SiteFacts,
    Snapshot,
    Stop,
)
from server.domain.floor import Floor, floor_from
from server.domain.tickets import Leg, State, Ticket

DAY = date(2026, 11, 3)
#: 09.00 WITA on Tuesday 3 November 2026: everything is open until the cut-off at 14.30
NINE = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
SITE = SiteFacts(texts=texts.load("id"))
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), [["08:00", "12:00"], ["13:00", "15:00"]])
#: gerai -> (zone, services)
GERAI = {"DKC": ("A", ("KTP", "KK")), "PJK": ("A", ("NPWP",)), "SAM": ("B", ("STNK",))}


def later(seconds: float) -> datetime:
    """So many seconds after nine."""
    return NINE + timedelta(seconds=seconds)


def _service(code: str, gerai: str) -> dict[str, Any]:
    standard = {"wait_s": 600, "service_s": 900, "version": "1", "decree": ""}
    row = {"code": code, "gerai": gerai, "series": gerai, "name": {"id": f"Layanan {code}"}}
    rest = {"quota": None, "cutoff_min": None, "hours": None, "mode": "langsung", "popular": 0}
    words = {"pictogram": "kartu", "requirements": ["KTP lama"], "cost": "Gratis"}
    return {**row, **rest, **words, "standard": standard}


def make_floor(**other: Any) -> Floor:
    """Each gerai has counters <gerai>-1 and <gerai>-2, labelled 'Loket 1' and 'Loket 2'."""
    site = {"code": "KPG", "name": "MPP Contoh", "short": "MPP", "timezone": "Asia/Makassar"}
    site |= {"day_close": "17:00", "address": "Jalan Contoh 1", "phone": "", "complaint": "SP4N"}
    priorities = [{"code": "lansia", "name": {"id": "Lansia", "en": "Senior citizen"}}]
    gerai = [
        {"code": code, "agency": code, "name": f"Gerai {code}", "short": code, "zone": zone}
        | {"place": "Lantai 1", "pictogram": "gedung", "hours": None, "cutoff_min": None}
        for code, (zone, _) in GERAI.items()
    ]
    counters = [
        {"code": f"{code}-{n}", "gerai": code, "label": f"Loket {n}", "number": n}
        | {"services": [], "weights": {}}
        for code in GERAI
        for n in (1, 2)
    ]
    data = {
        "site": {**site, "languages": ["id", "en"]},
        "policy": {"priorities": priorities},
        "hours": WEEK,
        "cutoff_min": 30,
        "zones": [
            {"code": z, "name": f"Zona {z}", "color": "#000", "sound_group": z} for z in "AB"
        ],
        "agencies": [
            {"code": c, "name": f"Dinas {c}", "short": c, "pictogram": "gedung"} for c in GERAI
        ],
        "gerai": gerai,
        "counters": counters,
        "series": [],
        "services": [_service(s, g) for g, (_, services) in GERAI.items() for s in services],
    }
    return floor_from({**data, **other})


def stop(id: int, service: str = "KTP", state: State = State.WAITING, **other: Any) -> Stop:
    """Ticket and leg `id`, queued and ranked `id` seconds after nine."""
    gerai = next(code for code, (_, services) in GERAI.items() if service in services)
    at = later(id)
    ticket = Ticket(
        id, DAY, gerai, id, f"A-{id:03d}", f"token{id}", service, at, "kiosk", "mandiri", "K1", "id"
    )
    row: dict[str, Any] = {"queued_at": at, "rank_at": at, "rank_seq": id, "ahead": 0}
    row |= {"promised_wait_s": 600, "promised_service_s": 900, "standard_version": "1"}
    leg = Leg(
        id=id, ticket=id, business_date=DAY, position=1, service=service, gerai=gerai,
        state=state, open_counters=1, **{**row, **other},
    )
    return ticket, leg


def served(id: int, counter: str, state: State = State.CALLED, service: str = "KTP") -> Stop:
    """A stop called or served at a counter."""
    return stop(id, service, state, counter=counter, officer="budi", call_count=1,
                first_called_at=later(id), last_called_at=later(id))


def call(id: int, after_s: float, gerai: str = "DKC", **other: Any) -> Call:
    """Call `id` at counter <gerai>-1, `after_s` seconds after nine."""
    row: dict[str, Any] = {"count": 1, "language": "id", "kind": "call", "leg": id, "ticket": id}
    row |= {"label": f"A-{id:03d}", "counter": f"{gerai}-1"}
    return Call(id=id, at=later(after_s), gerai=gerai, **{**row, **other})


def session(counter: str, *services: str, **other: Any) -> CounterSession:
    return CounterSession(counter, "budi", "Budi", later(0), services, **other)


def device(code: str, kind: str, zone: str | None = "A", state: str = "up", **other: Any) -> DeviceRow:
    row = {"name": f"Layar {code}", "printer": "P1" if kind == "kiosk" else None}
    return DeviceRow(code=code, kind=kind, zone=zone, state=state, since=NINE, **{**row, **other})


def slip_job(id: int, after_s: float, device_code: str = "K1", gerai: str = "DKC") -> PrintJob:
    return PrintJob(id, id, f"A-{id:03d}", gerai, device_code, "P1", 0, "confirmed", None, later(after_s))


def make_snapshot(**other: Any) -> Snapshot:
    """K1, TV1 (zone A), TV2 (zone B), TV9 (whole hall), printer P1; nobody in it."""
    devices = (
        device("K1", "kiosk"),
        device("TV1", "display", "A"),
        device("TV2", "display", "B"),
        device("TV9", "display", None),
    )
    printers = (PrinterRow("P1", "Pencetak 1", "ready", None, NINE, "PH1"),)
    snap = Snapshot(7, "e1", make_floor(), DAY, devices=devices, printers=printers)
    return replace(snap, **other)


ROOMS = ("kiosk:K1", "display:TV1", "display:TV2", "display:TV9", "gerai:DKC", "gerai:SAM", "floor", "desk")
