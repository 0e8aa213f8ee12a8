"""The upgrade campaign, small (`mpp prove upgrade`), and its looks at files that were spoilt on purpose.

Planted: see `server/ops/prove/upgrade/__init__.py` (PLANTS), each caught by this form. In the looks: objects compared by name
alone; rows by their number; a refusal taken for the right one whatever it says -> one red each.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from server.ops.prove import upgrade
from server.ops.prove.campaign import Order
from server.ops.prove.upgrade import serving
from server.ops.prove.upgrade.looking import changed_objects, changed_rows, empty_tables, forgiving, picture
from server.ops.prove.upgrade.month import played
from server.ops.prove.upgrade.steps import VERSIONS, revisions


def test_a_month_goes_down_and_up_and_is_served_on_other_schemas() -> None:
    said: list[str] = []
    findings = upgrade.run(Order(is_long=False, seed=1, say=said.append))
    assert findings.broken == [] and findings.left_out == []
    text = "\n".join(findings.figures)
    assert f"of revision {max(revisions(Path()))}" in text and "made-up schema of tomorrow" in text
    assert said[0].startswith("30 days")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(2, 1, 3, tmp_path_factory.mktemp("month") / "hall").path


def test_a_month_leaves_something_everywhere(month: Path) -> None:
    assert empty_tables(picture(month)) == [] and forgiving(month) == []


@pytest.mark.parametrize(
    ("spoilt", "objects", "let_pass"),
    [
        ("DROP TRIGGER event_no_update", "trigger event_no_update is missing", "the log can be changed"),
        ("DROP TRIGGER event_no_replace", "trigger event_no_replace is missing", "the log can be replaced"),
        ("DROP TRIGGER issued_report_no_update", "trigger issued_report_no_update is missing", "an issued report can be changed"),
        ("DROP INDEX one_open_leg_per_ticket", "index one_open_leg_per_ticket is missing", "a visitor may have two open legs"),
        (
            "DROP INDEX one_open_pause; CREATE UNIQUE INDEX one_open_pause ON pause (session) WHERE to_at IS NOT NULL",
            "index one_open_pause is another", "a session may have two pauses",
        ),
        (
            "DROP INDEX one_open_leg_per_ticket; CREATE UNIQUE INDEX one_open_leg_per_ticket ON leg (rank_seq) WHERE state = 'waiting'",
            "index one_open_leg_per_ticket is another", "a visitor may have two open legs",
        ),
        ("DROP INDEX ix_leg_day", "index ix_leg_day is missing", ""),
    ],
)  # fmt: skip
def test_a_last_line_of_defence_that_is_gone(month: Path, tmp_path: Path, spoilt: str, objects: str, let_pass: str) -> None:
    path = _spoilt(month, tmp_path, spoilt)
    assert changed_objects(picture(path), picture(month)) == [objects]
    assert forgiving(path) == ([let_pass] if let_pass else [])


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("UPDATE ticket SET label = 'X-1' WHERE id = 1", "ticket is not the same: of"),
        ("DELETE FROM span WHERE id = 1", "1 are gone or changed, 0 are new"),
        ("UPDATE print_job SET state = 'uncertain' WHERE state = 'sent'", "print_job is not the same"),
    ],
)
def test_rows_that_are_not_the_same(month: Path, tmp_path: Path, spoilt: str, said: str) -> None:
    [wrong] = changed_rows(picture(_spoilt(month, tmp_path, spoilt)), picture(month))
    assert said in wrong


def _spoilt(month: Path, folder: Path, sql: str) -> Path:
    path = Path(shutil.copy(month, folder / "spoilt"))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)
    return path


def test_the_release_before_is_the_nearest_tag_before_this_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, code = tmp_path / "home", tmp_path / "code"
    (home / VERSIONS).mkdir(parents=True)
    code.mkdir()
    monkeypatch.setattr(serving, "home", lambda: home)
    monkeypatch.delenv(serving.RELEASE, raising=False)
    assert serving.release_before(code) is None, "no history"
    _git(home, "init", "-q")
    for number in (1, 2, 3):
        (home / VERSIONS / f"000{number}_x.py").touch()
        _git(home, "add", ".")
        _git(home, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", str(number))
        if number == 1:
            assert serving.release_before(code) is None, "no tag"
        _git(home, "tag", f"v0.{number}")
    found = serving.release_before(code)
    assert found == serving.Release("v0.2", code) and revisions(code) == ["0001", "0002"]


def _git(home: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(home), *words], check=True, capture_output=True)
