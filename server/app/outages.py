"""How long each device was silent while somebody served: pure, over the log's flips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.domain.events import Event

FLIPS = ("DeviceDown", "DeviceUp")
Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The union of spans, in order, none touching another."""
    union: list[Span] = []
    for since, until in sorted(span for span in spans if span[0] < span[1]):
        if union and since <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], until))
        else:
            union.append((since, until))
    return union


def common_s(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Whole seconds in which both hold; each side merged."""
    seconds = 0.0
    for since, until in one:
        for start, end in other:
            seconds += max(0.0, (min(until, end) - max(since, start)).total_seconds())
    return int(seconds)


def silences(flips: Iterable[Event], since: datetime, until: datetime) -> dict[str, list[Span]]:
    """code -> spans of silence. One that began before `since` is seen at its DeviceUp; an open one lasts until `until`."""
    down: dict[str, datetime] = {}
    seen: set[str] = set()
    found: dict[str, list[Span]] = {}
    for event in flips:
        code = str(event.data["code"])
        if event.type == "DeviceDown":
            down.setdefault(code, event.at)
        elif code in down or code not in seen:
            found.setdefault(code, []).append((down.pop(code, since), event.at))
        seen.add(code)
    for code, at in down.items():
        found.setdefault(code, []).append((at, until))
    return found


def told(
    devices: Iterable[Mapping[str, Any]], flips: Sequence[Event], served: Sequence[Span], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """[{code, name, kind, times, seconds}] of the devices that were enrolled before the end of the span.

    `served`: when any counter was open. A device that never spoke tells nothing: it is left out.
    """
    silent = silences(flips, since, until)
    heard = {str(event.data["code"]) for event in flips if event.type == "DeviceUp"}
    open_spans = merged(served)
    rows = []
    for device in devices:
        code = device["code"]
        if code not in heard and code not in silent:
            continue
        spans = silent.get(code, [])
        disturbed = [span for span in spans if common_s([span], open_spans)]
        rows.append({
            "code": code, "name": device["name"] or code, "kind": device["kind"],
            "times": len(disturbed), "seconds": common_s(merged(spans), open_spans),
        })  # fmt: skip
    return rows
