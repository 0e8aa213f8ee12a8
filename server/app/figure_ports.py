"""What the figures ask of storage: stops and visits of a stretch of dates, as rows of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from server.domain.events import Event


@dataclass(frozen=True)
class Span:
    """Business dates `first` to `last` of the site's clock; `gerai`: of these only, None: of all.

    `told`: what a stop is told by -> the values that are meant; a stop has to match all of them.
    """

    first: date
    last: date
    timezone: str
    gerai: frozenset[str] | None = None
    told: Mapping[str, frozenset[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """The stops that a figure counts: those with this `Fact`, those whose time of this name is known, longer than
    `over_s` and up to `upto_s` seconds; None: whatever it is."""

    fact: int | None = None
    time: str | None = None
    over_s: int | None = None
    upto_s: int | None = None


#: rows of one kind, some thousands at once
Block = Sequence[Sequence[Any]]


class Figures(Protocol):
    """What happened, as numbers (`server/app/counting.py` adds them up)."""

    def stops(self, span: Span, by: Sequence[str]) -> Iterator[Block]: ...
    def visits(self, span: Span, by: Sequence[str]) -> Iterator[Block]: ...
    def behind(self, span: Span, counted: Counted, after: int, limit: int) -> list[Mapping[str, Any]]: ...
    def n_behind(self, span: Span, counted: Counted) -> int: ...
    def places(self) -> Mapping[str, tuple[str, str]]: ...
    def homes(self) -> Mapping[str, str]: ...
    def refused(self, span: Span) -> list[tuple[str, str, date, int]]: ...
    def told(self, types: Sequence[str], since: datetime, until: datetime) -> list[Event]: ...
    def flips(self, types: Sequence[str], name: str, since: datetime, until: datetime) -> list[Event]: ...
    def first_day(self) -> date | None: ...
    def days(self, first: date, last: date) -> list[tuple[date, datetime, datetime | None]]: ...
