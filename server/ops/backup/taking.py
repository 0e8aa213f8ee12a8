"""Taking one backup: copy, look at the copy, pack, read what was packed, and only then give it its name."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.mistakes import system_said
from server.app.showing import ENDINGS
from server.cli.faults import FAILED, Stop
from server.clock import wall_now
from server.ops.backup import archive, copying

#: small files of the data folder that a restored server needs: own recordings, own words, the print host's token
_SMALL = ("voice/**/*", "print-host.token")
PART = ".part"
_CLEAN_UP = "-journal", "-wal", "-shm"


def take(data: Path, file: Path, with_media: bool) -> dict[str, Any]:
    """Write a verified backup of a data folder to `file`, replacing one of that name; its manifest.

    With `with_media` the pictures and videos of the displays are in it too. Raises Stop; then nothing has changed.
    """
    _may_be_written(file)
    try:
        with _parts(file) as (copy, part):
            copying.copy_database(data / archive.DATABASE, copy)
            manifest = archive.write(part, _facts(copy), {archive.DATABASE: copy, **_members(data, copy, with_media)})
            if archive.read(part) != manifest:
                raise Stop("Cadangan tidak dibuat: yang tertulis tidak sama dengan yang dibaca kembali; periksa disk.", FAILED)
            os.replace(part, file)
            archive.sync_folder(file.parent)
    except archive.Unfit as damaged:
        raise Stop(f"Cadangan tidak dibuat: yang tertulis {damaged}; periksa disk.", FAILED) from damaged
    except OSError as problem:
        raise Stop(f"Cadangan {file} tidak dapat ditulis ({system_said(problem)}).", FAILED) from problem
    except sqlite3.Error as problem:
        raise Stop(_in_words(problem, file), FAILED) from problem
    return manifest


def _may_be_written(file: Path) -> None:
    """Raises Stop where something else would be lost: a backup takes the place of a backup and of nothing else."""
    if not file.parent.is_dir():
        raise Stop(f"Cadangan {file} tidak dapat ditulis: folder {file.parent} tidak ada.", FAILED)
    if os.path.lexists(file) and (file.is_symlink() or not archive.looks_like_one(file)):
        raise Stop(f"{file} sudah ada dan bukan cadangan; pilih nama lain. Tidak ada yang diubah.", FAILED)


def _in_words(problem: sqlite3.Error, file: Path) -> str:
    if "full" in str(problem):
        return f"Cadangan {file} tidak dapat ditulis (ruang simpan penuh); kosongkan ruang atau pilih disk lain."
    return f"Cadangan tidak dibuat: basis data tidak dapat dibaca ({problem}); jalankan `mpp doctor`."


@contextmanager
def _parts(file: Path) -> Iterator[tuple[Path, Path]]:
    """Two names beside `file` for the copy and the half backup; both are gone afterwards, however it ends."""
    copy, part = (file.with_name(f".{file.name}.{os.getpid()}{end}{PART}") for end in ("-db", ""))
    try:
        yield copy, part
    finally:
        for path in (copy, part, *(copy.with_name(copy.name + end) for end in _CLEAN_UP)):
            path.unlink(missing_ok=True)


def _facts(copy: Path) -> dict[str, Any]:
    with copying.opened(copy) as database:
        wrong = copying.wrongs(database)
        if wrong:
            raise Stop(f"Cadangan tidak dibuat: basis data rusak ({wrong[0]}); jalankan `mpp doctor`.", FAILED)
        return {"made_at": wall_now().isoformat(), **copying.facts_of(database)}


def _members(data: Path, copy: Path, with_media: bool) -> dict[str, Path]:
    found = {str(path.relative_to(data)): path for pattern in _SMALL for path in sorted(data.glob(pattern)) if path.is_file()}
    if with_media:
        found |= {f"media/{name}": data / "media" / name for name in media_names(copy) if (data / "media" / name).is_file()}
    return {name: path for name, path in found.items() if archive.NAME.fullmatch(name)}


def media_names(database: Path) -> list[str]:
    """The files of the playlist."""
    with copying.opened(database) as rows:
        found = rows.execute("SELECT DISTINCT sha, mime FROM medium WHERE removed_at IS NULL ORDER BY sha").fetchall()
    return [f"{sha}.{ENDINGS[mime]}" for sha, mime in found]
