"""What the screens got: every call of their sound group, and at the end what the server shows."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.simulate.checks import CALLS
from server.simulate.record import Record, Violation
from server.simulate.screens import Display, Page

#: looks at a room until socket and HTTP agree, and the pause between them, real seconds
LOOKS, PAUSE_S = 60, 0.2


def check_calls(displays: Iterable[Display], events: Sequence[Mapping[str, Any]]) -> list[Violation]:
    """Every call since a display came, in its sound group, reached it as it was made."""
    broken = []
    for display in displays:
        for event in events:
            if event["type"] not in CALLS or event["gerai"] not in display.hears:
                continue
            if display.since is None or event["seq"] <= display.since:
                continue
            got = display.calls.get(event["seq"])
            if got is None:
                broken.append(Violation("P8", f"{display.room} never got call {event['seq']} ({event['data']['label']})"))
            elif (got["number"], got["counter"]) != (event["data"]["label"], event["counter"]):
                broken.append(Violation("P8", f"{display.room} showed call {event['seq']} as {got['number']}"))
    return broken


def check_views(pages: Iterable[Page], record: Record) -> None:
    """At rest each page shows what `GET /views/{room}` says, version for version."""
    for page in pages:
        shown: Mapping[str, Any] | None = None
        asked: Mapping[str, Any] = {}
        for _ in range(LOOKS):
            asked = page.ask()
            page.renew()
            shown = page.latest
            if shown is not None and shown["version"] == asked["version"]:
                break
            threading.Event().wait(PAUSE_S)
        if shown is None or shown["version"] != asked["version"]:
            have = shown and shown["version"]
            record.break_promise("P8", f"{page.room} stays at version {have}, the server is at {asked['version']}")
        elif (shown["epoch"], shown["data"]) != (asked["epoch"], asked["data"]):
            record.break_promise("P8", f"{page.room} shows another picture than the server at version {shown['version']}")
