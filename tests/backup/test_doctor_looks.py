"""What `mpp doctor` and the nightly trial see behind the plain checks: tables against the log, the shape of indexes and triggers, what
SQLite answers, and which backup is whole.

Planted, each seen red: see each test.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.app import calling, counters, days, floors, issuing, visits
from server.domain.events import as_told, seal
from server.ops.backup import child, keeping
from server.ops.backup.keeping import Rule
from server.ops.doctor import data, engine, story
from server.ops.doctor.shape import shape_of, shape_wrongs
from server.storage.database import prepare_schema
from tests.app.small_hall import IKD, KTP, NIB, SmallHall
from tests.backup.test_doctor import found, no_settings, spoil, well
from tests.storage.raw import copy_row, opened

__all__ = ["no_settings", "well"]


def told(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return story.differences(database)


def _live(hall: SmallHall) -> None:
    """A closed day with a planned stop that never began, and an open one in which every state stands; at rest.

    Today's tickets are 3 to 9: called, serving, held, missed and back, put back, sent on, one whose second stop waits; ticket 10
    has a stop planned.
    """
    hall.opened("ani", "DKC-1")
    hall.take(KTP, then=[NIB])
    hall.take(KTP)
    ani = hall.person("ani")
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(hall.person("pengawas"), days.close_now)
    hall.at("08:00", day=4)
    desk = hall.person("resepsionis")
    everybody = [hall.opened("ani", "DKC-1"), hall.opened("budi", "DKC-2"), hall.opened("dewi", "PTSP-1"), hall.opened("citra", "DKC-3")]
    hall.act(hall.kiosk(), issuing.issue, service=KTP, then=[NIB])  # 3: its second stop waits
    for _ in range(6):
        hall.later(seconds=20)
        hall.act(hall.kiosk(), issuing.issue, service=KTP, priority="lansia" if _ == 2 else None)
    hall.act(hall.kiosk(), issuing.issue, service=NIB, then=[KTP])  # 10: planned
    ani, budi, dewi, citra = everybody
    hall.say(ani, visits.set_priority, ticket=8, value="lansia")
    hall.say(ani, visits.set_priority, ticket=8, value=None)
    hall.say(ani, calling.pick, counter="DKC-1", ticket=3, reason="x")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    hall.later(minutes=1)
    hall.say(ani, calling.pick, counter="DKC-1", ticket=4, reason="x")
    hall.say(ani, calling.put_back, counter="DKC-1")
    hall.say(ani, calling.pick, counter="DKC-1", ticket=5, reason="x")
    hall.say(ani, calling.hold, counter="DKC-1")
    hall.say(ani, calling.pick, counter="DKC-1", ticket=6, reason="x")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.say(budi, calling.pick, counter="DKC-2", ticket=7, reason="x")
    hall.say(hall.person("pengawas"), floors.set_policy, no_show_min_calls=1, no_show_wait_s=0)
    hall.say(budi, calling.no_show, counter="DKC-2")
    hall.say(desk, visits.give_back, ticket=7)
    hall.say(desk, visits.transfer_ticket, ticket=8, service=IKD)
    # A supervisor lets the call begin the service: the log has one event of both.
    hall.say(hall.person("pengawas"), floors.set_policy, call_starts_service=True)
    hall.say(budi, calling.pick, counter="DKC-2", ticket=9, reason="x")
    hall.say(dewi, counters.pause, counter="PTSP-1", reason="salat")
    hall.say(citra, counters.close_counter, counter="DKC-3")
    hall.close()


_LIVED: list[bytes] = []


@pytest.fixture
def lived(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The database of that hall, one for each test; lived once."""
    if not _LIVED:
        hall: SmallHall = request.getfixturevalue("hall")
        _live(hall)
        _LIVED.append(hall.path.read_bytes())
    path = tmp_path / "lived.sqlite3"
    path.write_bytes(_LIVED[0])
    return path


def test_a_lived_hall_is_told_as_its_log_tells_it(lived: Path) -> None:
    """Planted: a call that begins the service told as called -> red; a planned stop blamed -> red; put back behind one more -> red."""
    assert told(lived) == []
    with opened(lived) as database:
        states = {row[0] for row in database.execute("SELECT state FROM leg WHERE ticket > 2")}
    assert states == {"waiting", "serving", "on_hold", "transferred", "finished", "planned"}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE leg SET state = 'waiting' WHERE ticket = 2", "keadaan expired di catatan, waiting di tabel"),
        ("UPDATE leg SET state = 'cancelled' WHERE ticket = 6", "keadaan serving di catatan, cancelled di tabel"),
        ("UPDATE leg SET state = 'called' WHERE ticket = 6", "keadaan serving di catatan, called di tabel"),
        ("UPDATE leg SET state = 'finished' WHERE state = 'planned'", "tidak di catatan"),
        ("UPDATE leg SET counter = 'DKC-4' WHERE ticket = 6", "loket DKC-1 di catatan, DKC-4 di tabel"),
        ("UPDATE leg SET counter = 'DKC-4' WHERE ticket = 3 AND position = 1", "loket DKC-1 di catatan"),
        ("UPDATE leg SET rank_at = rank_at - 1 WHERE ticket = 4", "tempat dalam antrean"),
        ("UPDATE leg SET rank_at = rank_at - 1 WHERE ticket = 7", "tempat dalam antrean"),
        ("UPDATE leg SET rank_at = rank_at - 1 WHERE ticket = 8 AND position = 2", "tempat dalam antrean"),
        ("UPDATE leg SET rank_seq = rank_seq + 1 WHERE ticket = 3 AND position = 2", "tempat dalam antrean"),
        ("UPDATE leg SET is_priority = 1 WHERE ticket = 8", "prioritas 0 di catatan, 1 di tabel"),
        ("UPDATE leg SET service = 'DKC-KK' WHERE ticket = 1 AND position = 1", "layanan DKC-KTP di catatan"),
        ("DELETE FROM leg WHERE ticket = 2", "ada di catatan, tetapi tidak di tabel"),
        ("UPDATE ticket SET label = 'B-777' WHERE id = 2", "nomor B-002 di catatan, B-777 di tabel"),
        ("UPDATE ticket SET number = 9 WHERE id = 2", "angka 2 di catatan, 9 di tabel"),
        ("UPDATE ticket SET business_date = '2026-11-05' WHERE id = 5", "tanggal 2026-11-04 di catatan"),
        ("UPDATE ticket SET issued_at = issued_at - 1 WHERE id = 5", "waktu ambil"),
        ("UPDATE series_day SET last_given = last_given + 1 WHERE business_date = '2026-11-03'", "nomor terakhir seri 2026-11-03"),
        ("UPDATE counter_session SET officer = 'eka' WHERE counter = 'DKC-1' AND closed_at IS NULL", "loket DKC-1: ani"),
        ("UPDATE counter_session SET closed_at = NULL WHERE counter = 'DKC-3'", "loket DKC-3: tidak ada di catatan, citra"),
        ("UPDATE pause SET to_at = from_at", "jeda loket PTSP-1: jeda di catatan, tidak ada di tabel"),
        ("UPDATE business_day SET closed_at = opened_at WHERE closed_at IS NULL", "hari layanan 2026-11-04: terbuka di catatan, ditutup di tabel"),
    ],
)
def test_a_table_changed_by_hand_is_found(lived: Path, statement: str, words: str) -> None:
    """Planted: each column left out of what is compared; days, sessions, pauses, series not asked -> its line red."""
    with opened(lived, foreign_keys=False) as database:
        assert database.execute(statement).rowcount > 0
    [first, *_] = told(lived)
    assert words in first


def test_rows_that_no_act_made_are_found_and_many_are_counted(lived: Path) -> None:
    """Planted: only ids of the log are looked at -> red; all are told one by one -> red."""
    with opened(lived, foreign_keys=False) as database:
        copy_row(database, "ticket", "id = 2", id=99, number=99, label="B-099", token="x")
        assert "karcis B-099 ada di tabel, tetapi tidak di catatan" in told(lived)
        database.execute("UPDATE leg SET gerai = 'PTSP' WHERE gerai = 'DKC'")
    assert len(told(lived)) == story.MOST + 1 and "perbedaan lain" in told(lived)[-1]


def test_a_deleted_row_whose_id_was_given_again_is_found(hall: SmallHall) -> None:
    """SQLite gives the newest id anew once its row is gone. Planted: not asked -> red."""
    hall.take()
    hall.close()
    with opened(hall.path, foreign_keys=False) as database:
        database.executescript("DELETE FROM print_job; DELETE FROM leg; DELETE FROM ticket")
    hall.open_database()
    hall.take()
    hall.close()
    assert told(hall.path) == ["karcis B-001 pernah dihapus dari tabel; barisnya dipakai B-002"]


def test_what_this_program_does_not_know_is_no_finding(lived: Path) -> None:
    """A newer program's acts may have changed any leg, and are sealed as any. Planted: unknown types passed over -> red; a log
    with one called broken -> red."""
    with opened(lived) as database:
        head, digest = database.execute("SELECT seq, hash FROM event_head").fetchone()
        act = as_told("TicketTaught", at=datetime(2026, 11, 4, 3, tzinfo=UTC), actor="user:ani", leg=3, data={"what": "x"})
        row = {"seq": head + 1, "at": act.at.timestamp() * 1_000_000, "type": act.type, "actor": act.actor, "data": '{"what":"x"}'}
        empty = dict.fromkeys(("device", "ticket", "gerai", "service", "counter"))
        copy_row(database, "event", f"seq = {head}", **row, **empty, leg=3, hash=seal(digest, act, head + 1))
        database.execute("UPDATE event_head SET seq = ?, hash = ?", (head + 1, seal(digest, act, head + 1)))
        database.execute("UPDATE leg SET state = 'cancelled' WHERE ticket = 6")
    with closing(sqlite3.connect(lived)) as database:
        assert data.chain_look(database).findings == []
        look = data.story_look(database)
    assert look.findings == [] and "TicketTaught" in look.notes[0]


def test_doctor_and_trial_tell_a_table_changed_by_hand(
    well: SmallHall, capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:
    """Planted: the look left out of the doctor -> red; left out of the trial -> red; asked of a broken log -> red."""
    spoil(well.path, "UPDATE leg SET state = 'cancelled', ended_at = queued_at WHERE ticket = 1")
    prepare_schema(well.url)
    child.round_of(well.path.parent, Rule(1, 1))
    assert child.drill_of(well.path.parent)["wrong"] == ["langkah 1 dari karcis B-001: keadaan waiting di catatan, cancelled di tabel"]
    (well.path.parent / "backups" / "drill.json").unlink()
    [finding] = found(well, capsys)
    assert "keadaan waiting di catatan, cancelled di tabel -> tabel diubah di luar program ini" in finding
    spoil(well.path, "UPDATE event SET leg = 2 WHERE seq = 5")
    assert not any("di catatan" in one for one in found(well, capsys))


@pytest.mark.parametrize(
    ("statement", "words", "remedy"),
    [
        ("DROP INDEX one_open_day", "one_open_day tidak ada", data.MEND),
        ("DROP INDEX one_open_day; CREATE INDEX one_open_day ON business_day (site) WHERE closed_at IS NULL", "one_open_day berbeda", data.MEND),
        ("DROP TRIGGER event_no_update; CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END", "event_no_update berbeda", data.MEND),
        ("CREATE TRIGGER quiet AFTER INSERT ON leg BEGIN SELECT 1; END", "quiet bukan milik", data.STRANGE),
        ("CREATE UNIQUE INDEX uu ON print_job (state)", "indeks unik uu bukan milik", data.STRANGE),
        ("ALTER TABLE leg RENAME COLUMN served_s TO served", "tabel leg: kolom served_s tidak ada", data.RESTORE),
        ("DROP TABLE alert; CREATE TABLE alert AS SELECT 1 AS site", "tabel alert: kolom site berbeda", data.RESTORE),
        ("DROP TABLE alert", "alert tidak ada", data.RESTORE),
    ],
)
def test_each_part_of_the_shape_has_its_own_remedy(hall: SmallHall, statement: str, words: str, remedy: str) -> None:
    """Planted: names alone looked at -> red; every remedy a restore -> red; columns not compared -> red."""
    hall.close()
    with opened(hall.path) as database:
        database.executescript(statement)
    with closing(sqlite3.connect(hall.path)) as database:
        [(wrong, said)] = data.schema_look(database).findings
    assert words in wrong and said == remedy


def test_layout_and_quotes_are_no_difference(hall: SmallHall) -> None:
    """Planted: statements compared letter by letter -> red."""
    hall.close()
    with opened(hall.path) as database:
        database.executescript(
            'DROP INDEX one_open_day; CREATE UNIQUE INDEX "one_open_day"\n  ON "business_day"  ( "site" )\n WHERE closed_at  IS NULL'
        )
    with closing(sqlite3.connect(hall.path)) as database:
        assert shape_wrongs(database) == []


def test_a_start_makes_them_again_and_touches_no_row(hall: SmallHall) -> None:
    """Planted: only what is missing is made, not what is other -> red; the remedy without the making -> red."""
    hall.opened()
    hall.take()
    hall.close()
    with opened(hall.path) as database:
        database.executescript(
            "DROP INDEX ix_leg_day; DROP INDEX one_open_day; CREATE INDEX one_open_day ON business_day (site); DROP TRIGGER event_no_delete"
        )
        rows = database.execute("SELECT * FROM leg").fetchall()
        assert prepare_schema(hall.url) == "KUPANG"
        assert shape_wrongs(database) == [] and database.execute("SELECT * FROM leg").fetchall() == rows
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute("DELETE FROM event")


def test_what_the_rows_forbid_is_left_and_told(hall: SmallHall) -> None:
    """The server starts all the same, as it did without. Planted: one failure ends the start -> red."""
    hall.opened()
    hall.take()
    hall.close()
    with opened(hall.path, foreign_keys=False) as database:
        database.executescript("DROP INDEX one_open_day; DROP INDEX ix_leg_day")
        copy_row(database, "business_day", "closed_at IS NULL", date="2026-11-09")
        assert prepare_schema(hall.url) == "KUPANG"
        assert shape_of(database).guards == ["one_open_day tidak ada di basis data"]


def test_a_newer_schema_keeps_its_own(hall: SmallHall) -> None:
    """Planted: mended whatever the revision -> red; a start named as the remedy, which does not mend it -> red."""
    hall.close()
    with opened(hall.path) as database:
        database.executescript("UPDATE alembic_version SET version_num = '9999'; DROP INDEX ix_leg_day; CREATE INDEX ix_leg_day ON leg (state)")
        prepare_schema(hall.url)
        assert "(state)" in database.execute("SELECT sql FROM sqlite_master WHERE name = 'ix_leg_day'").fetchone()[0]
        assert shape_wrongs(database) == []
        database.execute("DROP INDEX ix_leg_day")
        assert [remedy for _, remedy in data.schema_look(database).findings] == [data.NEWER] * 2


def test_this_sqlite_does_as_the_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: synchronous=NORMAL in storage/engine.py -> red; a reader without query_only -> red."""
    assert engine.unheeded() == []
    monkeypatch.setitem(engine.WRITER, "no_such_pragma", (1, "x"))
    assert engine.unheeded() == [("no_such_pragma", "tidak dikenal", "x")]


@pytest.mark.parametrize(("is_served", "count"), [(True, 1), (False, 0)])
def test_a_server_without_a_wal_is_told(hall: SmallHall, is_served: bool, count: int) -> None:
    """A file at rest may be without one: a restore leaves it so. Planted: only a WAL beside the file is looked at -> red."""
    hall.close()
    with opened(hall.path) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        look = engine.engine_look(database, hall.path, is_served)
    assert [remedy for _, remedy in look.findings] == [engine.LOCAL_DISK] * count


def test_how_the_file_is_kept_is_a_note(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x")) as database:
        database.executescript("PRAGMA page_size = 1024; PRAGMA auto_vacuum = 1; CREATE TABLE a (b)")
        look = engine.engine_look(database, tmp_path / "x", False)
    assert look.findings == [] and [note.split(",")[0] for note in look.notes] == ["page_size 1024", "auto_vacuum 1"]


def _later_copy(hall: SmallHall, minutes: int) -> tuple[Path, Path]:
    """The fixture's one backup, and a second under the name of a later minute."""
    [first] = (hall.path.parent / "backups").glob("*.mppb")
    at = keeping.time_of(first.name)
    assert at is not None
    second = first.with_name(keeping.name_of("KUPANG", at + timedelta(minutes=minutes)))
    second.write_bytes(first.read_bytes())
    second.chmod(0o600)
    hall.later(minutes=minutes)
    return first, second


@pytest.mark.parametrize("left", [0, 40, 5000])
def test_a_cut_backup_is_told_and_the_whole_one_named(well: SmallHall, capsys: pytest.CaptureFixture[str], left: int) -> None:
    """Planted: the newest believed by its name -> red; the first damaged one ends the look -> red."""
    first, second = _later_copy(well, 5)
    os.truncate(second, left)
    [finding] = found(well, capsys)
    assert second.name in finding and f"pakai {first.name}, yang terbaru yang utuh" in finding
    os.truncate(first, left)
    findings = found(well, capsys)
    assert len(findings) == 3 and any("cadangan terakhir: belum ada" in one for one in findings) and "mpp backup" in findings[0]


def test_a_backups_age_is_what_it_says_itself(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    """Planted: age by the name -> red; by the time of the file -> red."""
    first, second = _later_copy(well, 60 * 24 * 5)
    (well.path.parent / "backups" / "drill.json").unlink()
    os.utime(first)
    findings = found(well, capsys)
    assert any(second.name in one and "bukan pada waktu di namanya" in one for one in findings)
    assert any(f"cadangan terakhir 120 jam lalu ({first.name})" in one for one in findings)


def test_the_trial_refuses_an_empty_newest_backup(well: SmallHall) -> None:
    _, second = _later_copy(well, 5)
    os.truncate(second, 0)
    assert child.drill_of(well.path.parent)["cause"] == "damaged"


def test_a_manifest_without_its_time_is_no_backup(well: SmallHall, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole by its checksum, and still nothing that a restore can use."""
    first, second = _later_copy(well, 5)
    body = json.dumps({"format": 1, "files": {}}).encode()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(body)
        tar.addfile(entry, io.BytesIO(body))
    second.write_bytes(b"ANTRIAN-MPP-BACKUP-1 " + hashlib.sha256(packed.getvalue()).hexdigest().encode() + b"\n" + packed.getvalue())
    [finding] = found(well, capsys)
    assert f"{second.name}: isinya rusak" in finding and first.name in finding
