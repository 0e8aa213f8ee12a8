"""A small hall and its records, for tests of the rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.domain.calendar import Override
from server.domain.floor import Floor, floor_from
from server.domain.queueing import Waiting
from server.domain.tickets import Leg, State, Ticket

ZONE = "Asia/Makassar"
#: Tuesday 3 November 2026, 08.00 WITA
TUESDAY = date(2026, 11, 3)
EIGHT = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
WEEKDAY = [["08:00", "12:00"], ["13:00", "15:00"]]
FRIDAY = [["08:00", "11:30"], ["13:30", "15:00"]]
WEEK = {**dict.fromkeys(("mon", "tue", "wed", "thu"), WEEKDAY), "fri": FRIDAY}


def at(text: str, day: date = TUESDAY) -> datetime:
    """'08:30' WITA on a date, as UTC; also '08:30:05'."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}+08:00").astimezone(UTC)


def _gerai(code: str, **other: Any) -> dict[str, Any]:
    row = {"code": code, "agency": code, "name": f"Gerai {code}", "short": code, "zone": "A"}
    return {**row, "place": "", "pictogram": "", "hours": None, "cutoff_min": None, **other}


def _service(code: str, gerai: str, **other: Any) -> dict[str, Any]:
    row = {"code": code, "gerai": gerai, "series": gerai, "name": {"id": f"Layanan {code}"}}
    free = {"quota": None, "cutoff_min": None, "hours": None, "requirements": [], "cost": ""}
    standard = {"wait_s": 600, "service_s": 900, "version": "1", "decree": ""}
    rest = {"pictogram": "", "mode": "langsung", "popular": 0, "standard": standard}
    return {**row, **free, **rest, **other}


def make_floor(
    services: Mapping[str, Mapping[str, Any]] | None = None,
    gerai: Mapping[str, Mapping[str, Any]] | None = None,
    **other: Any,
) -> Floor:
    """Gerai DKC with KTP and KK, gerai PJK with NPWP; `services`, `gerai` change their rows."""
    more, own = services or {}, gerai or {}
    at_gerai = {"KTP": "DKC", "KK": "DKC", "NPWP": "PJK"}
    site = {"code": "KPG", "name": "MPP", "short": "MPP", "timezone": ZONE, "day_close": "17:00"}
    data: dict[str, Any] = {
        "site": {**site, "address": "", "phone": "", "languages": ["id"], "complaint": ""},
        "policy": {"priorities": [{"code": "lansia"}]},
        "hours": WEEK,
        "cutoff_min": 30,
        "zones": [{"code": "A", "name": "Zona A", "color": "#000", "sound_group": "A"}],
        "agencies": [],
        "gerai": [_gerai(code, **own.get(code, {})) for code in ("DKC", "PJK")],
        "counters": [],
        "series": [],
        "services": [_service(c, g, **more.get(c, {})) for c, g in at_gerai.items()],
    }
    data["site"] |= other.pop("site", {})
    return floor_from({**data, **other})


def override(kind: str, scope: str = "site", target: str | None = None, **other: Any) -> Override:
    base = {"id": 1, "date_from": TUESDAY, "date_to": TUESDAY, "intervals": ()}
    return Override(**{**base, "reason": "uji", "by": "user:uji", **other},
                    kind=kind, scope=scope, target=target)  # type: ignore[arg-type]


def person(seq: int, after_s: float = 0, **other: Any) -> Waiting:
    """Somebody in the line for KTP, ranked `after_s` seconds after eight."""
    when = EIGHT + timedelta(seconds=after_s)
    row = {"leg": seq, "ticket": seq, "service": "KTP", "priority": False}
    return Waiting(**{**row, "rank_at": when, "rank_seq": seq, "queued_at": when, **other})


def make_ticket(id: int = 1, **other: Any) -> Ticket:
    row: dict[str, Any] = {"business_date": TUESDAY, "series": "DKC", "number": id, "token": "t"}
    row |= {"label": f"A-{id:03d}", "service": "KTP", "issued_at": EIGHT, "channel": "kiosk"}
    row |= {"mode": "mandiri", "device": "K1", "language": "id"}
    return Ticket(**{"id": id, **row, **other})


def make_leg(id: int = 1, **other: Any) -> Leg:
    row: dict[str, Any] = {"ticket": 1, "business_date": TUESDAY, "position": 1, "ahead": 0}
    row |= {"service": "KTP", "gerai": "DKC", "state": State.WAITING, "queued_at": EIGHT}
    row |= {"rank_at": EIGHT, "rank_seq": id, "promised_wait_s": 600, "promised_service_s": 900}
    row |= {"standard_version": "1", "open_counters": 1}
    return Leg(**{"id": id, **row, **other})
