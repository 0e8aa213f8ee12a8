"""`mpp doctor`: each thing that can be wrong is found, has a remedy, and nothing is changed by the look.

Planted, each seen red: the invariants not asked; exit code 0 whatever was found.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config import voice as voices
from server.app.clockwork import clock_agrees, clock_doubted
from server.app.vault import sha256
from server.cli import backup, doctor
from server.ops.backup import child, taking
from server.ops.backup.keeping import ENDING, Rule
from server.ops.backup.unfinished import NAME
from server.ops.companion_commands import TOKEN
from server.ops.data_folder import DataLock
from server.ops.doctor.data import remedy_of
from server.ops.doctor.invariants import INVARIANTS, violations
from tests.app.small_hall import SmallHall
from tests.backup.test_restore import sums


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MPP_")]:
        monkeypatch.delenv(name)


def found(hall: SmallHall, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """All findings with their remedies; exit code and text agree with them."""
    data = hall.path.parent
    before = sums(data)
    code = doctor.run(["--json", "--data", str(data)])
    told = json.loads(capsys.readouterr().out)
    assert sums(data) == before
    findings = [finding for part in told["parts"] for finding in part["findings"]]
    assert code == (1 if findings else 0) and told["findings"] == len(findings)
    assert all(wrong.strip() and remedy.strip() for wrong, remedy in findings)
    return [f"{wrong} -> {remedy}" for wrong, remedy in findings]


@pytest.fixture
def well(hall: SmallHall, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHall]:
    """A hall with a morning behind it and a backup, at rest."""
    for module in ("server.clock",):
        monkeypatch.setattr(f"{module}.wall_now", lambda: hall.now)
    for module in (child, taking):
        monkeypatch.setattr(module, "wall_now", lambda: hall.now)
    hall.opened()
    for _ in range(3):
        hall.take()
    hall.later(minutes=1)
    child.round_of(hall.path.parent, Rule(1, 1))
    child.drill_of(hall.path.parent)
    hall.close()
    hall.path.chmod(0o600)
    for path in hall.path.parent.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    yield hall
    hall.open_database()


def spoil(path: Path, *statements: str) -> None:
    with sqlite3.connect(path, isolation_level=None) as database:
        for trigger in ("event_no_update", "event_no_delete", "event_no_replace"):
            database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        database.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_well_hall_has_no_findings_and_stays_as_it_is(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(well, capsys) == []
    assert doctor.run(["--data", str(well.path.parent)]) == 0
    said = capsys.readouterr().out
    for part in ("Pengaturan", "Disk", "Jam", "SQLite", "Skema", "Rantai peristiwa", "Isi data", "Tabel dan catatan", "Perangkat", "Suara", "Pencetak", "Cadangan"):
        assert f"{part}:" in said
    assert said.endswith("Semuanya baik.\n")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE event SET actor = 'x' WHERE seq = 2", "rantai putus di event 2"),
        ("UPDATE event_head SET seq = seq + 1", "rantai putus di event_head"),
        ("UPDATE leg SET ticket = 99 WHERE id = 1", "rujukan rusak"),
        ("UPDATE series_day SET last_given = last_given + 1 WHERE series = 'DKC'", "nomor terlewat tanpa catatan"),
        ("UPDATE alembic_version SET version_num = '0001'", "revisi 0001"),
        ("SELECT 1", "event_no_delete tidak ada"),
        ("DELETE FROM site", "tabel site kosong"),
        ("DELETE FROM event_head", "tabel event_head kosong"),
        ("DELETE FROM alembic_version", "tabel alembic_version kosong"),
    ],
)
def test_wrong_rows_are_found(well: SmallHall, capsys: pytest.CaptureFixture[str], statement: str, words: str) -> None:
    spoil(well.path, statement)
    assert any(words in one for one in found(well, capsys))


def test_wrong_surroundings_are_found(well: SmallHall, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = well.path.parent
    (data / voices.LEXICON).parent.mkdir()
    (data / voices.LEXICON).write_text("salah salah")
    (data / "first-run.json").write_text("{}")
    (data / "first-run.json").chmod(0o644)
    (data / NAME).write_text('{"replaced": "x"}')
    told = json.loads((data / "backups" / "drill.json").read_text())
    (data / "backups" / "drill.json").write_text(json.dumps({**told, "wrong": ["x"]}))
    monkeypatch.setenv("MPP_BACKUP_ALSO", "/tidak/ada")
    monkeypatch.setenv("MPP_DISPLAY_LAYOUT", "/tidak/ada")
    well.later(days=5)
    all_of_it = "\n".join(found(well, capsys))
    for words in (
        "lexicon.toml", "first-run.json", "pemulihan data terputus", "uji pulih gagal", "/tidak/ada tidak ada", "tata letak layar",
        "cadangan terakhir 120 jam lalu",
    ):
        assert words in all_of_it, words
    well.later(days=-900)
    assert "padahal peristiwa terakhir" in "\n".join(found(well, capsys))


def test_backups_that_others_may_read_are_found(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    """Planted: the data folder's own files looked at alone -> red."""
    data = well.path.parent
    [backup] = (data / "backups").glob(f"*{ENDING}")
    backup.chmod(0o644)
    assert found(well, capsys) == [f"orang lain dapat membuka backups/{backup.name} -> chmod go= {backup}"]
    for n in range(6):
        copy = data / "backups" / f"copy-{n}"
        copy.touch()
        copy.chmod(0o644)
    assert [one.endswith(f"-> chmod -R go= {data}") and "7 berkas" in one for one in found(well, capsys)] == [True]


def test_a_print_host_with_nobodys_token_is_found(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    """Planted: any token believed -> red; the right one refused -> red."""
    token = well.path.parent / TOKEN
    token.touch(0o600)
    token.write_text("abc")
    [one] = found(well, capsys)
    assert one.startswith("token di print-host.token tidak dikenal") and "hapus print-host.token" in one
    spoil(well.path, f"UPDATE device SET token_hash = '{sha256('abc')}' WHERE kind = 'print-host'")
    assert not any("tidak dikenal" in one for one in found(well, capsys))


def test_a_clock_far_ahead_is_noted_and_no_finding(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    well.later(days=60)
    assert not any("jam komputer" in one for one in found(well, capsys))
    doctor.run(["--data", str(well.path.parent)])
    assert "60 hari sesudah peristiwa terakhir" in capsys.readouterr().out


def test_a_doubt_of_the_clock_is_a_finding_while_a_server_has_it(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    """Planted: any of the two events taken for a doubt; the server not asked for -> red each."""
    for act, is_doubted in ((partial(clock_doubted, wall="2026-11-05T01:00:00Z", by_s=172800.0), True), (clock_agrees, False)):
        well.restart()
        well.act(well.person("pengawas"), act)
        well.close()
        assert not any("meragukan jam" in one for one in found(well, capsys))
        lock = DataLock(well.path.parent, 0)
        told = found(well, capsys)
        os.close(lock.fd)
        assert any("meragukan jam" in one and "Jam sudah benar" in one for one in told) is is_doubted


def test_a_folder_without_data_and_wrong_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (tmp_path / "none", tmp_path):
        assert doctor.run(["--data", str(place)]) == 1
        assert "Perbaikan: jalankan `mpp serve`" in capsys.readouterr().out
    (tmp_path / "mpp.sqlite3").write_bytes(b"not a database at all" * 100)
    assert doctor.run(["--data", str(tmp_path)]) == 1 and "tidak dapat dibaca" in capsys.readouterr().out
    monkeypatch.setenv("MPP_SERVER_PORT", "x")
    assert doctor.run([]) == 1 and "MPP_SERVER_PORT" in capsys.readouterr().out


def test_every_invariant_is_a_query_that_runs(well: SmallHall) -> None:
    with sqlite3.connect(well.path) as database:
        assert violations(database) == [] and len(INVARIANTS) >= 15
    database.close()


@pytest.mark.parametrize(
    ("broken", "remedy"),
    [(sqlite3.OperationalError("database is locked"), "tutup program lain"), (sqlite3.OperationalError("unable to open database file"), "izin"),
     (PermissionError(13, "Permission denied"), "izin"), (sqlite3.DatabaseError("file is not a database"), "mpp restore"), (ValueError("x"), "mpp restore")],
)  # fmt: skip
def test_only_damage_is_answered_with_a_restore(broken: Exception, remedy: str) -> None:
    """Planted: the remedy of damage for a database that somebody holds -> red."""
    assert remedy in remedy_of(broken)


def test_a_server_that_holds_the_data_and_does_not_answer(well: SmallHall, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Doctor says so; a backup is made beside it. Planted: the lock not looked at; the lock waited for and refused -> red each."""
    lock = DataLock(well.path.parent, 0)
    try:
        [finding] = found(well, capsys)
        assert "server tidak menjawab" in finding
        assert backup.run([str(tmp_path / "x.mppb"), "--data", str(well.path.parent)]) == 0
        assert "tidak menjawab" in capsys.readouterr().err and (tmp_path / "x.mppb").is_file()
    finally:
        os.close(lock.fd)


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_data_that_are_lost_have_a_backup_with_a_name(well: SmallHall, capsys: pytest.CaptureFixture[str], how: str) -> None:
    [kept] = (well.path.parent / "backups").glob("*.mppb")
    for path in well.path.parent.glob("mpp.sqlite3*"):
        path.unlink() if how == "gone" else path.write_bytes(b"x" * 5000)
    assert doctor.run(["--data", str(well.path.parent)]) == 1
    told = capsys.readouterr().out
    assert "mpp restore" in told and kept.name in told and "Perbaikan: jalankan `mpp serve`" not in told


def test_a_clock_behind_all_backups_is_told_as_such(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    well.later(days=-2)
    told = "\n".join(found(well, capsys))
    assert "semua cadangan bertanggal sesudah jam" in told and "belum ada cadangan" not in told
