"""The database: its schema, its chain, every invariant of its rows, and its tables against its log. Nothing is written."""

from __future__ import annotations

import hashlib
import sqlite3

from server.ops.backup import copying
from server.ops.doctor.finding import Look
from server.ops.doctor.invariants import INVARIANTS, violations
from server.ops.doctor.shape import shape_of
from server.ops.doctor.story import Unknown, differences
from server.storage import revision as schema_revision

RESTORE = "hentikan server, lalu `mpp restore` dengan cadangan terakhir yang utuh; simpan folder data ini untuk diperiksa"
LOCKED = "tutup program lain yang membuka mpp.sqlite3, lalu ulangi; data tidak perlu dipulihkan"
DENIED = "periksa pemilik dan izin folder data: keduanya harus milik pengguna yang menjalankan server; data tidak perlu dipulihkan"
MEND = (
    "jalankan ulang server: `mpp serve` membuatnya lagi saat mulai. Indeks dan pemicu bukan data, jadi tidak perlu memulihkan; bila masih "
    "ada sesudah itu, isi tabel melanggar aturannya: lihat temuan pada Isi data"
)
STRANGE = (
    "pemicu seperti itu dapat mengubah data tanpa catatan, dan indeks unik menolak yang sah: hentikan server, simpan salinan folder data ini, dan "
    "minta yang memasangnya menghapusnya (DROP TRIGGER, DROP INDEX)"
)
BY_HAND = (
    "tabel diubah di luar program ini; catatan peristiwanya utuh. Cari siapa atau program apa yang membuka mpp.sqlite3, simpan folder "
    "data ini untuk diperiksa, hentikan server, lalu `mpp restore` dengan cadangan dari sebelum perubahan itu"
)
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


def schema_look(database: sqlite3.Connection) -> Look:
    look = Look("Skema")
    [revision] = database.execute("SELECT version_num FROM alembic_version").fetchone()
    remedy = UPGRADE if revision in schema_revision.known() else NEWER
    look.expect(revision == schema_revision.newest(), f"revisi {revision}", f"revisi {revision}, program ini memakai {schema_revision.newest()}", remedy)
    shape = shape_of(database)
    look.findings += [(wrong, RESTORE) for wrong in shape.tables]
    # Only the program whose schema it is makes them again.
    look.findings += [(wrong, MEND if revision == schema_revision.newest() else NEWER) for wrong in shape.guards]
    look.findings += [(wrong, STRANGE) for wrong in shape.strange]
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


def reports_look(database: sqlite3.Connection) -> Look:
    """What was signed is still what was signed: each kept file against the hash it was issued with."""
    look = Look("Laporan terbit")
    count = 0
    for row in database.execute("SELECT id, form, period, json_sha, json, pdf_sha, pdf, xlsx_sha, xlsx FROM issued_report ORDER BY id"):
        files = zip(row[3::2], row[4::2], ("angka", "PDF", "XLSX"), strict=True)
        changed = [name for sha, content, name in files if hashlib.sha256(content).hexdigest() != sha]
        look.findings += [(f"laporan {row[0]} ({row[1]} {row[2]}): {', '.join(changed)} bukan lagi yang diterbitkan", BY_HAND)] if changed else []
        count += 1
    if not look.findings:
        look.well.append(f"{count} laporan sama dengan sidik jarinya")
    return look


def story_look(database: sqlite3.Connection) -> Look:
    """Legs, tickets, sessions, days and series as the log tells them. Only of a log whose chain has been found whole."""
    look = Look("Tabel dan catatan")
    try:
        wrong = differences(database)
    except Unknown as act:
        look.notes.append(f"tidak dibandingkan: catatan memuat peristiwa yang tidak dikenal program ini ({act})")
        return look
    look.findings += [(one, BY_HAND) for one in wrong]
    if not wrong:
        look.well.append("tabel sama dengan catatan peristiwa")
    return look
