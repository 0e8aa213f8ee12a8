"""Numbers that may be on paper, where the data that are replaced do not tell all: torn, replaced twice, or of another plan.

Planted: a torn WAL taken for whole -> test_behind_a_torn_wal_time_decides red; no note beside the backup ->
test_the_same_backup_twice... red; series of the replaced data not kept -> test_a_series_of_after_the_backup... red; frames of an earlier
round taken for damage -> test_a_wal_is_whole... red; any file replaced by a backup -> test_a_backup_replaces_backups_only red.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from server.app import floors
from server.cli.faults import Stop
from server.ops.backup import copying, restoring, taking
from server.ops.backup.wal import is_whole
from tests.app.small_hall import KTP, SmallHall, small_plan
from tests.backup.test_restore import BackUp, bring_back
from tests.house_builder import settings_for
from tests.serve.servers import mpp_here


def frame_at(wal: Path, number: int) -> int:
    size = int.from_bytes(wal.read_bytes()[8:12], "big")
    return 32 + number * (24 + size)


def spoil(wal: Path, at: int) -> None:
    with wal.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(512))


def test_behind_a_torn_wal_time_decides(hall: SmallHall, back_up: BackUp, tmp_path: Path) -> None:
    """SQLite reads up to the damaged frame and says that all is well."""
    hall.take()
    file, _ = back_up()
    for _ in range(150):
        hall.take()
    hall.later(minutes=4)
    crashed = tmp_path / "crashed"
    shutil.copytree(hall.path.parent, crashed)
    wal = crashed / "mpp.sqlite3-wal"
    frames = (wal.stat().st_size - 32) // (frame_at(wal, 1) - 32)
    spoil(wal, frame_at(wal, frames // 2) + 100)
    told = restoring.restore(settings_for(crashed), file, hall.now, None, lambda line: None)
    assert all(row["to"] >= 100 + 4 * 60 for row in told.jumped)


def test_without_its_wal_a_server_s_data_are_not_believed(hall: SmallHall, back_up: BackUp) -> None:
    """`server.json` says that it did not end in order; at rest there is neither."""
    hall.take()
    file, _ = back_up()
    hall.later(minutes=3)
    hall.close()
    assert not hall.path.with_name("mpp.sqlite3-wal").exists()
    (hall.path.parent / "server.json").write_text("{}")
    assert {row["to"] for row in bring_back(hall, file).jumped if row["prefix"] == "A"} == {100 + 3 * 60}


def test_the_same_backup_twice_skips_what_was_given_between(hall: SmallHall, back_up: BackUp) -> None:
    hall.take()
    file, _ = back_up()
    given = set()
    for seconds in (20, 17, 1):
        hall.later(seconds=seconds)
        hall.close()
        for path in hall.path.parent.iterdir():
            path.unlink()
        bring_back(hall, file)
        fresh = {hall.take()["number"] for _ in range(40)}
        assert given.isdisjoint(fresh)
        given |= fresh


def test_a_series_of_after_the_backup_goes_on(hall: SmallHall, back_up: BackUp) -> None:
    """The plan comes back older; loaded again, its new series does not begin at one."""
    hall.take()
    file, _ = back_up()
    plan: dict[str, Any] = small_plan()
    plan["series"].append({**plan["series"][0], "code": "baru", "prefix": "Z", "first": 1})
    next(row for row in plan["services"] if row["code"] == KTP)["series"] = "baru"
    hall.system(floors.load_floor, plan=plan)
    assert [hall.take()["number"] for _ in range(2)] == ["Z-001", "Z-002"]
    bring_back(hall, file)
    hall.system(floors.load_floor, plan=plan)
    assert hall.take()["number"] == "Z-103"


def test_a_wal_is_whole_until_a_frame_is_not(tmp_path: Path) -> None:
    """Frames of a round before, and one that was being written, are no damage."""
    path, wal = tmp_path / "a", tmp_path / "a-wal"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("CREATE TABLE t (x)")
    for _ in range(60):
        database.execute("INSERT INTO t VALUES (randomblob(900))")
    assert is_whole(wal)
    database.execute("PRAGMA wal_checkpoint(RESTART)")
    database.execute("INSERT INTO t VALUES (1)")
    assert is_whole(wal) and wal.stat().st_size > frame_at(wal, 20)
    for _ in range(60):
        database.execute("INSERT INTO t VALUES (randomblob(900))")
    raw = wal.read_bytes()
    wal.write_bytes(raw[: frame_at(wal, 30) + 99])
    assert is_whole(wal)
    for at in (3, 30, frame_at(wal, 10) + 8, frame_at(wal, 10) + 500):
        wal.write_bytes(raw)
        spoil(wal, at)
        assert not is_whole(wal), at
    database.close()


def test_a_backup_replaces_backups_only(hall: SmallHall, back_up: BackUp, tmp_path: Path) -> None:
    """Never the database, another's file, or what a link points to."""
    hall.take()
    file, _ = back_up()
    other, link = tmp_path / "surat.odt", tmp_path / "pintas.mppb"
    other.write_text("x")
    link.symlink_to(file)
    for target in (hall.path, other, link, Path("/dev/null")):
        before = target.read_bytes() if target.is_file() else b""
        with pytest.raises(Stop, match="bukan cadangan"):
            taking.take(hall.path.parent, target, with_media=False)
        assert (target.read_bytes() if target.is_file() else b"") == before and link.is_symlink()
    with pytest.raises(Stop, match="folder .* tidak ada"):
        taking.take(hall.path.parent, tmp_path / "tidak-ada" / "x.mppb", with_media=False)
    back_up()  # the same name again


@pytest.mark.parametrize("change", ["data = '{'", "at = 9000000000000000000"])
def test_an_event_that_cannot_be_read_is_a_broken_link(hall: SmallHall, change: str) -> None:
    hall.take()
    hall.close()
    with sqlite3.connect(hall.path) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute(f"UPDATE event SET {change} WHERE seq = 2")
    database.close()
    with copying.opened(hall.path) as broken:
        assert copying.wrongs(broken) == ["event 2"]
    hall.open_database()


def test_the_clock_s_second_counts(hall: SmallHall, back_up: BackUp) -> None:
    """Between two restores a second apart more numbers are skipped than a hall gives in one."""
    file, manifest = back_up()
    one, two = (restoring.evidence.plan(manifest, None, hall.now + timedelta(seconds=after), 1.0, None) for after in (10, 11))
    assert [next(iter(plan.skips.values())) for plan in (one, two)] == [110, 111]


def test_a_word_below_the_rule_is_warned_of(hall: SmallHall, back_up: BackUp) -> None:
    """Planted: no warning -> red; one where the word is enough -> red."""
    file, _ = back_up()
    hall.close()
    said: list[str] = []
    restoring.restore(hall.settings, file, hall.now, 100, said.append)
    assert not any("Peringatan" in line for line in said)
    restoring.restore(hall.settings, file, hall.now, 7, said.append)
    assert [line for line in said if "Peringatan: menurut aturan 100 nomor tiap seri dilompati, bukan 7" in line]
    hall.open_database()


@pytest.mark.parametrize("step", ["prepare_schema", "_settle"])
def test_a_disk_that_fills_up_is_said_in_words(hall: SmallHall, back_up: BackUp, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Planted: the library's own words, with its query -> red."""
    file, _ = back_up()
    hall.close()
    before = hall.path.read_bytes()

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        raise error if step == "_settle" else OperationalError("INSERT INTO event", {}, error)

    with monkeypatch.context() as context:
        context.setattr(restoring, step, full)
        with pytest.raises(Stop, match=r"^Pemulihan gagal: disk penuh; kosongkan dahulu\. Tidak ada yang diubah\.$"):
            restoring.restore(hall.settings, file, hall.now, None, lambda line: None)
    assert hall.path.read_bytes() == before
    hall.open_database()


def test_a_refused_restore_leaves_no_new_folder(tmp_path: Path) -> None:
    """Planted: the folder that was made for it stays -> red; one that was there goes -> red."""
    broken = tmp_path / "broken.mppb"
    broken.write_bytes(b"not a backup")
    (tmp_path / "old").mkdir()
    for name in ("new", "old"):
        assert mpp_here("restore", str(broken), "--data", str(tmp_path / name)).returncode == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["old"]
