"""How the day is laid over business time: moments, counters, shifts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from server.simulate.hall import Hall
from server.simulate.officer import Shift
from server.simulate.options import CannotRun, Options
from server.simulate.shape import FIRST_MIN, LAST_MIN
from server.simulate.traits import MEDIAN_SHARE, SIGMA

#: officers are busy this share of their time when the day is planned
LOAD = 0.75
#: latest minute of the day at which officers go home
HOME_MIN = 1050
#: nothing useful fits into less
LEAST_WINDOW_MIN = 30
_LUNCH, _FRIDAY_PRAYER = (690, 765), (690, 700)


@dataclass(frozen=True)
class Course:
    """Minute of the planned day -> moment. `pace`: business seconds per planned second."""

    first: datetime
    since_min: float
    pace: float

    def at(self, minute: float) -> datetime:
        return self.first + timedelta(minutes=(minute - FIRST_MIN) * self.pace)


def course_of(options: Options, hall: Hall, now: datetime) -> Course:
    """The day at its own hours, or squeezed. Raises CannotRun when too little of it is left."""
    if options.minutes is not None:
        return Course(now + timedelta(seconds=5), FIRST_MIN, options.minutes / (LAST_MIN - FIRST_MIN))
    midnight = datetime.combine(hall.date, time(), hall.zone)
    since_min = (now - midnight).total_seconds() / 60
    if LAST_MIN - since_min < LEAST_WINDOW_MIN:
        raise CannotRun("Hari layanan hampir habis; pakai --minutes untuk hari yang dipadatkan mulai sekarang.")
    return Course(midnight + timedelta(minutes=FIRST_MIN), max(FIRST_MIN, since_min), 1.0)


@dataclass(frozen=True)
class Desks:
    """How many counters each gerai opens, and how fast it must work so that the day fits."""

    counters: Mapping[str, int]
    speed: Mapping[str, float]


def desks_of(hall: Hall, tickets: int, most_per_gerai: int | None) -> Desks:
    """`most_per_gerai`: as many officers as there are; None: one for every counter."""
    demand_s: dict[str, float] = defaultdict(float)
    popular = sum(service.popular for service in hall.services.values()) or 1
    mean_share = MEDIAN_SHARE * math.exp(SIGMA**2 / 2)
    for service in hall.services.values():
        share = service.popular / popular
        demand_s[service.gerai] += tickets * share * (service.service_s * mean_share + 60)
    work_s = (LAST_MIN - FIRST_MIN - 45) * 60 * LOAD
    counters, speed = {}, {}
    for gerai, codes in hall.counters.items():
        most = min(len(codes), most_per_gerai or len(codes))
        counters[gerai] = max(1, min(most, math.ceil(demand_s[gerai] / work_s)))
        speed[gerai] = min(1.0, counters[gerai] * work_s / demand_s[gerai]) if demand_s[gerai] else 1.0
    return Desks(counters, speed)


def shift_of(rng: Random, course: Course, hall: Hall) -> Shift:
    """Open around eight, one pause around noon (all of the Friday prayer), home in the end."""
    since, until = _FRIDAY_PRAYER if hall.is_friday else _LUNCH
    pause_min = rng.uniform(since, until)
    length_min = rng.uniform(75, 80) if hall.is_friday else rng.uniform(20, 45)
    return Shift(
        opens_at=course.at(rng.uniform(FIRST_MIN - 5, FIRST_MIN + 10)),
        pause=(course.at(pause_min), course.at(pause_min + length_min)),
        ends_at=course.at(HOME_MIN),
    )
