"""How the database is opened: what is acknowledged is on the disk, readers cannot write, writers do not queue-jump.

Planted: `synchronous=NORMAL` -> test_the_writer... red.
Planted: plain `BEGIN` for the writer -> test_a_unit_holds_the_write_lock_from_its_begin red.
Planted: `query_only` left out -> test_a_reader_cannot_write red.
"""

import sqlite3
from typing import Any

import pytest

from server.app import issuing
from server.app.ask import StorageUnavailable
from tests.app.small_hall import KTP, SmallHall
from tests.storage.raw import opened


def pragma(work: Any, name: str) -> Any:
    return work.connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_the_writer_survives_a_power_cut(hall: SmallHall) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only")
    [(ok, found)] = hall.writer.run_batch([lambda work: [pragma(work, name) for name in names]])
    assert ok and found == ["wal", 2, 1, 1, 0]


def test_a_connection_opened_after_a_failure_is_as_strict(hall: SmallHall) -> None:
    [(ok, problem)] = hall.writer.run_batch([lambda work: work.connection.exec_driver_sql("SELECT * FROM nowhere")])
    assert not ok and isinstance(problem, StorageUnavailable)
    test_the_writer_survives_a_power_cut(hall)


def test_a_reader_cannot_write(hall: SmallHall) -> None:
    assert hall.read(lambda work: [pragma(work, "query_only"), pragma(work, "wal_autocheckpoint")]) == [1, 0]
    with pytest.raises(StorageUnavailable, match="readonly"):
        hall.read(lambda work: work.connection.exec_driver_sql("DELETE FROM answer"))
    with pytest.raises(StorageUnavailable, match="readonly"):
        hall.read(lambda work: issuing.issue(work, hall.kiosk(), service=KTP))
    assert hall.rows("SELECT count(*) FROM ticket") == [(0,)]


def test_a_reader_sees_one_moment(hall: SmallHall) -> None:
    hall.take()

    def twice(work: Any) -> list[int]:
        count = "SELECT count(*) FROM ticket"
        before = work.connection.exec_driver_sql(count).scalar()
        hall.take()
        return [before, work.connection.exec_driver_sql(count).scalar()]

    assert hall.read(twice) == [1, 1]
    assert hall.rows("SELECT count(*) FROM ticket") == [(2,)]


def test_a_unit_holds_the_write_lock_from_its_begin(hall: SmallHall) -> None:
    """So that nothing read inside an act can be out of date when the act writes."""
    with opened(hall.path) as other:
        other.execute("PRAGMA busy_timeout = 0")

        def look(work: Any) -> None:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")

        assert hall.writer.run_batch([look]) == [(True, None)]
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
