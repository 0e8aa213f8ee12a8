"""An issued report made again from what it was made from, and the doctor's look at what is kept.

Planted: a file made again that is not compared -> test_made_again_it_is_the_same red; one of the three hashes not looked at ->
test_the_doctor_tells_a_report_that_was_changed red.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from server.app import reports
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.report import run
from server.ops.backup import copying
from server.ops.doctor.data import reports_look
from server.ops.report_making import rendered
from tests.app.small_hall import SmallHall
from tests.reports.conftest import dossier_text
from tests.storage.raw import opened


@pytest.fixture(scope="module")
def issued(played: SmallHall) -> int:
    text = dossier_text(played, "2026-10")
    body = played.system(reports.issue, dossier=text, pdf=rendered(text, "pdf"), xlsx=rendered(text, "xlsx")).body
    assert body is not None
    return int(body["id"])


def again(played: SmallHall, report: int, kind: str, out: Path) -> int:
    return run(["issued", "--id", str(report), "--format", kind, "--out", str(out), "--data", played.settings.server.data])


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "json", "csv"])
def test_made_again_it_is_the_same(played: SmallHall, issued: int, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert again(played, issued, kind, tmp_path / "again") == 0
    assert "bita demi bita" in capsys.readouterr().err
    assert (tmp_path / "again").read_bytes() == played.read(reports.file_of, report_id=issued, kind=kind, gerai=None)[1]


def test_what_differs_is_told(
    played: SmallHall, issued: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """As after an upgrade that draws it otherwise."""
    monkeypatch.setattr("server.ops.report_making.rendered", lambda text, kind: b"another")
    assert again(played, issued, "pdf", tmp_path / "again") == FAILED
    assert "yang sah ialah berkas yang tersimpan" in capsys.readouterr().err


@pytest.mark.parametrize(("argv", "said"), [
    (["issued", "--id", "999"], "Laporan 999 tidak ada"), (["issued", "--month", "2026-10"], "Tulis --id"), (["monthly", "--id", "1"], "Tulis --id"),
])  # fmt: skip
def test_what_is_wrong_with_the_command(played: SmallHall, argv: list[str], said: str) -> None:
    with pytest.raises(Stop) as stopped:
        run([*argv, "--data", played.settings.server.data])
    assert said in str(stopped.value) and stopped.value.exit_code == BAD_ARGUMENTS


@pytest.mark.parametrize(("column", "name"), [("json", "angka"), ("pdf", "PDF"), ("xlsx", "XLSX")])
def test_the_doctor_tells_a_report_that_was_changed(played: SmallHall, issued: int, column: str, name: str) -> None:
    with copying.opened(played.path) as database:
        assert reports_look(database).findings == []
    with opened(played.path) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'issued_report'").fetchall()
        kept = database.execute(f"SELECT {column} FROM issued_report WHERE id = ?", (issued,)).fetchone()[0]
        for trigger, _ in triggers:
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(f"UPDATE issued_report SET {column} = ? WHERE id = ?", (kept + b" ", issued))
        database.commit()
        [(finding, _)] = reports_look(database).findings
        assert f"laporan {issued} (monthly 2026-10): {name} bukan lagi yang diterbitkan" == finding
        database.execute(f"UPDATE issued_report SET {column} = ? WHERE id = ?", (kept, issued))
        for _, sql in triggers:
            database.execute(sql)
        database.commit()
