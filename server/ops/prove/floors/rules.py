"""What the judge goes by: the floor plan's own words, and a call as the log tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Rules:
    """The floor plan's own words, read from the plan as it was given, not as the product keeps it."""

    zone: str
    policy: dict[str, int]
    #: local minutes: numbers are given from, until
    hours: tuple[int, int]
    quota: Mapping[str, int]
    #: service -> (series, last number)
    series: Mapping[str, tuple[str, int]]
    sound_group: Mapping[str, str]


@dataclass
class Told:
    """One call as the log tells it."""

    seq: int
    at: datetime
    label: str
    counter: str
    gerai: str
