"""Migrations make the declared schema, run both ways with data, and are all or nothing (P14).

Planted: a migration without `sqlite_where` on one_open_leg_per_ticket -> test_the_migrated_schema... red.
Planted: a migration without a trigger, with another CHECK, without a foreign key -> the same, red.
Planted: `downgrade` dropping `ticket` before `leg` -> test_down_and_up_again_with_data red.
Planted: a column more in the declared tables -> test_alembic_sees_no_difference red.
Planted: a newer schema always fits; never fits; a column that must be filled is passed over -> the two last tests red.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

import server.storage
from server.app import calling, days, issuing
from server.cli.faults import Stop
from server.ops.doctor.data import NEWER, schema_look
from server.ops.doctor.shape import shape_wrongs
from server.ops.first_run import prepare
from server.storage import migrate
from server.storage import revision as revision_files
from server.storage.database import prepare_schema
from server.storage.engine import open_writer, sqlite_url
from server.storage.schema import metadata
from server.storage.schema.triggers import TRIGGERS
from tests.app.small_hall import KTP, NIB, SmallHall
from tests.storage.raw import busy_day, contents, opened


def revisions() -> list[str]:
    """Oldest first."""
    config = Config()
    config.set_main_option("script_location", str(Path(server.storage.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def plain(sql: str) -> list[str]:
    """A statement without layout: its lines in order of the alphabet, since constraints have no order."""
    return sorted(" ".join(line.strip(" ,\t").split()) for line in sql.splitlines() if line.strip())


def schema_of(path: Path) -> dict[tuple[str, str], list[str]]:
    """Tables with their CHECKs and keys, indexes with their WHERE, triggers with their bodies."""
    with opened(path) as database:
        rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic_version%'")
        return {(kind, name): plain(sql) for kind, name, sql in rows if sql}


def migrated(path: Path) -> Path:
    prepare_schema(sqlite_url(path))
    return path


def declared(path: Path) -> Path:
    engine = open_writer(sqlite_url(path))
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in TRIGGERS["sqlite"]:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return path


def down(path: Path, to: str) -> None:
    engine = open_writer(sqlite_url(path))
    migrate.downgrade(engine, to)
    engine.dispose()


def up(path: Path, to: str = "head") -> None:
    engine = open_writer(sqlite_url(path))
    migrate.upgrade(engine, to)
    engine.dispose()


def test_the_migrated_schema_is_the_declared_one(tmp_path: Path) -> None:
    ours, theirs = schema_of(migrated(tmp_path / "m")), schema_of(declared(tmp_path / "d"))
    assert ours == theirs
    # The comparison sees what matters: conditions of indexes, checks and triggers are in it.
    assert any("WHERE" in line for line in ours["index", "one_open_day"])
    assert any("CHECK" in line for line in ours["table", "leg"])
    assert {name for kind, name in ours if kind == "trigger"} >= {"event_no_update", "event_no_delete"}


def test_alembic_sees_no_difference(tmp_path: Path) -> None:
    engine = open_writer(sqlite_url(migrated(tmp_path / "m")))
    with engine.connect() as connection, connection.begin():
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_down_to_nothing_and_up_again_when_empty(tmp_path: Path) -> None:
    path = migrated(tmp_path / "m")
    whole = schema_of(path)
    down(path, "base")
    assert schema_of(path) == {}
    up(path)
    assert schema_of(path) == whole


def test_every_step_alone(tmp_path: Path) -> None:
    """Each revision's way back leads exactly to the schema before it."""
    path, seen = tmp_path / "m", []
    for revision in revisions():
        up(path, revision)
        seen.append(schema_of(path))
    assert (revisions()[-1], set(revisions())) == (revision_files.newest(), revision_files.known())
    for index in range(len(seen) - 1, 0, -1):
        down(path, revisions()[index - 1])
        assert schema_of(path) == seen[index - 1]


def test_up_again_changes_nothing(hall: SmallHall) -> None:
    busy_day(hall)
    hall.close()
    before = contents(hall.path)
    assert prepare_schema(hall.url) == "KUPANG"
    assert contents(hall.path) == before


def test_down_and_up_again_with_data(hall: SmallHall) -> None:
    """What an older release does not know goes; what it knows stays as it is, row by row."""
    busy_day(hall)
    hall.say(hall.person("pengawas"), days.close_now)
    hall.close()
    whole, before = schema_of(hall.path), contents(hall.path)
    for revision in [*revisions()[-2::-1], "base"]:
        down(hall.path, revision)
        after = contents(hall.path)
        assert all(rows == before[name] for name, rows in after.items() if name != "alembic_version")
        with opened(hall.path) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    up(hall.path)
    assert schema_of(hall.path) == whole


def test_the_hall_goes_on_after_going_back_a_step(hall: SmallHall) -> None:
    hall.close()
    down(hall.path, revisions()[-2])
    up(hall.path)
    hall.open_database()
    hall.say(hall.kiosk("K2"), issuing.issue, service=KTP)
    assert hall.say(hall.opened(), calling.call_next, counter="DKC-1")["ticket"]["number"] == "B-001"


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path, older, newer = tmp_path / "m", "0004", "0005"  # the table in the way is the second one that 0005 makes
    up(path, older)
    with opened(path) as database:
        database.execute("CREATE TABLE device_pace (in_the_way INTEGER)")
    before = schema_of(path)
    with pytest.raises(DBAPIError):
        up(path, newer)
    assert schema_of(path) == before
    with opened(path) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone()[0] == older
        database.execute("DROP TABLE device_pace")
    up(path, newer)
    assert ("table", "public_address") in schema_of(path)


TOMORROW = "UPDATE alembic_version SET version_num = '9999'"


def test_a_program_that_was_put_back_serves_a_schema_that_only_has_more(hall: SmallHall) -> None:
    busy_day(hall)
    hall.close()
    with opened(hall.path) as database:
        database.executescript(f"CREATE TABLE later (a); ALTER TABLE leg ADD COLUMN mood INTEGER NOT NULL DEFAULT 3; {TOMORROW}")
    before = contents(hall.path)
    assert prepare_schema(hall.url) == "KUPANG"
    assert contents(hall.path) == before
    hall.open_database()
    hall.take(NIB)
    hall.close()
    with opened(hall.path) as database, closing(sqlite3.connect(hall.path)) as read:
        assert shape_wrongs(read) == []
        [finding] = schema_look(read).findings
        assert "9999" in finding[0] and finding[1] == NEWER
        database.execute("DROP INDEX one_open_pause")
        assert shape_wrongs(read) == ["one_open_pause tidak ada di basis data"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ("ALTER TABLE answer RENAME COLUMN body TO text", "answer.body is gone"),
        ("ALTER TABLE pause RENAME TO rest", "pause is gone"),
        ("DROP TABLE slip_template; CREATE TABLE slip_template (site TEXT, source TEXT, form TEXT NOT NULL)", "slip_template.form is needed"),
    ],
)
def test_it_refuses_one_that_it_would_get_wrong_and_changes_nothing(hall: SmallHall, changed: str, why: str) -> None:
    hall.close()
    with opened(hall.path, foreign_keys=False) as database:
        database.executescript(f"{changed}; {TOMORROW}")
    before = contents(hall.path)
    with pytest.raises(Stop, match="versi program yang lebih baru") as stop:
        prepare(hall.settings)
    assert why in str(stop.value) and contents(hall.path) == before
