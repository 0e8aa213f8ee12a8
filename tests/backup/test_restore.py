"""P13: what comes back, what is skipped, what is refused, and a restore that is cut short at every step.

Planted, each seen red: a jump that forgets the replaced data; the replaced data read without their WAL; no note while names
are changed; the same epoch as before.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.cli.faults import Stop
from server.ops.backup import archive, child, keeping, restoring, taking, unfinished
from server.ops.prove.judging import verdict
from server.ops.prove.records import Records
from tests.app.small_hall import NIB, SmallHall
from tests.house_builder import settings_for
from tests.promises.judging import POLICY

BackUp = Callable[..., tuple[Path, dict[str, Any]]]
MEDIUM = "a" * 64


class Killed(BaseException):
    """The process ends here."""


def sums(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def bring_back(hall: SmallHall, file: Path, skip: int | None = None) -> restoring.Restored:
    """Restore, and open the hall again; P1 to P5 must hold."""
    hall.close()
    told = restoring.restore(hall.settings, file, hall.now, skip, lambda line: None)
    hall.open_database()
    records = Records(hall.path)
    found = verdict(records, {}, POLICY)[1]
    records.close()
    assert found == []
    return told


def test_what_comes_back_and_what_is_skipped(hall: SmallHall, back_up: BackUp) -> None:
    hall.opened()
    early = [hall.take()["number"] for _ in range(3)]
    file, manifest = back_up()
    epoch = hall.rows("SELECT epoch FROM site")
    late = [hall.take()["number"] for _ in range(2)]
    hall.later(minutes=1)
    hall.close()
    before = sums(hall.path.parent)
    (hall.path.parent / "printers").mkdir()
    told = bring_back(hall, file)
    assert told.seen and told.replaced is not None and (told.replaced / "printers").is_dir()
    assert sums(told.replaced) == before
    assert [row[0] for row in hall.rows("SELECT label FROM ticket ORDER BY id")] == early == ["B-001", "B-002", "B-003"]
    assert hall.rows("SELECT epoch FROM site") != epoch and manifest["counts"]["ticket"] == 3
    assert hall.take()["number"] == "B-106" and late == ["B-004", "B-005"]
    assert hall.take(NIB)["number"] == "A-101"
    jumps = [event.data for event in hall.events("SeriesJumped")]
    assert jumps == [{"series": row["series"], "date": row["date"], "from": row["from"], "to": row["to"]} for row in told.jumped]
    [event] = hall.events("DataRestored")
    assert event.data["seq"] == manifest["seq"]


def test_slips_on_their_way_are_in_doubt(hall: SmallHall, back_up: BackUp) -> None:
    ticket = hall.take()
    file, _ = back_up()
    bring_back(hall, file)
    assert hall.rows("SELECT state, cause FROM print_job") == [("uncertain", "restored")]
    assert [event.data["state"] for event in hall.events("SlipReported")] == ["uncertain"] and ticket["print"]["state"] == "queued"


@pytest.mark.parametrize(("minutes", "number"), [(0, 102), (1, 162), (2, 222), (60, 3702), (300, 6312)])
def test_without_old_data_time_decides(hall: SmallHall, back_up: BackUp, minutes: int, number: int) -> None:
    hall.take()
    file, _ = back_up()
    hall.later(minutes=minutes)
    hall.close()
    for path in hall.path.parent.iterdir():
        path.unlink()
    told = bring_back(hall, file)
    assert not told.seen and told.replaced is None
    assert hall.take()["number"] == f"B-{number}"


def test_data_of_another_life_are_passed_too(hall: SmallHall, back_up: BackUp, tmp_path: Path) -> None:
    """The data were lost, a hall began anew with number one, and then somebody found the backup."""
    hall.take()
    file, _ = back_up()
    new = SmallHall(tmp_path / "new")
    new.now = hall.now + timedelta(minutes=1)
    for _ in range(150):
        new.take()
    bring_back(new, file)
    assert new.take()["number"] == "B-251"
    new.close()


def test_old_data_are_read_with_their_wal(hall: SmallHall, back_up: BackUp, tmp_path: Path) -> None:
    hall.take()
    file, _ = back_up()
    for _ in range(150):
        hall.take()
    crashed = tmp_path / "crashed"
    shutil.copytree(hall.path.parent, crashed)  # as SIGKILL leaves it
    told = restoring.restore(settings_for(crashed), file, hall.now, None, lambda line: None)
    assert {row["prefix"]: row["to"] for row in told.jumped} == {"A": 100, "B": 251}


def test_a_backup_of_another_date_skips_on_todays(hall: SmallHall, back_up: BackUp) -> None:
    hall.take()
    file, _ = back_up()
    hall.at("09:00", day=4)
    today = hall.take()["number"]
    told = bring_back(hall, file)
    assert {row["date"] for row in told.jumped} == {"2026-11-04"} and today == "B-001"
    assert hall.take()["number"] == "B-102"


def test_somebodys_word_decides(hall: SmallHall, back_up: BackUp) -> None:
    file, _ = back_up()
    hall.later(minutes=-5)
    hall.close()
    with pytest.raises(Stop, match="lebih awal daripada cadangan"):
        restoring.restore(hall.settings, file, hall.now, None, lambda line: None)
    hall.path.unlink()
    told = bring_back(hall, file, skip=7)
    assert {(row["from"], row["to"]) for row in told.jumped} == {(1, 7)}


def test_media_and_voice_come_back(hall: SmallHall, back_up: BackUp) -> None:
    data = hall.path.parent
    for name in ("media", "voice"):
        (data / name).mkdir()
    (data / "media" / f"{MEDIUM}.jpg").write_bytes(b"jpg")
    (data / "voice" / "index.json").write_text("{}")
    (data / "print-host.token").write_text("secret")
    with hall.writer._open().begin():
        hall.writer._open().exec_driver_sql(
            "INSERT INTO medium (site, sha, mime, name, bytes, width, height, length_ms, seconds, sound, days, from_min, to_min, "
            f"position, by, created_at) VALUES ('KUPANG', '{MEDIUM}', 'image/jpeg', 'x', 3, 1, 1, 0, 5, 0, '1234567', 0, 1440, 1, 'a', 0)"
        )
    full, _ = back_up()
    bare, manifest = back_up("bare.mppb", with_media=False)
    assert sorted(manifest["files"]) == ["mpp.sqlite3", "print-host.token", "voice/index.json"]
    child.round_of(data, keeping.Rule(1, 1))
    (data / "media" / f"{MEDIUM}.jpg").unlink()
    (data / "voice" / "index.json").write_text("changed")
    assert bring_back(hall, bare).missing == [f"{MEDIUM}.jpg"]
    assert (data / "voice" / "index.json").read_text() == "{}"
    assert bring_back(hall, full).missing == [] and (data / "media" / f"{MEDIUM}.jpg").read_bytes() == b"jpg"
    (data / "media" / f"{MEDIUM}.jpg").unlink()
    assert bring_back(hall, max((data / "backups").glob("*.mppb"))).missing == []


def test_what_is_refused_changes_nothing(hall: SmallHall, back_up: BackUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.take()
    file, manifest = back_up()
    hall.close()
    before = sums(hall.path.parent)
    database = tmp_path / "out" / "mpp.sqlite3"
    database.parent.mkdir()
    archive.read(file, database.parent)
    for number, (change, why) in enumerate((({"schema": "9999"}, "lebih baru"), ({"seq": 3}, "rusak"), ({"site": "LAIN"}, "rusak"))):
        wrong = tmp_path / f"wrong-{number}"
        archive.write(wrong, {**manifest, **change}, {"mpp.sqlite3": database})
        with pytest.raises(Stop, match=why):
            restoring.restore(hall.settings, wrong, hall.now, None, lambda line: None)
    with sqlite3.connect(hall.path) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute("UPDATE site SET code = 'LAIN'")
    other.close()
    with pytest.raises(Stop, match="milik KUPANG, sedangkan data di folder ini milik LAIN"):
        restoring.restore(hall.settings, file, hall.now, None, lambda line: None)
    assert set(sums(hall.path.parent)) == set(before)
    hall.open_database()


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process is killed before its `step`th change of a name in the data folder."""
    left = [step]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def change(*arguments: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(*arguments, **more)

        return change

    with monkeypatch.context() as context:
        context.setattr(os, "rename", counted(os.rename))
        context.setattr(os, "replace", counted(os.replace))
        context.setattr(Path, "unlink", counted(Path.unlink))
        context.setattr(restoring.shutil, "rmtree", lambda *a, **k: None)
        yield


@pytest.mark.parametrize("step", range(6))
def test_cut_short_at_any_step_it_is_ended_by_running_it_again(
    hall: SmallHall, back_up: BackUp, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    hall.take()
    file, _ = back_up()
    late = hall.take()["number"]
    data = hall.path.parent
    hall.close()
    with pytest.raises(Killed):
        for _ in killed_at(step, monkeypatch):
            restoring._swap(data, unpacked(hall, file), hall.now)
    try:
        unfinished.refuse_unfinished(data)
    except Stop as stop:
        assert "jalankan lagi `mpp restore`" in stop.sentence
    else:
        assert hall.path.exists(), "an empty folder would begin a new hall at number one"
    hall.open_database()
    bring_back(hall, file)
    assert unfinished.note_of(data) is None and not list(data.glob(".restore-*"))
    given = int(hall.take()["number"][2:])
    assert given > int(late[2:]) + 50


def unpacked(hall: SmallHall, file: Path) -> Path:
    """A restored database, ready to be put in its place."""
    new = hall.path.parent / ".restore-0" / "new"
    new.parent.mkdir()
    manifest = restoring._unpack(file, new)
    plan = restoring.evidence.plan(manifest, None, hall.now, 1.0, None)
    restoring._make_fit(hall.settings, new, manifest, plan)
    return new


def test_a_backup_is_whole_or_not_there(hall: SmallHall, back_up: BackUp, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.take()
    file, _ = back_up()
    kept = file.read_bytes()

    def full(*arguments: Any) -> Any:
        (arguments[0]).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(archive, "write", full)
        with pytest.raises(Stop, match="ruang simpan penuh"):
            back_up()
    hall.close()
    with hall.path.open("r+b") as database:
        database.seek(4096 * 20)
        database.write(b"\xff" * 4096 * 4)
    with pytest.raises(Stop, match="mpp doctor"):
        back_up()
    assert file.read_bytes() == kept and [path.name for path in file.parent.iterdir() if path.is_file()] == ["one.mppb"]
    assert taking.PART not in "".join(path.name for path in file.parent.iterdir())
    hall.path.write_bytes(b"")
    hall.open_database()
