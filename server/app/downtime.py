"""How long each device was out of order, from the flips in the log; counted while the hall's day was open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.domain.events import Event

#: events that tell of a flip -> what names the thing in their data
FLIPS = {"DeviceDown": "code", "DeviceUp": "code", "DeviceRevoked": "code", "DisplayFlipped": "code", "PrinterChanged": "printer"}
#: states in which a thing does its work
WELL = frozenset({"up", "live", "ready", "paper_low"})
_STATES = {"DeviceDown": "down", "DeviceUp": "up", "DeviceRevoked": "up"}

Stretch = tuple[datetime, datetime]


def downtime(flips: Iterable[Event], open_days: Sequence[Stretch]) -> list[dict[str, Any]]:
    """[{code, kind, down_s, causes: {cause: {s, times}}}] of the things that were ever out of order in the open days.

    `flips`: in order, from how things stood before the first day on; `open_days`: in order, not overlapping, the last
    ended where the log ends. `down_s`: seconds with any cause; `times`: how often a cause began in the open days.
    A screen that is silent may be stale as well: causes overlap.
    """
    found: dict[tuple[str, str], dict[str, list[Stretch]]] = {}
    running: dict[tuple[str, str, str], tuple[str, datetime]] = {}
    for event in flips:
        code, kind, state = _told(event)
        line = (kind, code, event.type if event.type == "DisplayFlipped" else "")
        cause, since = running.pop(line, (None, event.at))
        if cause is not None:
            found.setdefault((kind, code), {}).setdefault(cause, []).append((since, event.at))
        if state not in WELL:
            running[line] = (state, event.at)
    for (kind, code, _), (cause, since) in running.items():
        found.setdefault((kind, code), {}).setdefault(cause, []).append((since, datetime.max.replace(tzinfo=since.tzinfo)))
    rows = [_row(kind, code, causes, open_days) for (kind, code), causes in sorted(found.items())]
    return [row for row in rows if row["down_s"]]


def _told(event: Event) -> tuple[str, str, str]:
    """(code, kind, state)."""
    data = event.data
    if event.type == "PrinterChanged":
        return data["printer"], "printer", data["state"]
    if event.type == "DisplayFlipped":
        return data["code"], "display", data["condition"]
    return data["code"], data["kind"], _STATES[event.type]


def _row(kind: str, code: str, causes: Mapping[str, Sequence[Stretch]], days: Sequence[Stretch]) -> dict[str, Any]:
    cut = {cause: _cut(stretches, days) for cause, stretches in sorted(causes.items())}
    return {
        "code": code,
        "kind": kind,
        "down_s": _seconds(stretch for stretches in cut.values() for stretch in stretches),
        "causes": {
            cause: {"s": _seconds(cut[cause]), "times": sum(_in_days(since, days) for since, _ in stretches)}
            for cause, stretches in sorted(causes.items())
            if cut[cause]
        },
    }


def _cut(stretches: Iterable[Stretch], days: Sequence[Stretch]) -> list[Stretch]:
    """The parts of the stretches that lie in the days."""
    both = ((max(a, c), min(b, d)) for a, b in stretches for c, d in days)
    return [(a, b) for a, b in both if a < b]


def _seconds(stretches: Iterable[Stretch]) -> int:
    """Of all together, where they overlap once."""
    total, end = 0.0, None
    for a, b in sorted(stretches):
        if end is None or a > end:
            end = a
        if b > end:
            total += (b - end).total_seconds()
            end = b
    return int(total)


def _in_days(at: datetime, days: Sequence[Stretch]) -> bool:
    return any(opened <= at < closed for opened, closed in days)
