"""The database: its engine, its schema, its chain, and every invariant of its rows. Nothing is written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from server.ops.backup import copying
from server.ops.doctor.finding import Look
from server.ops.doctor.invariants import INVARIANTS, violations
from server.ops.doctor.shape import shape_wrongs
from server.storage import revision as schema_revision

#: RETURNING, which the storage room writes
OLDEST_SQLITE = (3, 35, 0)
#: a WAL is folded every 4000 pages of 4 KiB; far above that it is not
WAL_MOST_BYTES = 200_000_000
RESTORE = "hentikan server, lalu `mpp restore` dengan cadangan terakhir yang utuh; simpan folder data ini untuk diperiksa"
LOCKED = "tutup program lain yang membuka mpp.sqlite3, lalu ulangi; data tidak perlu dipulihkan"
DENIED = "periksa pemilik dan izin folder data: keduanya harus milik pengguna yang menjalankan server; data tidak perlu dipulihkan"
UPGRADE = "hentikan server, cadangkan (`mpp backup`), lalu jalankan `mpp serve`, yang memutakhirkannya"
NEWER = "data ini dari versi program yang lebih baru; program ini dapat melayaninya selama server mau dijalankan, tetapi pasang kembali versi baru itu secepatnya"


def remedy_of(broken: Exception) -> str:
    """What cannot be read now need not be lost: only damage is answered with a restore."""
    said = str(broken)
    if "locked" in said or "busy" in said:
        return LOCKED
    if isinstance(broken, OSError) or "unable to open" in said or "readonly" in said:
        return DENIED
    return RESTORE


def engine_look(database: sqlite3.Connection, path: Path) -> Look:
    look = Look("SQLite")
    version = f"SQLite {sqlite3.sqlite_version}"
    look.expect(sqlite3.sqlite_version_info >= OLDEST_SQLITE, version, f"{version} terlalu tua", "pakai Python yang lebih baru")
    [mode] = database.execute("PRAGMA journal_mode").fetchone()
    wal = path.with_name(f"{path.name}-wal")
    # At rest it is one file, and its next server says how it is written.
    look.expect(mode == "wal" or not wal.exists(), "jurnal wal", f"journal_mode {mode}, bukan wal", UPGRADE)
    size = wal.stat().st_size if wal.exists() else 0
    look.expect(size <= WAL_MOST_BYTES, f"WAL {size / 1e6:.1f} MB", f"WAL {size / 1e6:.0f} MB tidak dilipat", "jalankan ulang server; bila berulang, tutup program lain yang membuka basis data")
    wrong = [row[0] for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    look.expect(not wrong, "integrity_check ok", f"berkas rusak: {'; '.join(wrong)}", RESTORE)
    broken = database.execute("PRAGMA foreign_key_check").fetchmany(3)
    look.expect(not broken, "foreign_key_check ok", f"rujukan rusak: {broken}", RESTORE)
    return look


def schema_look(database: sqlite3.Connection) -> Look:
    look = Look("Skema")
    [revision] = database.execute("SELECT version_num FROM alembic_version").fetchone()
    remedy = UPGRADE if revision in schema_revision.known() else NEWER
    look.expect(revision == schema_revision.newest(), f"revisi {revision}", f"revisi {revision}, program ini memakai {schema_revision.newest()}", remedy)
    for wrong in shape_wrongs(database):
        look.findings.append((wrong, RESTORE))
    return look


def chain_look(database: sqlite3.Connection) -> Look:
    """Every link from the first event to the head (P15)."""
    look = Look("Rantai peristiwa")
    [count] = database.execute("SELECT count(*) FROM event").fetchone()
    broken = copying.broken_links(database, None)
    look.expect(not broken, f"{count} peristiwa, tiap mata rantai cocok", f"rantai putus di {', '.join(broken)}", RESTORE)
    return look


def rows_look(database: sqlite3.Connection) -> Look:
    look = Look("Isi data")
    wrong = violations(database)
    look.findings += [(one, RESTORE) for one in wrong]
    if not wrong:
        look.well.append(f"{len(INVARIANTS)} aturan dipenuhi")
    return look
