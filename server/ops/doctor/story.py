"""The hall told anew from its event log and held against the tables: what was changed in a table by other hands is found.

The chain proves the log (P15); tables are what is served and reported from. Nothing here asks whether an act was allowed
or a call in turn: that needs the rules of its day, and real data are older than the rules of today. Only what every version has
written down is compared. Left out for that: a leg's times and estimates, and legs that are planned only (no event tells of them).

One pass in the order of the log. A closed day is compared when its DayClosed comes and then forgotten, since nothing changes it
any more; so a single day is in memory, however long the log is.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from server.domain.events import EVENTS
from server.ops.doctor.invariants import ACTIVE

#: differences that are told one by one; the others are counted
MOST = 5
#: event -> the state its leg is in afterwards; TicketResumed says it itself
_AFTER = {
    "TicketCalled": "called", "TicketPicked": "called", "TicketRecalled": "called", "ServiceStarted": "serving",
    "TicketFinished": "finished", "TicketNoShow": "no_show", "TicketHeld": "on_hold", "TicketPutBack": "waiting",
    "TicketReturned": "waiting", "TicketTransferred": "transferred", "TicketCancelled": "cancelled",
    "TicketExpired": "expired", "StopBegun": "waiting",
}  # fmt: skip
_CALLS = {"TicketCalled", "TicketPicked"}
#: the log names the counter, and the leg keeps it
_AT_COUNTER = (*ACTIVE, "finished", "no_show")
_WORDS = {
    "ticket": "nomor urut karcis", "business_date": "tanggal", "service": "layanan", "gerai": "gerai", "state": "keadaan", "counter": "loket",
    "is_priority": "prioritas", "rank_at": "tempat dalam antrean", "rank_seq": "tempat dalam antrean", "label": "nomor", "number": "angka",
    "series": "seri", "issued_at": "waktu ambil",
}  # fmt: skip
_LEG = ("ticket", "business_date", "service", "gerai", "state", "counter", "is_priority", "rank_at", "rank_seq")
_TICKET = ("label", "series", "number", "business_date", "service", "issued_at")
Row = dict[str, Any]


class Unknown(Exception):
    """The log holds acts of a program that this one does not know; nothing can be said then."""


@dataclass(slots=True)
class _Event:
    seq: int
    type: str
    at: int
    ticket: int
    leg: int
    gerai: str | None
    service: str | None
    counter: str | None
    data: Row


@dataclass(slots=True)
class _Stop:
    """A leg. `rank`: (microseconds, seq); the first is None where an older log does not tell the place."""

    ticket: int
    service: str | None
    gerai: str | None
    state: str
    counter: str | None
    rank: tuple[int | None, int]
    #: the instant of the call that was the last that happened to it
    called_at: int | None = None


def differences(database: sqlite3.Connection) -> list[str]:
    """What the tables tell otherwise than the log, in Indonesian. Raises Unknown. The chain must have been found whole."""
    found = []
    for [site] in database.execute("SELECT site FROM event_head").fetchall():
        story = _Story(database, site)
        try:
            story.read()
        except (KeyError, TypeError, ValueError) as odd:
            raise Unknown(str(odd)) from odd
        found += story.told()
    return found


class _Story:
    def __init__(self, database: sqlite3.Connection, site: str) -> None:
        self._database, self._site = database, site
        self._wrong: list[str] = []
        self._count = 0
        #: of the days that are not closed yet
        self._tickets: dict[int, Row] = {}
        self._stops: dict[int, _Stop] = {}
        self._prior: dict[int, bool] = {}
        self._lines: dict[str | None, dict[int, _Stop]] = defaultdict(dict)
        #: up to these ids the tables have been compared
        self._reached = {"leg": 0, "ticket": 0}
        self._days: dict[str, bool] = {}
        self._given: dict[tuple[str, str], int] = {}
        #: counter -> (officer, services), and those that pause
        self._sessions: dict[str | None, tuple[str, Any]] = {}
        self._paused: set[str | None] = set()
        self._acts: dict[str, Callable[[_Event], None]] = {name[4:]: getattr(self, name) for name in dir(self) if name.startswith("_on_")}

    def read(self) -> None:
        """The whole log, and then the tables as they stand at its end."""
        rows = self._database.execute(
            "SELECT seq, type, at, ticket, leg, gerai, service, counter, data FROM event WHERE site = ? ORDER BY seq", (self._site,)
        )
        for seq, kind, at, ticket, leg, gerai, service, counter, data in rows:
            if kind not in EVENTS:
                if leg is not None or kind.startswith(("Ticket", "Counter", "Day", "Series")):
                    raise Unknown(kind)
            elif kind in _AFTER or kind in self._acts or kind == "TicketResumed":
                self._take(_Event(seq, kind, at, ticket or 0, leg or 0, gerai, service, counter, json.loads(data)))
        self._compare(None)
        self._compare_ends()

    def told(self) -> list[str]:
        left = self._count - len(self._wrong)
        return [*self._wrong, f"dan {left} perbedaan lain"] if left else self._wrong

    def _take(self, event: _Event) -> None:
        if event.type in _AFTER or event.type == "TicketResumed":
            self._step(event)
        if event.type in self._acts:
            self._acts[event.type](event)

    def _step(self, event: _Event) -> None:
        # A planned stop is known to the log from the moment something happens to it.
        stop = self._stops.setdefault(event.leg, _Stop(event.ticket, event.service, event.gerai, "planned", None, (None, 0)))
        self._lines[stop.service].pop(event.leg, None)
        stop.state = _AFTER.get(event.type) or str(event.data["state"])
        stop.counter = event.counter if stop.state in _AT_COUNTER else None
        stop.called_at = event.at if event.type in _CALLS else None

    def _wait(self, leg: int, stop: _Stop, at: int | None, seq: int) -> None:
        self._stops[leg], stop.state, stop.rank = stop, "waiting", (at, seq)
        self._lines[stop.service][leg] = stop

    def _on_TicketIssued(self, event: _Event) -> None:
        said = event.data
        if event.ticket in self._tickets:  # an id is given twice only where the newest row was deleted between
            self._blame(f"karcis {self._tickets[event.ticket]['label']} pernah dihapus dari tabel; barisnya dipakai {said['label']}")
        self._tickets[event.ticket] = {
            **{name: said[name] for name in ("label", "series", "number", "business_date")}, "service": event.service, "issued_at": event.at,
        }
        self._prior[event.ticket] = said["priority"] is not None
        series = (said["business_date"], said["series"])
        self._given[series] = max(self._given.get(series, -1), said["number"])
        self._wait(event.leg, _Stop(event.ticket, event.service, event.gerai, "", None, (None, 0)), event.at, event.seq)

    def _on_SeriesJumped(self, event: _Event) -> None:
        self._given[event.data["date"], event.data["series"]] = event.data["to"]

    def _on_TicketTransferred(self, event: _Event) -> None:
        said = event.data
        fresh = _Stop(event.ticket, said["to_service"], said["to_gerai"], "", None, (None, 0))
        self._wait(said["new_leg"], fresh, self._tickets[event.ticket]["issued_at"], event.seq)

    def _on_StopBegun(self, event: _Event) -> None:
        self._wait(event.leg, self._stops[event.leg], self._tickets[event.ticket]["issued_at"], event.seq)

    def _on_TicketPutBack(self, event: _Event) -> None:
        stop = self._stops[event.leg]
        self._wait(event.leg, stop, self._behind(stop.service, event.data.get("places"), event.at), event.seq)

    _on_TicketReturned = _on_TicketPutBack

    def _behind(self, service: str | None, places: int | None, now: int) -> int | None:
        """Midway between the `places`-th of the line and the one after; the event tells how many that were by the rule of its day."""
        ranks = [one.rank for one in self._lines[service].values()]
        if places is None or any(at is None for at, _ in ranks):
            return None
        line = sorted(at for at, _ in ranks if at is not None)
        if places < 1:
            return min([now, *(at - 1 for at in line[:1])])
        if len(line) < places:
            return max([now, *line[-1:]])
        return line[places - 1] + (line[min(places, len(line) - 1)] - line[places - 1]) // 2

    def _on_PrioritySet(self, event: _Event) -> None:
        self._prior[event.ticket] = event.data["standing"] != "removed"

    def _on_CounterOpened(self, event: _Event) -> None:
        self._sessions[event.counter] = (event.data["officer"], event.data["services"])

    def _on_CounterClosed(self, event: _Event) -> None:
        self._sessions.pop(event.counter, None)
        self._paused.discard(event.counter)

    _on_CounterReleased = _on_CounterClosed

    def _on_CounterPaused(self, event: _Event) -> None:
        self._paused.add(event.counter)

    def _on_CounterResumed(self, event: _Event) -> None:
        self._paused.discard(event.counter)

    def _on_DayOpened(self, event: _Event) -> None:
        self._days[event.data["date"]] = False

    def _on_DayClosed(self, event: _Event) -> None:
        self._days[event.data["date"]] = True
        self._compare(max(self._stops, default=0))
        self._tickets, self._stops, self._prior = {}, {}, {}
        self._lines.clear()

    def _compare(self, last_leg: int | None) -> None:
        """Tickets and legs since the last comparison; up to those of the day that closes, None: to the end of the tables."""
        last_ticket = None if last_leg is None else max(self._tickets, default=0)
        self._compare_rows("ticket", _TICKET, last_ticket, self._tickets)
        self._compare_rows("leg", _LEG, last_leg, self._stops)

    def _compare_rows(self, table: str, columns: Iterable[str], last: int | None, wanted: dict[int, Any]) -> None:
        """Ids grow with time and none is given twice, so a day's rows stand together."""
        more = ", serving_since" if table == "leg" else ""
        rows = self._database.execute(
            f"SELECT id, {', '.join(columns)}{more} FROM {table} WHERE id > ? AND id <= ? ORDER BY id",
            (self._reached[table], 2**63 - 1 if last is None else last),
        )
        seen = set()
        for number, *values in rows:
            kept = dict(zip((*columns, "serving_since"), values, strict=False))
            seen.add(number)
            if number in wanted:
                said = self._of_leg(wanted[number], kept) if table == "leg" else wanted[number]
                self._differ(table, number, said, kept)
            elif not (last is None and kept.get("state") == "planned" and kept["ticket"] in self._tickets):
                self._blame(f"{self._name(table, number, kept)} ada di tabel, tetapi tidak di catatan")
        for number in sorted(wanted.keys() - seen):
            self._blame(f"{self._name(table, number, {})} ada di catatan, tetapi tidak di tabel")
        self._reached[table] = max(self._reached[table], last or 0)

    def _of_leg(self, stop: _Stop, kept: Row) -> Row:
        """What the log says of a leg's row, as much of it as it tells."""
        # Where a call begins the service (call_starts_service), the log has the one event of it.
        begun = stop.called_at is not None and kept["serving_since"] == stop.called_at
        said: Row = {"ticket": stop.ticket, "service": stop.service, "gerai": stop.gerai, "state": "serving" if begun else stop.state}
        if stop.ticket in self._tickets:
            said |= {"business_date": self._tickets[stop.ticket]["business_date"], "is_priority": int(self._prior[stop.ticket])}
        if stop.state in _AT_COUNTER:
            said["counter"] = stop.counter
        if stop.state == "waiting":
            said["rank_seq"] = stop.rank[1]
            said |= {} if stop.rank[0] is None else {"rank_at": stop.rank[0]}
        return said

    def _differ(self, table: str, number: int, said: Row, kept: Row) -> None:
        wrong = [name for name, value in said.items() if value != kept[name]]
        if wrong:
            told = f"{said[wrong[0]]} di catatan, {kept[wrong[0]]} di tabel"
            self._blame(f"{self._name(table, number, kept)}: {_WORDS[wrong[0]]} {told}")

    def _name(self, table: str, number: int, kept: Row) -> str:
        ticket = number if table == "ticket" else kept.get("ticket", getattr(self._stops.get(number), "ticket", 0))
        label = self._tickets.get(ticket, kept).get("label", f"#{ticket}")
        return f"karcis {label}" if table == "ticket" else f"langkah {number} dari karcis {label}"

    def _compare_ends(self) -> None:
        """Days, sessions, pauses and what each series has given, as they stand now."""
        ask = self._database.execute
        days = dict(ask("SELECT date, closed_at IS NOT NULL FROM business_day WHERE site = ?", (self._site,)).fetchall())
        self._sets("hari layanan", self._days, {date: bool(closed) for date, closed in days.items()})
        sql = "SELECT counter, officer, services FROM counter_session WHERE site = ? AND closed_at IS NULL"
        self._sets("loket", self._sessions, {code: (who, json.loads(those)) for code, who, those in ask(sql, (self._site,))})
        sql = "SELECT counter FROM counter_session s JOIN pause p ON p.session = s.id WHERE site = ? AND closed_at IS NULL AND to_at IS NULL"
        self._sets("jeda loket", dict.fromkeys(self._paused, "jeda"), {code: "jeda" for [code] in ask(sql, (self._site,))})
        sql = "SELECT business_date, series, last_given FROM series_day WHERE site = ? AND last_given IS NOT NULL"
        self._sets("nomor terakhir seri", self._given, {(date, series): last for date, series, last in ask(sql, (self._site,))})

    def _sets(self, what: str, said: dict[Any, Any], kept: dict[Any, Any]) -> None:
        for key in sorted(key for key in said.keys() | kept.keys() if said.get(key) != kept.get(key)):
            name = " ".join(key) if isinstance(key, tuple) else key
            self._blame(f"{what} {name}: {_worded(said.get(key))} di catatan, {_worded(kept.get(key))} di tabel")

    def _blame(self, words: str) -> None:
        self._count += 1
        if len(self._wrong) < MOST:
            self._wrong.append(words)


def _worded(value: Any) -> str:
    if value is None:
        return "tidak ada"
    if isinstance(value, bool):
        return "ditutup" if value else "terbuka"
    return f"{value[0]} ({', '.join(value[1])})" if isinstance(value, tuple) else str(value)
