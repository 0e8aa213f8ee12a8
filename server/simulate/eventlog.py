"""The whole event log over HTTP, and its chain worked out again from what was sent.

The chain: SHA-256 over the previous hash, a line feed, and the event as JSON with sorted keys,
no spaces, all of Unicode as it is, `at` as '...+00:00' with microseconds. It begins with 64 zeros.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.simulate.record import Violation
from server.simulate.wire import Unsettled, Wire

Event = Mapping[str, Any]

PAGE = 1000
#: most pages read: far more than a day of 5,000 tickets leaves
PAGES_MAX = 10_000
GENESIS = "0" * 64
_FIELDS = ("seq", "type", "actor", "device", "ticket", "leg", "gerai", "service", "counter", "data")


def read_all(supervisor: Wire) -> list[Event]:
    """Every event from the first, oldest first. Raises Unsettled."""
    found: list[Event] = []
    after = 0
    for _ in range(PAGES_MAX):
        reply = supervisor.get(f"/events?after={after}&limit={PAGE}", kind="events")
        if reply.status != 200:
            raise Unsettled(f"events: {reply.status} {reply.code}")
        found.extend(reply.body["items"])
        if reply.body["next"] is None:
            return found
        after = reply.body["next"]
    raise Unsettled("the event log has no end")


def digest(previous: str, event: Event) -> str:
    """The hash the event must carry after `previous`."""
    told = {name: event[name] for name in _FIELDS} | {"at": event["at"].replace("Z", "+00:00")}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def check_chain(events: Sequence[Event]) -> list[Violation]:
    """P15: gapless from 1, each hash over the one before, each closed day with its head."""
    broken = []
    previous = GENESIS
    for place, event in enumerate(events, 1):
        if event["seq"] != place:
            return [*broken, Violation("P15", f"event {place} is missing, found {event['seq']}")]
        if digest(previous, event) != event["hash"]:
            broken.append(Violation("P15", f"event {place} {event['type']}: the chain breaks here"))
        if event["type"] == "DayClosed" and event["data"].get("head") != previous:
            broken.append(Violation("P15", f"event {place}: the day closed with another head"))
        previous = event["hash"]
    return broken
