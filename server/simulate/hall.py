"""The hall as the running server tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Service:
    """`service_s`: the promised time of the standard, seconds."""

    code: str
    gerai: str
    popular: int
    service_s: float


@dataclass(frozen=True)
class Hall:
    """`counters`: gerai -> codes. `policy`: the rules of calling as `GET /policy` gives them.

    `weights`: counter -> service -> weight in the choice of who is next; None: the server does not tell them.
    """

    site: str
    zone: ZoneInfo
    date: date
    simulated: bool
    languages: tuple[str, ...]
    priorities: tuple[str, ...]
    zones: tuple[str, ...]
    services: Mapping[str, Service]
    counters: Mapping[str, tuple[str, ...]]
    policy: Mapping[str, Any]
    weights: Mapping[str, Mapping[str, int]] | None = None

    @property
    def is_friday(self) -> bool:
        return self.date.weekday() == 4


def hall_from(kiosk_view: Mapping[str, Any], counters: list[Mapping[str, Any]], policy: Mapping[str, Any]) -> Hall:
    """Put together a kiosk's view, the list of counters and the rules of calling."""
    data = kiosk_view["data"]
    site = data["site"]
    desks: dict[str, list[str]] = defaultdict(list)
    for row in counters:
        desks[row["gerai"]].append(row["code"])
    return Hall(
        site=site["name"],
        zone=ZoneInfo(site["timezone"]),
        date=date.fromisoformat(data["date"]),
        simulated=bool(site["simulated"]),
        languages=tuple(site["languages"]),
        priorities=tuple(row["code"] for row in site["priorities"]) if site["priority_mode"] == "ask" else (),
        zones=tuple(row["code"] for row in data["zones"]),
        services={
            row["code"]: Service(
                row["code"], row["gerai"], int(row["popular"]), float(row["standard"]["service_s"] or 600)
            )
            for row in data["services"]
        },
        counters={gerai: tuple(codes) for gerai, codes in desks.items()},
        policy=policy,
        weights={row["code"]: row["weights"] for row in counters} if all("weights" in row for row in counters) else None,
    )
