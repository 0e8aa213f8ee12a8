"""Devices and printers, as the database knows them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.app.vault import sha256
from server.ops.backup.copying import said
from server.ops.companion_commands import FIRST_RUN, TOKEN
from server.ops.doctor.finding import Look

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: printer state -> (what is wrong, its remedy); others need no hands
_PRINTERS = {
    "paper_low": ("kertas hampir habis", "siapkan gulungan baru"),
    "paper_out": ("kertas habis", "pasang gulungan baru"),
    "cover_open": ("penutup terbuka", "tutup sampai berbunyi klik"),
    "offline": ("tidak tersambung", "periksa daya dan kabelnya, lalu `mpp printer probe`"),
    "error": ("rusak", "matikan lalu nyalakan; bila tetap, periksa pisau dan kepala cetaknya"),
}
_CONDITIONS = {
    "mute": ("tidak bersuara", "sentuh layarnya sekali, periksa pengeras suara, lalu bunyikan uji suara di halaman pengawas"),
    "frozen": ("macet", "muat ulang dari halaman pengawas, atau nyalakan ulang TV-nya"),
    "stale": ("menampilkan keadaan lampau", "periksa jaringannya, lalu muat ulang"),
}
_WIRED = "nyalakan perangkatnya, periksa jaringannya; bila diganti, cabut di halaman administrator"
_TOKEN = (
    f"hapus {TOKEN}, lalu jalankan ulang server: dibuat lagi dari {FIRST_RUN} (kembalikan dahulu berkas itu bila sudah dipindah); bila print "
    "host itu sudah dicabut, daftarkan yang baru di halaman administrator dan tulis tokennya di berkas itu"
)


def devices_look(database: sqlite3.Connection, is_served: bool) -> Look:
    look = Look("Perangkat")
    rows = database.execute(
        "SELECT d.code, d.kind, d.state, d.since, s.condition FROM device d LEFT JOIN display_state s "
        "ON s.site = d.site AND s.device = d.code WHERE d.revoked_at IS NULL AND d.kind <> 'program' ORDER BY d.code"
    ).fetchall()
    if not is_served:
        look.notes.append(f"{len(rows)} perangkat; server tidak berjalan, jadi keadaannya tidak diketahui")
        return look
    for code, kind, state, since, condition in rows:
        if state == "down":
            look.findings.append((f"{kind} {code} tidak terhubung sejak {_EPOCH + timedelta(microseconds=since):%Y-%m-%d %H:%M} UTC", _WIRED))
        elif kind == "display" and state == "up" and condition in _CONDITIONS:
            what, remedy = _CONDITIONS[condition]
            look.findings.append((f"layar {code} {what}", remedy))
    look.well.append(f"{sum(row[2] == 'up' for row in rows)} dari {len(rows)} perangkat terhubung")
    return look


def _host_token(look: Look, database: sqlite3.Connection, file: Path) -> None:
    """With a token that is nobody's the server's own print host is refused, however often it is started."""
    if not file.exists():
        return
    mine = sha256(file.read_text("utf-8", errors="replace").strip())
    hosts = {token for (token,) in database.execute("SELECT token_hash FROM device WHERE kind = 'print-host' AND revoked_at IS NULL")}
    look.expect(mine in hosts, "token print host dikenal", f"token di {file.name} tidak dikenal, jadi server ini tidak dapat mencetak", _TOKEN)


def printers_look(database: sqlite3.Connection, is_served: bool, data: Path) -> Look:
    """`data`: the data folder, where the server's own print host has its token."""
    look = Look("Pencetak")
    _host_token(look, database, data / TOKEN)
    rows = database.execute("SELECT code, state FROM printer ORDER BY code").fetchall()
    [waiting] = database.execute("SELECT count(*) FROM print_job WHERE state = 'queued'").fetchone()
    if not rows:
        look.notes.append("belum ada pencetak; tambah dengan `mpp printer add`")
    for code, state in rows:
        if is_served and state in _PRINTERS:
            what, remedy = _PRINTERS[state]
            look.findings.append((f"pencetak {code}: {what}", remedy))
    look.well.append(f"{len(rows)} pencetak, {waiting} karcis menunggu")
    return look


def doubted_since(database: sqlite3.Connection) -> str | None:
    """Since when a server doubts the computer's clock, if nothing has ended the doubt; for people."""
    row = database.execute("SELECT type, at FROM event WHERE type IN ('ClockDoubted', 'ClockConfirmed') ORDER BY seq DESC LIMIT 1").fetchone()
    is_doubted = row is not None and row[0] == "ClockDoubted"
    return f"{datetime.fromisoformat(said(row[1])):%Y-%m-%d %H:%M} UTC" if is_doubted else None
