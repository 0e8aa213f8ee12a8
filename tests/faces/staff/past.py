"""Days that are over, written as rows into the data of a server that does not run yet: what the history pages look back on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, select

from server.storage.database import url_of
from server.storage.schema.floor import counter, gerai, service
from server.storage.schema.hall import leg, ticket
from server.storage.schema.log import business_day, refusal

#: service -> its promise of waits, s
SERVICES = {"DKC-KTP": 1800, "DKC-KK": 1800, "PTSP-NIB": 1200, "BPD-PBB": 900}
#: how busy each hour of the day is
HOURS = {8: 3, 9: 6, 10: 7, 11: 5, 12: 1, 13: 4, 14: 3, 15: 1}


def dates(first: date, last: date) -> list[date]:
    """Monday to Friday."""
    found = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in found if day.weekday() < 5]


def add_past(data: Path, days: Iterable[date], visits: int, zone: str = "Asia/Makassar", seed: int = 5) -> None:
    """`visits` finished or lost visits on each date, a refusal beside; times and hours differ, the same in each run."""
    engine = create_engine(url_of("", data))
    random = Random(seed)
    with engine.begin() as connection:
        site = connection.execute(select(gerai.c.site)).scalars().first()
        places = {code: place for code, place in connection.execute(select(service.c.code, service.c.gerai))}
        lokets: dict[str, list[str]] = {}
        for code, place in connection.execute(select(counter.c.code, counter.c.gerai)):
            lokets.setdefault(place, []).append(code)
        for day in days:
            opened = datetime.combine(day, time(8), ZoneInfo(zone)).astimezone(UTC)
            connection.execute(business_day.insert().values(site=site, date=day, opened_at=opened, closed_at=opened + timedelta(hours=8), head_seq=0, head_hash="0" * 64))
            connection.execute(refusal.insert().values(site=site, business_date=day, actor="device:K1", key=f"no-{day}", service="DKC-KTP", reason="quota_reached", at=opened))
            made = [_visit(random, site, day, zone, number, places, lokets) for number in range(1, visits + 1)]
            for given, stop in made:
                key = connection.execute(ticket.insert().values(**given)).inserted_primary_key
                connection.execute(leg.insert().values(ticket=key[0] if key else None, **stop))
    engine.dispose()


def _visit(
    random: Random, site: str | None, day: date, zone: str, number: int, places: dict[str, str], lokets: dict[str, list[str]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    code = random.choice(list(SERVICES))
    hour = random.choices(list(HOURS), list(HOURS.values()))[0]
    queued = datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC) + timedelta(seconds=random.randrange(3600))
    state = random.choices(["finished", "no_show", "expired"], [90, 6, 4])[0]
    wait_s, served_s = int(random.expovariate(1 / (300 + 90 * HOURS[hour]))), 120 + int(random.expovariate(1 / 300))
    is_called, is_served = state != "expired", state == "finished"
    called = queued + timedelta(seconds=wait_s) if is_called else None
    started = called + timedelta(seconds=20) if called and is_served else None
    ended = started + timedelta(seconds=served_s) if started else (called or queued) + timedelta(minutes=5)
    place = places[code]
    given = {
        "site": site, "business_date": day, "series": place, "number": number, "label": f"{place[0]}-{number:03}", "token": f"{day}-{number}",
        "service": code, "issued_at": queued, "channel": random.choice(["kiosk", "kiosk", "petugas"]), "mode": "langsung", "device": "K1",
        "actor": "device:K1", "language": "id", "priority": random.choice([None, None, None, "lansia"]), "priority_state": None,
    }  # fmt: skip
    stop = {
        "site": site, "business_date": day, "position": 1, "service": code, "gerai": place, "state": state, "is_priority": False,
        "queued_at": queued, "rank_at": queued, "rank_seq": number, "origin": "issued", "promised_wait_s": SERVICES[code],
        "promised_service_s": 600, "standard_version": "uji", "ahead": 0, "open_counters": 1, "first_called_at": called,
        "last_called_at": called, "call_count": int(is_called), "round_calls": int(is_called), "started_at": started, "ended_at": ended,
        "counter": random.choice(lokets[place]) if is_called else None, "officer": f"petugas-{place.lower()}" if is_called else None,
        "outcome": None, "wait_reliable": True, "service_reliable": True, "served_s": served_s if is_served else 0, "held_s": 0,
    }  # fmt: skip
    return given, stop
