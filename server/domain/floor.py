"""What the hall is: frozen records of one site's floor plan.

Built from the plain dict of a floor plan (`config/floor.py` documents its shape) or from
the database's rows. Times of day are minutes after local midnight, 0 to 1440.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Interval = tuple[int, int]
#: weekday index (Monday is 0) -> intervals of that day
Week = tuple[tuple[Interval, ...], ...]


def minutes(text: str) -> int:
    """'08:30' -> 510; '24:00' -> 1440."""
    hours, mins = text.split(":")
    return int(hours) * 60 + int(mins)


def week_of(data: Mapping[str, Any]) -> Week:
    """{'mon': [['08:00', '12:00'], ...], ...} -> Week; a missing day is closed."""
    return tuple(
        tuple((minutes(a), minutes(b)) for a, b in data.get(day, ())) for day in WEEKDAYS
    )


@dataclass(frozen=True)
class Policy:
    """The rules a supervisor may set. Ratio: k priority to 1 regular."""

    priority_mode: str = "ask"
    priority_ratio: int = 2
    max_wait_guard_s: int = 3600
    no_show_min_calls: int = 2
    no_show_wait_s: int = 60
    max_calls: int = 5
    put_back_places: int = 3
    return_places: int = 2
    call_starts_service: bool = False
    #: figures told by officer may be asked for
    officer_figures: bool = False
    priorities: tuple[Mapping[str, Any], ...] = ()
    #: alerts: percent of the promised wait and service, people in one line, an idle loket; 0 switches a rule off
    alert_wait_percent: int = 100
    alert_service_percent: int = 300
    alert_queue: int = 30
    alert_idle_s: int = 300
    #: service -> its own people in line and idle seconds, in place of the site's
    alert_queue_of: Mapping[str, int] = field(default_factory=dict)
    alert_idle_s_of: Mapping[str, int] = field(default_factory=dict)

    def queue_limit(self, service: str) -> int:
        """People in the service's line from which on it is an alert; 0: never."""
        return self.alert_queue_of.get(service, self.alert_queue)

    def idle_limit_s(self, service: str) -> int:
        """So long a loket may be empty while somebody waits for the service, s; 0: for ever."""
        return self.alert_idle_s_of.get(service, self.alert_idle_s)


@dataclass(frozen=True)
class Zone:
    code: str
    name: str
    color: str
    sound_group: str


@dataclass(frozen=True)
class Agency:
    code: str
    name: str
    short: str
    pictogram: str


@dataclass(frozen=True)
class Gerai:
    code: str
    agency: str
    name: str
    short: str
    zone: str
    place: str
    pictogram: str
    hours: Week | None
    cutoff_min: int | None


@dataclass(frozen=True)
class Counter:
    code: str
    gerai: str
    label: str
    number: int
    services: tuple[str, ...]
    weights: Mapping[str, int]


@dataclass(frozen=True)
class Series:
    code: str
    prefix: str
    width: int
    first: int
    last: int


@dataclass(frozen=True)
class Standard:
    """Standar pelayanan: the promise in seconds, with the version it was read from."""

    wait_s: int
    service_s: int
    version: str
    decree: str


@dataclass(frozen=True)
class Service:
    code: str
    gerai: str
    series: str
    name: Mapping[str, str]
    pictogram: str
    requirements: tuple[str, ...]
    cost: str
    quota: int | None
    cutoff_min: int | None
    hours: Week | None
    mode: str
    popular: int
    standard: Standard


@dataclass(frozen=True)
class Site:
    code: str
    name: str
    short: str
    timezone: str
    day_close_min: int
    address: str
    phone: str
    languages: tuple[str, ...]
    complaint: str
    front_desk: str = ""


@dataclass(frozen=True, eq=False)
class Floor:
    """One site whole. `version` is the seq of the event that last changed it.

    Never changed and compared by identity, so that what follows from it can be remembered.
    """

    site: Site
    policy: Policy
    hours: Week
    cutoff_min: int
    zones: Mapping[str, Zone]
    agencies: Mapping[str, Agency]
    gerai: Mapping[str, Gerai]
    counters: Mapping[str, Counter]
    series: Mapping[str, Series]
    services: Mapping[str, Service]
    version: int = 0
    serving: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def line_of(self, service: str) -> tuple[str, ...]:
        """Codes of the services that share this one's line, that is its series of numbers."""
        return self._lines[self.services[service].series]

    @cached_property
    def _lines(self) -> Mapping[str, tuple[str, ...]]:
        lines: dict[str, list[str]] = {}
        for row in self.services.values():
            lines.setdefault(row.series, []).append(row.code)
        return {series: tuple(codes) for series, codes in lines.items()}

    def counters_for(self, service: str) -> tuple[str, ...]:
        """Codes of the counters that serve `service`."""
        return self.serving.get(service, ())


Kind = TypeVar("Kind")


def _of(kind: Callable[..., Kind], row: Mapping[str, Any]) -> Kind:
    """A row as its dataclass, without what only a newer release knows of: one that was put back must start on it (P14)."""
    return kind(**{one.name: row[one.name] for one in fields(kind) if one.name in row})  # type: ignore[arg-type]


def _site(data: Mapping[str, Any]) -> Site:
    return Site(
        code=data["code"],
        name=data["name"],
        short=data["short"],
        timezone=data["timezone"],
        day_close_min=minutes(data["day_close"]),
        address=data["address"],
        phone=data["phone"],
        languages=tuple(data["languages"]),
        complaint=data["complaint"],
        front_desk=data.get("front_desk", ""),
    )


def _gerai(row: Mapping[str, Any]) -> Gerai:
    hours = week_of(row["hours"]) if row["hours"] is not None else None
    return _of(Gerai, {**row, "hours": hours})


def _counter(row: Mapping[str, Any], services: list[Mapping[str, Any]]) -> Counter:
    own = tuple(s["code"] for s in services if s["gerai"] == row["gerai"])
    chosen = tuple(row["services"]) if row["services"] else own
    return _of(Counter, {**row, "services": chosen, "weights": MappingProxyType(dict(row["weights"]))})


def _service(row: Mapping[str, Any]) -> Service:
    return _of(
        Service,
        {
            **row,
            "requirements": tuple(row["requirements"]),
            "hours": week_of(row["hours"]) if row["hours"] is not None else None,
            "standard": _of(Standard, row["standard"]),
        },
    )


def policy_from(row: Mapping[str, Any]) -> Policy:
    """The rules of calling from their plain dict."""
    return _of(Policy, {**row, "priorities": tuple(row["priorities"])})


def floor_from(data: Mapping[str, Any], version: int = 0) -> Floor:
    """Build a Floor from a checked floor plan's plain dict."""
    services = {row["code"]: _service(row) for row in data["services"]}
    counters = {row["code"]: _counter(row, data["services"]) for row in data["counters"]}
    return Floor(
        site=_site(data["site"]),
        policy=policy_from(data["policy"]),
        hours=week_of(data["hours"]),
        cutoff_min=data["cutoff_min"],
        zones={row["code"]: _of(Zone, row) for row in data["zones"]},
        agencies={row["code"]: _of(Agency, row) for row in data["agencies"]},
        gerai={row["code"]: _gerai(row) for row in data["gerai"]},
        counters=counters,
        series={row["code"]: _of(Series, row) for row in data["series"]},
        services=services,
        version=version,
        serving={
            code: tuple(c.code for c in counters.values() if code in c.services)
            for code in services
        },
    )
