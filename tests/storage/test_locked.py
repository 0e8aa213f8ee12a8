"""Somebody else holds the database: nothing is half done, everybody is told, and it heals by itself.

Planted: OperationalError handed on as it is -> test_another_process... red.
Planted: the failed connection kept -> test_another_process_that_is_killed... red.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import calling, issuing
from server.app.ask import StorageUnavailable
from server.storage import engine
from tests.app.small_hall import KTP, SmallHall
from tests.storage.raw import contents

HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
held.execute("UPDATE event_head SET seq = seq + 100")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
print("let go", flush=True)
"""


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHall]:
    """A hall that waits for a lock no longer than a moment."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.05)
    hall = SmallHall(tmp_path / "data")
    yield hall
    hall.close()


@pytest.fixture
def holder(hall: SmallHall) -> Iterator[subprocess.Popen[str]]:
    """A second process in the middle of a write of its own."""
    hall.take()
    words = [sys.executable, "-c", HOLDER, str(hall.path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_process_holds_the_write_lock(hall: SmallHall, holder: subprocess.Popen[str]) -> None:
    ani, before = hall.person("ani"), contents(hall.path)
    with pytest.raises(StorageUnavailable, match="locked"):
        hall.act(hall.kiosk(), issuing.issue, service=KTP)
    with pytest.raises(StorageUnavailable):
        hall.act(ani, calling.call_next, counter="DKC-1")
    assert contents(hall.path) == before, "readers go on"
    assert holder.stdin is not None and holder.stdout is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "let go\n"
    assert hall.take()["number"] == "B-002"


def test_another_process_that_is_killed_lets_go(hall: SmallHall, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(StorageUnavailable):
        hall.act(hall.kiosk(), issuing.issue, service=KTP)
    holder.kill()
    holder.wait()
    assert hall.take()["number"] == "B-002"


def test_everybody_in_the_batch_is_told(hall: SmallHall, holder: subprocess.Popen[str]) -> None:
    ran: list[int] = []
    outcomes = hall.writer.run_batch([lambda work: ran.append(1), lambda work: ran.append(2)])
    assert [(ok, type(problem)) for ok, problem in outcomes] == [(False, StorageUnavailable)] * 2 and ran == []


def test_a_database_that_is_none(hall: SmallHall) -> None:
    hall.close()
    hall.path.write_bytes(b"this is no database, however long it may be" * 100)
    with pytest.raises(StorageUnavailable, match="not a database"):
        hall.act(hall.kiosk(), issuing.issue, service=KTP)
