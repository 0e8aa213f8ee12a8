"""The database alone forbids doubles: plain SQL, with none of the application's checks in the way.

Planted: each partial unique index left out of schema and migration, one at a time -> its row below red.
Planted: `foreign_keys=ON` left out of engine.py -> test_acts_are_held_by_foreign_keys red.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from server.app import calling, counters, issuing
from server.domain import numbering, queueing
from server.domain.tickets import TRANSITIONS, State
from tests.app.small_hall import KTP, SmallHall
from tests.storage.raw import busy_day, copy_row, opened

#: table, the row to copy, the values that differ, the columns (or the check) that refuse
DOUBLES: list[tuple[str, str, dict[str, Any], str]] = [
    ("ticket", "id = 1", {"id": None, "label": "X-1", "token": "t"}, "ticket.series, ticket.number"),
    ("ticket", "id = 1", {"id": None, "number": 99, "token": "t"}, "ticket.business_date, ticket.label"),
    ("ticket", "id = 1", {"id": None, "number": 99, "label": "X-1"}, "ticket.token"),
    ("answer", "key = 'k1'", {"body": "{}"}, "answer.actor, answer.key"),
    ("refusal", "key = 'late'", {"id": None}, "refusal.actor, refusal.key"),
    ("leg", "ticket = 4", {"id": None, "position": 2, "state": "called", "counter": "DKC-1"}, "leg.site, leg.counter"),
    ("leg", "ticket = 1", {"id": None, "position": 2, "counter": None, "state": "on_hold"}, "leg.ticket"),
    ("leg", "ticket = 3", {"id": None, "position": 2}, "leg.ticket"),
    ("leg", "ticket = 3", {"id": None, "state": "planned"}, "leg.ticket, leg.position"),
    ("series_day", "prefix = 'B'", {"series": "OTHER"}, "series_day.business_date, series_day.prefix"),
    ("series_day", "prefix = 'B'", {"prefix": "X"}, "series_day.business_date, series_day.series"),
    ("counter_session", "counter = 'DKC-1'", {"id": None, "officer": "citra"}, "counter_session.counter"),
    ("counter_session", "counter = 'DKC-1'", {"id": None, "counter": "DKC-3"}, "counter_session.officer"),
    ("pause", "to_at IS NULL", {"id": None}, "pause.session"),
    ("business_day", "closed_at IS NULL", {"date": "2026-11-04"}, "business_day.site"),
    ("business_day", "closed_at IS NULL", {"closed_at": 1}, "business_day.site, business_day.date"),
    ("print_job", "ticket = 2", {"id": None, "copy": 5, "state": "sending"}, "print_job.site, print_job.printer"),
    ("print_job", "ticket = 2", {"id": None}, "print_job.ticket, print_job.copy"),
    ("call", "ticket = 1", {"label": "X-1"}, "call.site, call.id"),
    ("event", "seq = 1", {"type": "TicketIssued"}, "event"),
    ("event_head", "seq > 0", {"seq": 1}, "event_head.site"),
    ("leg", "ticket = 4", {"id": None, "position": 2, "state": "lost"}, "ck_leg_state"),
    ("leg", "ticket = 4", {"id": None, "position": 2, "served_s": -1}, "ck_leg_durations"),
    ("leg", "ticket = 4", {"id": None, "position": 2, "held_s": -1}, "ck_leg_durations"),
    ("ticket", "id = 1", {"id": None, "number": -1, "label": "X", "token": "t"}, "ck_ticket_number"),
    ("call", "ticket = 1", {"id": 9999, "kind": "shout"}, "ck_call_kind"),
    ("span", "leg > 0", {"id": None, "from_at": 2, "to_at": 1}, "ck_span_forward"),
    ("span", "leg > 0", {"id": None, "kind": "lunch"}, "ck_span_kind"),
    ("print_job", "ticket = 2", {"id": None, "copy": 5, "state": "perhaps"}, "ck_print_job_state"),
    ("person", "username = 'ani'", {"username": "x", "role": "king"}, "ck_person_role"),
    ("device", "code = 'K1'", {"code": "K9", "token_hash": "K9", "kind": "toaster"}, "ck_device_kind"),
    ("device", "code = 'K1'", {"code": "K9"}, "device.token_hash"),
    ("ticket", "id = 1", {"id": None, "number": 9, "label": "X", "token": "t", "service": "NOPE"}, "FOREIGN KEY"),
    ("ticket", "id = 1", {"id": None, "number": 9, "label": "X", "token": "t", "site": "NOPE"}, "FOREIGN KEY"),
    ("leg", "ticket = 4", {"id": None, "ticket": 99}, "FOREIGN KEY"),
    ("leg", "ticket = 4", {"id": None, "position": 2, "service": "NOPE"}, "FOREIGN KEY"),
    ("call", "ticket = 1", {"id": 9999, "leg": 99}, "FOREIGN KEY"),
    ("span", "leg > 0", {"id": None, "leg": 99}, "FOREIGN KEY"),
    ("print_job", "ticket = 2", {"id": None, "ticket": 99}, "FOREIGN KEY"),
    ("counter_session", "counter = 'DKC-1'", {"id": None, "officer": "x", "counter": "NOPE"}, "FOREIGN KEY"),
    ("pause", "to_at IS NULL", {"id": None, "session": 99}, "FOREIGN KEY"),
    ("person_gerai", "username = 'ani'", {"username": "nobody"}, "FOREIGN KEY"),
    ("business_day", "closed_at IS NULL", {"site": "NOPE"}, "FOREIGN KEY"),
]

#: rows that look alike and are all right
ALLOWED: list[tuple[str, str, dict[str, Any]]] = [
    ("ticket", "id = 1", {"id": None, "business_date": "2026-11-04", "token": "t"}),
    ("ticket", "id = 1", {"id": None, "series": "PTSP", "number": 2, "label": "A-002", "token": "t"}),
    ("leg", "ticket = 1", {"id": None, "position": 2, "state": "planned"}),
    ("leg", "ticket = 1", {"id": None, "position": 2, "state": "finished"}),
    ("answer", "key = 'k1'", {"actor": "device:K2"}),
    ("refusal", "key = 'late'", {"id": None, "key": None}),
    ("counter_session", "counter = 'DKC-1'", {"id": None, "closed_at": 1}),
    ("business_day", "closed_at IS NULL", {"date": "2026-11-02", "closed_at": 1}),
    ("print_job", "ticket = 2", {"id": None, "copy": 5}),
    ("pause", "to_at IS NULL", {"id": None, "to_at": 1}),
]


@pytest.fixture
def database(hall: SmallHall) -> Iterator[sqlite3.Connection]:
    """A busy day, with one slip under way to P1."""
    busy_day(hall)
    with opened(hall.path) as database:
        database.execute("UPDATE print_job SET state = 'sending' WHERE ticket = 1 AND copy = 0")
        yield database


@pytest.mark.parametrize(("table", "where", "changes", "refused_by"), DOUBLES)
def test_a_double_is_refused(
    database: sqlite3.Connection, table: str, where: str, changes: dict[str, Any], refused_by: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=refused_by.replace(".", r"\.")):
        copy_row(database, table, where, **changes)


@pytest.mark.parametrize(("table", "where", "changes"), ALLOWED)
def test_a_likeness_is_not(database: sqlite3.Connection, table: str, where: str, changes: dict[str, Any]) -> None:
    copy_row(database, table, where, **changes)


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_waiting_leg_cannot_become_active_where_another_is(database: sqlite3.Connection, state: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"leg\.site, leg\.counter"):
        database.execute("UPDATE leg SET state = ?, counter = 'DKC-1' WHERE ticket = 3", (state,))
    database.execute("UPDATE leg SET state = ?, counter = 'DKC-2' WHERE ticket = 3", (state,))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET data = '{}' WHERE seq = 2",
        "UPDATE event SET hash = hash",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "DELETE FROM event",
        "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
    ],
)
def test_the_log_takes_no_change(database: sqlite3.Connection, statement: str) -> None:
    before = list(map(tuple, database.execute("SELECT * FROM event")))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)
    assert list(map(tuple, database.execute("SELECT * FROM event"))) == before


def test_numbering_gone_wrong_makes_no_second_paper(hall: SmallHall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.take()
    before = hall.hall_rows()
    monkeypatch.setattr(numbering, "next_number", lambda *_: 1)
    with pytest.raises(IntegrityError):
        hall.act(hall.kiosk(), issuing.issue, service=KTP)
    assert hall.hall_rows() == before
    monkeypatch.undo()
    assert hall.take()["number"] == "B-002"


def test_next_without_its_checks_calls_nobody_twice(hall: SmallHall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.take()
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    monkeypatch.setattr(counters, "must_be_free", lambda *_: None)
    before = hall.hall_rows()
    with pytest.raises(IntegrityError):
        hall.act(ani, calling.call_next, counter="DKC-1")
    assert hall.hall_rows() == before


def test_a_leg_brought_back_beside_an_open_one_is_refused(hall: SmallHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the transition table a finished stop could be called while the next one waits."""
    told = hall.take(KTP, then=["PTSP-NIB"])
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    monkeypatch.setitem(TRANSITIONS["call"], State.FINISHED, State.CALLED)
    monkeypatch.setattr(calling, "_open_leg", lambda work, ticket: work.tickets.legs_of(ticket)[0])
    with pytest.raises(IntegrityError):
        hall.act(ani, calling.pick, counter="DKC-1", ticket=told["id"], reason="x")
    assert [leg.state for leg in hall.legs(told["id"])] == ["finished", "waiting"]


def test_acts_are_held_by_foreign_keys(hall: SmallHall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "pick_next", lambda *_: None)
    [(ok, problem)] = hall.writer.run_batch(
        [lambda work: work.connection.exec_driver_sql("INSERT INTO person_gerai VALUES ('nobody', 'DKC')")]
    )
    assert not ok and isinstance(problem, IntegrityError)
