"""Acts that wait together share a commit; each stands or falls alone, unless the commit itself falls.

Planted: `ROLLBACK TO act` left out -> test_one_that_refuses... red.
Planted: outcomes given before the commit -> test_a_commit_that_fails... red.
Planted: a full disk taken for one act's own mistake -> test_a_full_disk... red.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from server.app import calling, issuing
from server.app.ask import Answer, Mismatch, StorageUnavailable
from server.app.performing import perform
from server.domain.errors import RuleBroken
from server.storage.unit import Unit
from tests.app.small_hall import KTP, NIB, SmallHall
from tests.storage.raw import chain_of, contents, opened

PAGE = 4096


def wish(hall: SmallHall, token: str, service: str = KTP, key: str | None = None, body: str = "") -> Unit:
    """A unit of work that issues, as the house would hand it to the writer."""
    ask = replace(hall.kiosk(key=key, body=body), token=token * 22)
    return lambda work: perform(work, ask, issuing.issue, {"service": service})


def then(unit: Unit, problem: Exception) -> Unit:
    """Do all of the unit, and refuse afterwards."""

    def both(work: Any) -> None:
        unit(work)
        raise problem

    return both


def log_is_whole(hall: SmallHall) -> bool:
    return chain_of(hall.read(lambda work: list(work.log.after(0, 100_000)))) == []


@contextmanager
def commits(hall: SmallHall) -> Iterator[list[str]]:
    """Notes each begin and commit of the writer."""
    seen: list[str] = []
    engine = hall.writer._engine
    notes = {name: lambda connection, name=name: seen.append(name) for name in ("begin", "commit", "rollback")}
    for name, note in notes.items():
        event.listen(engine, name, note)
    yield seen
    for name, note in notes.items():
        event.remove(engine, name, note)


def test_several_acts_one_commit(hall: SmallHall) -> None:
    with commits(hall) as seen:
        outcomes = hall.writer.run_batch([wish(hall, token) for token in "abcd"])
    assert seen == ["begin", "commit"]
    assert [answer.body["number"] for _, answer in outcomes] == ["B-001", "B-002", "B-003", "B-004"]
    assert log_is_whole(hall)


@pytest.mark.parametrize(
    "problem", [RuleBroken("closed"), Mismatch(), ValueError("ours"), IntegrityError("", None, ValueError())]
)
def test_one_that_refuses_at_its_end_rolls_back_alone(hall: SmallHall, problem: Exception) -> None:
    units = [wish(hall, "a"), then(wish(hall, "b"), problem), wish(hall, "c", NIB), wish(hall, "d")]
    outcomes = hall.writer.run_batch(units)
    assert [ok for ok, _ in outcomes] == [True, False, True, True] and outcomes[1][1] is problem
    assert hall.rows("SELECT label FROM ticket ORDER BY id") == [("B-001",), ("A-001",), ("B-002",)]
    assert hall.rows("SELECT last_given FROM series_day ORDER BY series") == [(2,), (1,)]
    assert hall.rows("SELECT count(*) FROM print_job") == [(3,)] and log_is_whole(hall)


def test_one_that_breaks_a_constraint_rolls_back_alone(hall: SmallHall) -> None:
    outcomes = hall.writer.run_batch([wish(hall, "a"), wish(hall, "a"), wish(hall, "b")])
    assert [ok for ok, _ in outcomes] == [True, False, True] and isinstance(outcomes[1][1], IntegrityError)
    assert [outcomes[n][1].body["number"] for n in (0, 2)] == ["B-001", "B-002"] and log_is_whole(hall)


def test_the_only_one_rolls_back_too(hall: SmallHall) -> None:
    before = contents(hall.path)
    for problem in (RuleBroken("closed"), ValueError("ours")):
        [(ok, seen)] = hall.writer.run_batch([then(wish(hall, "a"), problem)])
        assert not ok and seen is problem
    assert contents(hall.path) == before


def test_a_refusal_that_is_an_answer_is_kept(hall: SmallHall) -> None:
    """A refused wish is recorded although the others of the commit succeed or fail."""
    hall.at("15:10")
    outcomes = hall.writer.run_batch([wish(hall, "a", key="k"), then(wish(hall, "b"), ValueError("ours"))])
    assert isinstance(outcomes[0][1], Answer) and outcomes[0][1].refused is not None
    assert hall.rows("SELECT reason FROM refusal") == [("after_cutoff",)]


def test_acts_of_one_commit_see_each_other(hall: SmallHall) -> None:
    ani = hall.opened("ani", "DKC-1")
    budi = hall.opened("budi", "DKC-2")

    def next_of(ask: Any, counter: str) -> Unit:
        return lambda work: perform(work, ask, calling.call_next, {"counter": counter})

    outcomes = hall.writer.run_batch(
        [wish(hall, "a"), next_of(ani, "DKC-1"), next_of(budi, "DKC-2"), next_of(ani, "DKC-1"),
         wish(hall, "b", key="k"), wish(hall, "c", key="k"), wish(hall, "d", NIB, key="k", body="NIB")]
    )
    assert [answer.status for ok, answer in outcomes if ok] == [201, 200, 204, 201, 201]
    assert outcomes[3][1].code == "counter_busy" and isinstance(outcomes[6][1], Mismatch)
    assert outcomes[5][1].replayed and outcomes[5][1].body == outcomes[4][1].body


def test_a_commit_that_fails_fails_everybody(hall: SmallHall) -> None:
    hall.take()
    before = contents(hall.path)

    def breaks_at_commit(work: Any) -> None:
        work.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        work.connection.exec_driver_sql("INSERT INTO span (leg, kind, from_at, to_at) VALUES (999, 'held', 1, 2)")

    outcomes = hall.writer.run_batch([wish(hall, "a"), breaks_at_commit, wish(hall, "b")])
    assert [ok for ok, _ in outcomes] == [False, False, False]
    assert contents(hall.path) == before
    assert hall.take()["number"] == "B-002" and log_is_whole(hall)


def test_a_full_disk_at_a_statement_fails_everybody(hall: SmallHall) -> None:
    before = contents(hall.path)

    def fill(work: Any) -> None:
        work.connection.exec_driver_sql("PRAGMA max_page_count = 1")
        work.connection.exec_driver_sql("CREATE TABLE filling (x)")
        work.connection.exec_driver_sql("INSERT INTO filling VALUES (zeroblob(1000000))")

    outcomes = hall.writer.run_batch([wish(hall, "a"), fill, wish(hall, "b")])
    assert all(not ok and isinstance(problem, StorageUnavailable) for ok, problem in outcomes)
    assert "full" in str(outcomes[0][1]) and contents(hall.path) == before
    assert hall.take()["number"] == "B-001"


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Files of this process may not grow past `size` bytes: what a nearly full disk does to the longest one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_at_each_step_of_the_commit(hall: SmallHall) -> None:
    """Page by page: either all of the batch is there, or nothing of it and everybody is told."""
    hall.take()
    assert hall.rows("SELECT count(*) FROM ticket") == [(1,)]  # a reader that stays keeps the WAL where it is
    full_at, failures = hall.path.with_name(f"{hall.path.name}-wal").stat().st_size, 0
    for pages in range(200):
        before = contents(hall.path)
        with no_file_above(full_at + pages * PAGE):
            outcomes = hall.writer.run_batch([wish(hall, token) for token in "abc"])
        if all(ok for ok, _ in outcomes):
            break
        failures += 1
        assert all(isinstance(problem, StorageUnavailable) for _, problem in outcomes)
        assert contents(hall.path) == before
    assert 5 < failures < 199, "each page of the commit was once the one too many"
    assert [answer.body["number"] for _, answer in outcomes] == ["B-002", "B-003", "B-004"]
    with opened(hall.path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert log_is_whole(hall)
