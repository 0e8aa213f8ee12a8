"""A hall of two gerai on a real SQLite database: real acts, one transaction each, a clock the test moves.

Built once per process and copied, so that each test has a database of its own within milliseconds.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.floor import floor_path, read_floor
from server.app import counters, devices, floors, issuing, people, printing
from server.app.ask import Answer, Ask
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.tickets import Leg, Ticket
from server.ops.first_run import around_of
from server.storage.database import FILE, url_of
from server.storage.unit import Readers, Writer
from server.storage.work import FloorCache
from tests.house_builder import MORNING, Desk, settings_for

KTP, KK, IKD, NIB, AMBIL = "DKC-KTP", "DKC-KK", "DKC-IKD", "PTSP-NIB", "PTSP-AMBIL"
GERAI = ("DKC", "PTSP")
#: name -> (role, gerai)
STAFF = {
    "ani": ("officer", "DKC"),
    "budi": ("officer", "DKC"),
    "citra": ("officer", "DKC"),
    "dewi": ("officer", "PTSP"),
    "eka": ("officer", "PTSP"),
    "resepsionis": ("receptionist", ""),
    "pengawas": ("supervisor", ""),
}
#: numbers of the one service with a quota
QUOTA = 3
WITA = ZoneInfo("Asia/Makassar")


@functools.cache
def _kupang() -> dict[str, Any]:
    return read_floor(floor_path("kota-kupang")).as_data()


def small_plan() -> dict[str, Any]:
    """Two gerai of Kota Kupang, two and three services, series A and B, equal weights; the caller may change it."""
    whole = deepcopy(_kupang())
    kept = {"agencies": GERAI, "gerai": GERAI, "series": GERAI, "services": (KTP, KK, IKD, NIB, AMBIL)}
    plan = {**whole, **{key: [row for row in whole[key] if row["code"] in codes] for key, codes in kept.items()}}
    plan["counters"] = [{**row, "weights": {}} for row in whole["counters"] if row["gerai"] in GERAI]
    row_of(plan, "services", IKD)["quota"] = QUOTA
    return plan


def row_of(plan: dict[str, Any], table: str, code: str) -> dict[str, Any]:
    """One row of a plan's table, to be changed in place."""
    return next(row for row in plan[table] if row["code"] == code)


class SmallHall(Desk):
    """Kiosks K1 (printer P1) and K2 (none), counters DKC-1..4 and PTSP-1..3; it is 08.00 WITA, a Tuesday."""

    def __init__(self, data: Path, made: Callable[[], bytes] | None = None) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.path = data / FILE
        self.path.write_bytes((made or template)())
        self.settings = settings_for(data)
        self.url = url_of("", data)
        self.around = around_of(self.settings)
        self.now = MORNING
        self.open_database()

    def open_database(self) -> None:
        """As a server that starts: new connections, nothing remembered."""
        self.site = "KUPANG"
        self.cache = FloorCache(self.site)
        self.writer = Writer(self.url, self.cache, self.around)
        self.readers = Readers(self.url, FloorCache(self.site), self.around)

    def restart(self) -> None:
        self.close()
        self.open_database()

    def later(self, **span: float) -> datetime:
        """Move the clock on by a timedelta's words."""
        self.now += timedelta(**span)
        return self.now

    def at(self, clock: str, day: int = 3) -> datetime:
        """Set the clock to a local time of a day of November 2026."""
        hour, minute = clock.split(":")
        self.now = datetime(2026, 11, day, int(hour), int(minute), tzinfo=WITA).astimezone(MORNING.tzinfo)
        return self.now

    def kiosk(self, code: str = "K1", key: str | None = None, body: str = "") -> Ask:
        """A kiosk's wish; `body` stands for what was sent under the key."""
        return Ask(f"device:{code}", self.now, role="kiosk", device=code, key=key, fingerprint=body or key)

    def person(self, name: str, key: str | None = None, body: str = "") -> Ask:
        role, gerai = STAFF[name]
        own = frozenset({gerai} - {""})
        return Ask(f"user:{name}", self.now, role=role, gerai=own, username=name, key=key, fingerprint=body or key)

    def take(self, service: str = KTP, **wish: Any) -> dict[str, Any]:
        """Issue at the kiosk; its answer."""
        body = self.act(self.kiosk(), issuing.issue, service=service, **wish).body
        assert body is not None
        return dict(body)

    def opened(self, name: str = "ani", counter: str = "DKC-1", services: Sequence[str] | None = None) -> Ask:
        """The officer, with the counter open."""
        ask = self.person(name)
        self.act(ask, counters.open_counter, counter=counter, services=services)
        return ask

    def say(self, ask: Ask, act: Callable[..., Answer], **arguments: Any) -> dict[str, Any]:
        """The body of what the act answers; {} for 204."""
        return dict(self.act(ask, act, **arguments).body or {})

    def refused(self, code: str, ask: Ask, act: Callable[..., Answer], /, **arguments: Any) -> dict[str, Any]:
        """The facts of the refusal, which must have this code and change no ticket, leg or series."""
        before = self.hall_rows()
        with pytest.raises(RuleBroken) as refusal:
            self.act(ask, act, **arguments)
        assert refusal.value.code == code, refusal.value.facts
        assert self.hall_rows() == before
        return refusal.value.facts

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Raw rows: instants are microseconds since 1970, dates are text."""
        with self.readers.work() as work:
            return [tuple(row) for row in work.connection.exec_driver_sql(sql, values).all()]

    def hall_rows(self) -> list[list[tuple[Any, ...]]]:
        return [self.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("ticket", "leg", "series_day")]

    def events(self, *types: str, after: int = 0) -> list[Event]:
        found = self.read(lambda work: [event for event, _ in work.log.after(after, 100_000)])
        return [event for event in found if not types or event.type in types]

    def ticket(self, ticket: int) -> Ticket:
        found: Ticket = self.read(lambda work: work.tickets.ticket(ticket))
        return found

    def legs(self, ticket: int) -> list[Leg]:
        found: list[Leg] = self.read(lambda work: work.tickets.legs_of(ticket))
        return found

    def leg(self, ticket: int) -> Leg:
        """The ticket's newest leg that is not merely planned."""
        return [leg for leg in self.legs(ticket) if leg.state != "planned"][-1]

    def policy(self, **changes: Any) -> None:
        self.say(self.person("pengawas"), floors.set_policy, **changes)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[SmallHall]:
    """A hall of its own for every test; rooms that want it import it in their conftest.py."""
    made = SmallHall(tmp_path / "data")
    yield made
    made.close()


def keyed(ask: Ask, key: str, body: str = "") -> Ask:
    """The same wish under an idempotency key."""
    return replace(ask, key=key, fingerprint=body or key)


def furnish(desk: Desk) -> None:
    """People, kiosks, and a printer beside K1."""
    for name, (role, gerai) in STAFF.items():
        row = {"username": name, "name": name.title(), "role": role, "gerai": [gerai] if gerai else []}
        desk.system(people.add_user, **row, password_hash="x", must_change=False)
    desk.system(devices.add_device, kind="print-host", code="PH1", name="PH1", token_hash="PH1")
    transport = {"kind": "network", "host": "127.0.0.1", "port": 9100}
    desk.system(printing.set_printer, code="P1", name="Pencetak", host="PH1", transport=transport)
    desk.system(devices.add_device, kind="kiosk", code="K1", name="Kios 1", printer="P1", token_hash="K1")
    desk.system(devices.add_device, kind="kiosk", code="K2", name="Kios 2", token_hash="K2")


@functools.cache
def template() -> bytes:
    """The file of a furnished hall in which nothing has happened yet."""
    return made_of(small_plan(), furnish)


def made_of(plan: dict[str, Any], furnish: Callable[[Desk], None]) -> bytes:
    """The file of a hall with this plan, furnished."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), plan)
        furnish(desk)
        desk.close()
        return (Path(folder) / FILE).read_bytes()
