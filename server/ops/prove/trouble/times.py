"""What a log and its tables must never say about time, read with SQLite alone (P12)."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from server.domain.events import Event
from server.ops.prove.records import Records

#: every stretch of time in the tables: what it is, and rows in which it runs backwards
BACKWARDS = {
    "called before the line": "SELECT ticket FROM leg WHERE first_called_at < queued_at OR last_called_at < first_called_at",
    "served before the call": "SELECT ticket FROM leg WHERE started_at < first_called_at",
    "ended before it began": "SELECT ticket FROM leg WHERE ended_at < max(queued_at, ifnull(first_called_at, 0), ifnull(started_at, 0))",
    "a negative stretch": "SELECT leg FROM span WHERE to_at < from_at",
    "a negative duration": "SELECT ticket FROM leg WHERE served_s < 0 OR held_s < 0",
    "a session that ends before it begins": "SELECT counter FROM counter_session WHERE closed_at < opened_at",
}


def wrong_times(records: Records, zone: str) -> list[str]:
    """In words; `zone` is the site's."""
    events = [event for event, _ in records.events()]
    found = [f"{what}: {row}" for what, sql in BACKWARDS.items() for row in records.rows(sql)]
    found += _backwards(events) + _dates(events, ZoneInfo(zone)) + _trusted(records, events)
    return found


def _backwards(events: list[Event]) -> list[str]:
    pairs = zip(events, events[1:], strict=False)
    return [f"{later.seq} {later.type} at {later.at} comes after {earlier.at}" for earlier, later in pairs if later.at < earlier.at]


def _dates(events: list[Event], zone: ZoneInfo) -> list[str]:
    """A ticket's date is that of its moment; a date opens once and closes once, on or after itself."""
    found, seen = [], Counter[tuple[str, str]]()
    for event in events:
        local = event.at.astimezone(zone).date().isoformat()
        if event.type == "TicketIssued" and event.data["business_date"] != local:
            found.append(f"{event.data['label']} of {event.data['business_date']} is given on {local}")
        if event.type in ("DayOpened", "DayClosed"):
            seen[event.type, str(event.data["date"])] += 1
    return found + [f"{type_} of {date}: {count} times" for (type_, date), count in seen.items() if count > 1]


def _trusted(records: Records, events: list[Event]) -> list[str]:
    """A wait or a service over which a supervisor set the clock is not to be believed."""
    jumps = [event.seq for event in events if event.type == "ClockConfirmed" and event.actor.startswith("user:")]
    flags = {row[0]: row[1:] for row in records.rows("SELECT id, wait_reliable, service_reliable FROM leg")}
    found = []
    for place, (begins, ends) in enumerate((("TicketIssued", "TicketCalled"), ("ServiceStarted", "TicketFinished"))):
        begun = {event.leg: event.seq for event in events if event.type == begins}
        ended = {event.leg: event.seq for event in events if event.type == ends}
        for leg, seq in begun.items():
            if flags[leg or 0][place] and any(seq < jump < ended.get(leg, seq) for jump in jumps):
                found.append(f"leg {leg}: from {begins} to {ends} the clock was set, and the time between counts")
    return found
