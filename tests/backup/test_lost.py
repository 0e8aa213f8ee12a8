"""Data whose end is gone: told by `mpp doctor`, and not served where numbers on paper would be given again.

Planted, each seen red: an older epoch's backups believed; the start not refused; the WAL's end not looked at.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from config.settings import load
from server.cli import doctor
from server.cli.faults import Stop
from server.ops.backup.keeping import ENDING
from server.ops.backup.lost import ahead
from server.ops.first_run import prepare
from server.ops.presence import NAME as SERVED
from tests.app.small_hall import SmallHall
from tests.backup.test_doctor import found, no_settings, well

__all__ = ["no_settings", "well"]


@pytest.fixture
def rolled_back(well: SmallHall) -> SmallHall:
    """The data of before the morning, beside the backup of after it."""
    with sqlite3.connect(well.path) as database:
        for trigger in ("event_no_update", "event_no_delete", "event_no_replace"):
            database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        database.execute("DELETE FROM event WHERE seq > 3")
        database.execute("UPDATE event_head SET seq = 3, hash = (SELECT hash FROM event WHERE seq = 3)")
    database.close()
    return well


def said(hall: SmallHall, capsys: pytest.CaptureFixture[str]) -> str:
    """What doctor says; beside a WAL SQLite makes its small file, so what is there is not compared."""
    assert doctor.run(["--data", str(hall.path.parent)]) == 1
    return capsys.readouterr().out


def start(data: Path) -> None:
    prepare(load(None, {"MPP_SERVER_DATA": str(data)}))


def test_data_that_end_before_their_backup_are_not_served(rolled_back: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    data = rolled_back.path.parent
    [backup] = (data / "backups").glob(f"*{ENDING}")
    before = rolled_back.path.read_bytes()
    with pytest.raises(Stop, match="berakhir pada peristiwa 3") as refused:
        start(data)
    assert f"mpp restore {backup}" in refused.value.sentence and rolled_back.path.read_bytes() == before
    assert any("berakhir pada peristiwa 3" in one and f"mpp restore {backup}" in one for one in found(rolled_back, capsys))


def test_what_goes_on_from_its_backup_or_has_none_is_served(well: SmallHall) -> None:
    data = well.path.parent
    assert ahead(data) is None
    shutil.rmtree(data / "backups")
    assert ahead(data) is None and ahead(data / "nowhere") is None


def test_a_backup_of_before_a_restore_tells_nothing(rolled_back: SmallHall) -> None:
    with sqlite3.connect(rolled_back.path) as database:
        database.execute("UPDATE site SET epoch = 'another'")
    database.close()
    assert ahead(rolled_back.path.parent) is None


def test_a_torn_end_and_a_missing_one_are_told(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    wal = well.path.with_name(f"{well.path.name}-wal")
    keeping = sqlite3.connect(well.path)
    keeping.execute("PRAGMA wal_autocheckpoint = 0")
    keeping.execute("CREATE TABLE scratch (a)")
    keeping.execute("DROP TABLE scratch")
    keeping.commit()
    torn = bytearray(wal.read_bytes())
    torn[40 + 24] ^= 1
    keeping.close()
    assert found(well, capsys) == []
    wal.write_bytes(torn)
    assert "ekor catatan WAL rusak" in said(well, capsys)
    for end in ("-wal", "-shm"):
        well.path.with_name(f"{well.path.name}{end}").unlink()
    (well.path.parent / SERVED).write_text("{}")
    assert "catatan WAL-nya tidak ada" in said(well, capsys)
