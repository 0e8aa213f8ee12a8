"""Counts, times and shares of many stops, kept apart by whatever they are told by (DESIGN section 7)."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from server.domain import measures
from server.domain.measures import TIMES, Fact, counted

Row = Mapping[str, Any]
Key = Hashable

#: reason of a refusal -> its column under `unmet`
UNMET = {
    "closed": "closed",
    "before_opening": "closed",
    "break": "closed",
    "holiday": "closed",
    "gerai_closed": "closed",
    "service_closed": "closed",
    "service_paused": "closed",
    "after_cutoff": "after_cutoff",
    "quota_reached": "quota",
}
#: what a row counts -> the fact of a stop that is counted
COUNTS = {
    "issued": Fact.ISSUED,
    "called": Fact.CALLED,
    "served": Fact.SERVED,
    "no_show": Fact.NO_SHOW,
    "cancelled": Fact.CANCELLED,
    "expired": Fact.EXPIRED,
    "transferred_in": Fact.TRANSFERRED_IN,
    "transferred_out": Fact.TRANSFERRED_OUT,
}


class Tally:
    """Stops added up by key; `times`: which of `measures.TIMES` are wanted."""

    def __init__(self, times: Sequence[str] = TIMES) -> None:
        self._facts: dict[Key, Counter[int]] = defaultdict(Counter)
        self._times: dict[str, dict[Key, array[int]]] = {name: defaultdict(_numbers) for name in times}
        self._running_s: Counter[Key] = Counter()

    def add(self, keys: Sequence[Key], columns: Mapping[str, Sequence[Any]]) -> None:
        """One more block of stops: their keys, and `facts`, `running` and the times, in the same order."""
        for (key, facts), n in Counter(zip(keys, columns["facts"], strict=True)).items():
            self._facts[key][facts] += n
        for name, heaps in self._times.items():
            if any(columns[name]):  # hardly anybody is on hold
                for key, value in zip(keys, columns[name], strict=True):
                    if value is not None:
                        heaps[key].append(value)
        if any(columns["running"]):
            for key, seconds in zip(keys, columns["running"], strict=True):
                self._running_s[key] += seconds

    def merged(self, key_of: Callable[[Any], Key]) -> Tally:
        """The same stops under fewer keys; `key_of`: key here -> key there."""
        fewer = Tally(tuple(self._times))
        for key, facts in self._facts.items():
            fewer._facts[key_of(key)].update(facts)
            fewer._running_s[key_of(key)] += self._running_s[key]
        for name, heaps in self._times.items():
            for key, values in heaps.items():
                heaps[key] = array("q", sorted(values))  # sorting what is made of sorted runs is quick
                fewer._times[name][key_of(key)].extend(heaps[key])
        return fewer

    def keys(self) -> Iterable[Key]:
        return self._facts

    def n(self, key: Key, fact: Fact) -> int:
        return counted(self._facts[key], fact) if key in self._facts else 0

    def legs(self, key: Key) -> int:
        return sum(self._facts[key].values()) if key in self._facts else 0

    def counts(self, key: Key) -> dict[str, int]:
        return {name: self.n(key, fact) for name, fact in COUNTS.items()}

    def waits(self, key: Key) -> Sequence[int]:
        return self._times["wait"].get(key, ())

    def summary(self, key: Key, name: str) -> measures.Summary:
        return measures.summary(self._times[name].get(key, ()))

    def within(self, key: Key) -> dict[str, int]:
        return measures.Share(self.n(key, Fact.IN_TIME), self.n(key, Fact.OF_TIME)).as_dict()

    def times(self, key: Key) -> dict[str, Any]:
        known = len(self._times["service_time"].get(key, ()))
        return {
            **{name: self.summary(key, name) for name in self._times},
            "within_standard": self.within(key),
            "within_standard_service": measures.Share(self.n(key, Fact.SERVICE_IN_TIME), known).as_dict(),
        }

    def pace(self, key: Key, open_s: int) -> dict[str, Any]:
        """Throughput and occupancy over `open_s` seconds of open counters; of none there is neither."""
        served = self.n(key, Fact.SERVED)
        serving_s = sum(self._times["service_time"].get(key, ())) + self._running_s[key]
        return {
            "throughput": {
                "served": served,
                "open_s": open_s,
                "per_hour": round(served * 3600 / open_s, 2) if open_s else None,
            },
            "occupancy": {
                "serving_s": serving_s,
                "open_s": open_s,
                "share": round(serving_s / open_s, 4) if open_s else None,
            },
        }


def _numbers() -> array[int]:
    return array("q")


class VisitTally:
    """Visits added up by key: each is (1 when it was left, its stay in seconds or None)."""

    def __init__(self) -> None:
        self._left: Counter[Key] = Counter()
        self._n: Counter[Key] = Counter()
        self._stays: dict[Key, array[int]] = defaultdict(_numbers)

    def add(self, keys: Sequence[Key], left: Sequence[int], stays: Sequence[int | None]) -> None:
        self._n.update(keys)
        for key, gone, stay in zip(keys, left, stays, strict=True):
            if gone:
                self._left[key] += 1
            if stay is not None:
                self._stays[key].append(stay)

    def row(self, key: Key) -> dict[str, Any]:
        return {
            "visits": self._n[key],
            "abandoned": measures.Share(self._left[key], self._n[key]).as_dict(),
            "stay": measures.summary(self._stays.get(key, ())),
        }


def unmet(reasons: Iterable[str]) -> dict[str, int]:
    """`other` holds what is no question of demand: a range used up, a doubted clock."""
    counts = Counter(UNMET.get(reason, "other") for reason in reasons)
    return {column: counts[column] for column in ("closed", "after_cutoff", "quota", "other")}


def open_s(sessions: Iterable[Row]) -> int:
    """Seconds of open counters without pauses."""
    return sum(row["open_s"] for row in sessions)
