"""Devices, printers and backups, as the database and the folders know them."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.keys import Backup
from server.ops.backup import keeping
from server.ops.backup.child import DRILL, FOLDER, newest_in
from server.ops.backup.keeper import DRILL_LATE
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
#: a first backup may take this long to come
NEW = timedelta(hours=1)


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


def printers_look(database: sqlite3.Connection, is_served: bool) -> Look:
    look = Look("Pencetak")
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


def backups_look(data: Path, said: Backup, now: datetime, first_event: datetime | None, is_open: bool) -> Look:
    """How old the newest backup is, here and elsewhere, and the last trial of a restore."""
    look = Look("Cadangan")
    if not said.every_min:
        return look
    newest = newest_in(data / FOLDER)
    if newest is None:
        is_new = first_event is None or now - first_event < NEW
        if is_new:
            look.notes.append("belum ada cadangan; yang pertama dibuat semenit setelah server berjalan")
        else:
            look.findings.append(("belum ada cadangan", "jalankan server (`mpp serve`), atau buat satu dengan `mpp backup BERKAS`"))
        return look
    most = timedelta(minutes=2 * said.every_min + 1) if is_open else timedelta(days=4)
    _age(look, "cadangan terakhir", keeping.time_of(newest.name), now, most, "lihat sebabnya di halaman pengawas dan catatan server")
    for folder in filter(None, (name.strip() for name in said.also.split(","))):
        _elsewhere(look, Path(folder), data, now, most)
    _drill(look, data / FOLDER / DRILL, now)
    return look


def _age(look: Look, what: str, at: datetime | None, now: datetime, most: timedelta, remedy: str) -> None:
    if at is None:
        look.findings.append((f"{what}: belum ada", remedy))
        return
    minutes = (now - at) / timedelta(minutes=1)
    age = f"{what} {minutes:.0f} menit lalu" if minutes < 180 else f"{what} {minutes / 60:.0f} jam lalu"
    look.expect(now - at <= most, age, age, remedy)


def _elsewhere(look: Look, folder: Path, data: Path, now: datetime, most: timedelta) -> None:
    if not folder.is_dir():
        return  # told with the settings
    newest = newest_in(folder)
    at = keeping.time_of(newest.name) if newest else None
    _age(look, f"salinan di {folder}", at, now, most + timedelta(minutes=10), "periksa ruang dan izin tulis folder itu")
    if folder.stat().st_dev == data.stat().st_dev:
        look.findings.append((f"{folder} satu disk dengan data", "pasang disk atau jaringan lain di sana; satu disk rusak bersama"))


def _drill(look: Look, file: Path, now: datetime) -> None:
    remedy = "biarkan server berjalan; uji pulih dibuat sendiri tiap hari"
    try:
        told = json.loads(file.read_text("utf-8"))
        at, wrong = datetime.fromisoformat(told["at"]), list(told["wrong"])
    except FileNotFoundError:
        look.notes.append("uji pulih belum pernah dibuat; server membuatnya tiap hari")
        return
    except (OSError, ValueError, KeyError, TypeError):
        look.findings.append(("catatan uji pulih tidak terbaca", f"hapus {file}; {remedy}"))
        return
    _age(look, "uji pulih terakhir", at, now, DRILL_LATE, remedy)
    look.expect(not wrong, "uji pulih berhasil", f"uji pulih gagal: {'; '.join(wrong)}", "pakai cadangan yang lebih lama bila perlu, dan periksa disk")
