"""SQLite itself: its version, how the file is kept, what it answers to the server's settings, and whether the file is sound."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from server.ops.backup.wal import is_whole
from server.ops.doctor.data import RESTORE
from server.ops.doctor.finding import Look
from server.ops.presence import NAME as SERVED
from server.storage import engine

#: RETURNING, which the storage room writes
OLDEST_SQLITE = (3, 35, 0)
#: a WAL is folded every 4000 pages of 4 KiB; far above that it is not
WAL_MOST_BYTES = 200_000_000
#: bytes 18 and 19 of the file: written and read with a WAL
_WAL_MARK = b"\2\2"
#: what the writer's connection must answer: setting -> (value, what is lost without it)
WRITER: dict[str, tuple[str | int, str]] = {
    "journal_mode": ("wal", "layar menunggu penulis"),
    "synchronous": (2, "nomor yang sudah diberikan hilang bila listrik padam"),
    "foreign_keys": (1, "rujukan antartabel tidak dijaga"),
    "secure_delete": (1, "yang dihapus masih terbaca di berkas"),
    "busy_timeout": (5000, "cadangan yang sedang dibuat menghentikan penulis"),
    "wal_autocheckpoint": (4000, "WAL tidak dilipat"),
}
READER: dict[str, tuple[str | int, str]] = {
    "query_only": (1, "pembaca dapat menulis"),
    "busy_timeout": (5000, "pembaca gagal alih-alih menunggu"),
    "wal_autocheckpoint": (0, "dua pihak melipat WAL; SQLite lama merusaknya"),
}
#: kept in the file: setting -> usual value; another one is slower at most
_FILE = {"page_size": 4096, "auto_vacuum": 0, "encoding": "UTF-8"}
LOCAL_DISK = (
    "jalankan ulang server; bila tetap, folder data ada di disk tanpa dukungan WAL (misalnya folder jaringan): "
    "pindahkan ke disk komputer ini"
)
LOST_END = (
    "bila listrik padam tepat saat menulis, tidak ada yang hilang: bandingkan nomor terakhir tiap seri dengan karcis terakhir yang tercetak. Bila "
    "ada nomor yang hilang, jangan jalankan server: `mpp restore` dengan cadangan terbaru, yang melompati nomor yang mungkin sudah tercetak"
)
OTHER_SQLITE = "pasang Python dengan SQLite yang lengkap (paket python3 dari sistem), lalu pasang ulang program ini"


def engine_look(database: sqlite3.Connection, path: Path, is_served: bool) -> Look:
    look = Look("SQLite")
    version = f"SQLite {sqlite3.sqlite_version}"
    look.expect(sqlite3.sqlite_version_info >= OLDEST_SQLITE, version, f"{version} terlalu tua", "pakai Python yang lebih baru")
    _file(look, database, path, is_served)
    try:
        wrong_answers = unheeded()
    except (OSError, DBAPIError) as problem:
        wrong_answers = []
        look.notes.append(f"setelan server tidak dapat dicoba di {tempfile.gettempdir()} ({problem.__class__.__name__})")
    look.findings += [(f"SQLite ini menjawab {name} {value}: {lost}", OTHER_SQLITE) for name, value, lost in wrong_answers]
    wrong = [row[0] for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    look.expect(not wrong, "integrity_check ok", f"berkas rusak: {'; '.join(wrong)}", RESTORE)
    broken = database.execute("PRAGMA foreign_key_check").fetchmany(3)
    look.expect(not broken, "foreign_key_check ok", f"rujukan rusak: {broken}", RESTORE)
    return look


def _file(look: Look, database: sqlite3.Connection, path: Path, is_served: bool) -> None:
    """What the file itself keeps, and its WAL."""
    wal = path.with_name(f"{path.name}-wal")
    with path.open("rb") as file:
        is_wal = file.read(20)[18:] == _WAL_MARK
    # At rest it is one file (a restore leaves it without), and its next server says how it is written.
    well = "jurnal wal" if is_wal else "berkas tunggal, jurnal wal mulai server berikutnya"
    look.expect(is_wal or not (is_served or wal.exists()), well, "server menulis tanpa jurnal wal", LOCAL_DISK)
    if is_wal and not is_served:
        _end(look, path, wal)
    size = wal.stat().st_size if wal.exists() else 0
    unfolded = "jalankan ulang server; bila berulang, tutup program lain yang membuka basis data"
    look.expect(size <= WAL_MOST_BYTES, f"WAL {size / 1e6:.1f} MB", f"WAL {size / 1e6:.0f} MB tidak dilipat", unfolded)
    for name, usual in _FILE.items():
        [value] = database.execute(f"PRAGMA {name}").fetchone()
        if value != usual:
            look.notes.append(f"{name} {value}, biasanya {usual}: tidak berbahaya")


def _end(look: Look, path: Path, wal: Path) -> None:
    """What the last server wrote, if it was killed: SQLite leaves out a damaged end without a word."""
    if wal.exists() and not is_whole(wal):
        look.findings.append(("ekor catatan WAL rusak; yang tertulis di belakangnya tidak terbaca", LOST_END))
    elif not wal.exists() and (path.parent / SERVED).exists():
        look.findings.append(("server terakhir tidak berhenti dengan benar, dan catatan WAL-nya tidak ada", LOST_END))


def unheeded() -> list[tuple[str, object, str]]:
    """(setting, answer, what is lost) where this SQLite does not do as the server's connections ask; tried on a file of its own,
    since opening the data as the server does would write to them."""
    with tempfile.TemporaryDirectory(prefix="mpp-doctor-") as folder:
        url = engine.sqlite_url(Path(folder) / "try.sqlite3")
        return [*_answers(engine.open_writer(url), WRITER), *_answers(engine.open_reader(url), READER)]


def _answers(opened: Engine, wanted: dict[str, tuple[str | int, str]]) -> list[tuple[str, object, str]]:
    found = []
    with opened.connect() as connection:
        for name, (value, lost) in wanted.items():
            told = connection.exec_driver_sql(f"PRAGMA {name}")
            # Of a setting that was left out when it was built, SQLite says nothing at all.
            answer = told.scalar() if told.returns_rows else "tidak dikenal"
            if answer != value:
                found.append((name, answer, lost))
    opened.dispose()
    return found
