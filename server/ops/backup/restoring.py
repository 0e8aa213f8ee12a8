"""A data folder brought back from a backup: everything is made ready beside it, then put in its place.

What is replaced is moved into a folder beside, never deleted. Between the first move and the last a note lies in the
data folder; while it is there no server starts, so that a restore that was cut short is ended by running it again.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from config.mistakes import system_said
from config.settings import Settings
from server.app.ask import Ask
from server.app.performing import perform
from server.app.restoring import restored
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.ops.backup import archive, copying, evidence
from server.ops.backup.taking import media_names
from server.ops.backup.unfinished import NAME as NOTE
from server.ops.backup.unfinished import note_of
from server.ops.first_run import around_of
from server.ops.presence import write_private
from server.storage import revision as schema_revision
from server.storage.database import database_of, prepare_schema
from server.storage.engine import sqlite_url
from server.storage.unit import Writer
from server.storage.work import SqlWork

#: of the folder that is replaced: the database with its WAL, the journals of this computer's print host
_REPLACED = (archive.DATABASE, f"{archive.DATABASE}-wal", f"{archive.DATABASE}-shm", "printers")
_SCRATCH = ".restore-"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Restored:
    """`manifest` of the backup; `replaced`: where the data before lie, None when there were none; `jumped`: each series
    with its skipped numbers; `missing`: media that no place had; `seen`: whether the replaced data could be read;
    `remembered`: whether the next restore of the file will know of this one."""

    manifest: dict[str, Any]
    replaced: Path | None
    jumped: list[dict[str, Any]]
    missing: list[str]
    seen: bool
    remembered: bool


def restore(settings: Settings, file: Path, now: datetime, skip: int | None, say: Say) -> Restored:
    """Put the backup into the data folder of `settings`; the caller holds its lock.

    `now`: the wall clock; `skip`: numbers of each series to skip, None: by the rule. Raises Stop; then the folder is as
    it was, or says itself that the restore must be run again.
    """
    data = Path(settings.server.data)
    say("Memeriksa cadangan ...")
    with _scratch(data) as scratch:
        manifest = _unpack(file, scratch / "new")
        old = evidence.look(_databases(data), scratch / "old", manifest)
        if old is not None and note_of(data) is not None:
            old = replace(old, continues=False)  # its newest part may have been left behind
        _check_same_site(manifest, old)
        plan = _plan(settings, file, manifest, old, now, skip, say)
        say("Menyiapkan data ...")
        told = _make_fit(settings, scratch / "new", manifest, plan)
        say("Menaruh data ...")
        replaced = _swap(data, scratch / "new", now)
        remembered = evidence.remember(file, now, told)
        missing = _bring_media(file.parent, data, data / archive.DATABASE)
    return Restored(manifest, replaced, told, missing, old is not None, remembered)


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    """A folder on the same disk as the data, gone afterwards; those of restores that were killed go first."""
    for path in data.glob(f"{_SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    scratch = data / f"{_SCRATCH}{os.getpid()}"
    try:
        scratch.mkdir(mode=0o700)
        yield scratch
    except OSError as problem:
        raise Stop(f"Pemulihan gagal di {data} ({system_said(problem)}); perbaiki lalu ulangi.", FAILED) from problem
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _unpack(file: Path, into: Path) -> dict[str, Any]:
    """The backup's files, every one looked at: sums, SQLite's own checks, keys, and the end of the chain."""
    into.mkdir(mode=0o700)
    try:
        manifest = archive.read(file, into)
        if manifest["schema"] not in schema_revision.known():
            raise archive.Unfit("dibuat oleh versi yang lebih baru; pasang versi itu dahulu")
        with copying.opened(into / archive.DATABASE) as database:
            wrong = copying.wrongs(database)
            if wrong or not copying.is_told(database, manifest):
                raise archive.Unfit("isinya rusak")
    except archive.Unfit as unfit:
        raise Stop(f"Cadangan {file}: {unfit}. Tidak ada yang diubah.", FAILED) from unfit
    except (sqlite3.Error, KeyError, TypeError) as problem:
        raise Stop(f"Cadangan {file}: isinya rusak. Tidak ada yang diubah.", FAILED) from problem
    return manifest


def _databases(data: Path) -> list[Path]:
    """Where the data before may be: in place, or moved aside by a restore that was cut short."""
    aside = note_of(data)
    return [data / archive.DATABASE, *([data / aside / archive.DATABASE] if aside else [])]


def _check_same_site(manifest: dict[str, Any], old: evidence.Old | None) -> None:
    if old is not None and old.site != manifest["site"]:
        raise Stop(
            f"Cadangan ini milik {manifest['site']}, sedangkan data di folder ini milik {old.site}; pilih folder lain dengan "
            "--data. Tidak ada yang diubah.", BAD_ARGUMENTS,
        )


def _plan(
    settings: Settings, file: Path, manifest: dict[str, Any], old: evidence.Old | None, now: datetime, skip: int | None, say: Say
) -> evidence.Plan:
    """By the rule, or by somebody's word, with a warning where that is less than the rule. Raises Stop."""
    rate, earlier = _rate(settings, manifest), evidence.remembered(file)
    plan = evidence.plan(manifest, old, now, rate, skip, earlier)
    if skip is not None and now >= datetime.fromisoformat(manifest["made_at"]):
        least = max(evidence.plan(manifest, old, now, rate, None, earlier).skips.values(), default=0)
        if skip < least:
            say(f"Peringatan: menurut aturan {least} nomor tiap seri dilompati, bukan {skip}. Nomor yang sudah tercetak dapat diberikan lagi.")
    return plan


def _rate(settings: Settings, manifest: dict[str, Any]) -> float:
    """Business seconds in a real one: practice data of a simulated clock may have run ahead."""
    return around_of(settings).rate if manifest["clock_kind"] == "simulated" else 1.0


def _make_fit(settings: Settings, folder: Path, manifest: dict[str, Any], plan: evidence.Plan) -> list[dict[str, Any]]:
    """Bring the unpacked database to this program's schema and let the act do what a restore does."""
    url = sqlite_url(folder / archive.DATABASE)
    try:
        prepare_schema(url)
    except DBAPIError as problem:
        raise _cannot_write(problem) from problem
    database = database_of(url, folder)
    writer = Writer(database.url, database.cache(), around_of(settings))
    ask = Ask("cli:mpp", plan.at, role="cli")
    skips: dict[date, int] = plan.skips
    given = {"epoch": secrets.token_hex(8), "made_at": manifest["made_at"], "skips": skips, "seen": plan.seen, "series": plan.series}

    def unit(work: SqlWork) -> Any:
        return perform(work, ask, restored, given)

    ok, answer = writer.run_batch([unit])[0]
    writer.close()
    if not ok:
        raise _cannot_write(answer)
    try:
        _settle(folder / archive.DATABASE)
    except sqlite3.Error as problem:
        raise _cannot_write(problem) from problem
    jumped: list[dict[str, Any]] = answer.body["jumped"]
    return jumped


def _cannot_write(problem: object) -> Stop:
    """SQLite tells a full disk in its own words, in English and with its query."""
    why = "disk penuh; kosongkan dahulu" if "full" in str(problem) else "basis data tidak dapat ditulis; periksa disk dan izinnya"
    return Stop(f"Pemulihan gagal: {why}. Tidak ada yang diubah.", FAILED)


def _settle(path: Path) -> None:
    """The whole database in its one file, and that on the disk."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _swap(data: Path, new: Path, now: datetime) -> Path | None:
    """Move what is there aside and the new in. The note stands from before the first move to after the last."""
    aside = data / (note_of(data) or f"diganti-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}")
    aside.mkdir(mode=0o700, exist_ok=True)
    write_private(data / NOTE, json.dumps({"replaced": aside.name}))
    archive.sync_folder(data)
    fresh = sorted({path.relative_to(new).parts[0] for path in new.rglob("*") if path.is_file()})
    for name in sorted({*_REPLACED, *fresh} - {"media"}):
        if (data / name).exists() and not (aside / name).exists():
            os.rename(data / name, aside / name)
    archive.sync_folder(aside)
    for name in fresh:
        if name == "media":  # named by their content: what is there already is the same
            _merge(new / name, data / name)
            continue
        if (data / name).is_dir():  # put there by a restore that was cut short
            shutil.rmtree(data / name)
        os.replace(new / name, data / name)
    archive.sync_folder(data)
    (data / NOTE).unlink()
    archive.sync_folder(data)
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _merge(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in source.iterdir():
        os.replace(path, target / path.name)
    archive.sync_folder(target)


def _bring_media(beside: Path, data: Path, database: Path) -> list[str]:
    """Copy pictures and videos that lie beside a scheduled backup; the names of those that are nowhere."""
    missing = []
    for name in media_names(database):
        place, source = data / "media" / name, beside / "media" / name
        if place.is_file():
            continue
        if not source.is_file():
            missing.append(name)
            continue
        place.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(source, place)
    return missing
