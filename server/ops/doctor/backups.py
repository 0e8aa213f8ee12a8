"""Backups, here and elsewhere: which is the newest whole one, how old it is by its own word, and the last trial of a restore."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from config.keys import Backup
from server.ops.backup import archive, keeping
from server.ops.backup.child import DRILL, FOLDER, dated_in
from server.ops.backup.keeper import DRILL_LATE
from server.ops.backup.lost import ahead
from server.ops.doctor.finding import Look

#: a first backup may take this long to come
NEW = timedelta(hours=1)
#: the name is given before the copy is begun, `made_at` when it is finished
NAME_SLACK = timedelta(hours=1)


def backups_look(data: Path, said: Backup, now: datetime, first_event: datetime | None, is_open: bool) -> Look:
    """The newest whole backup here and in each other folder, and the last trial. `data`: the data folder; nothing is written."""
    look = Look("Cadangan")
    if not said.every_min:
        return look
    if not dated_in(data / FOLDER):
        is_new = first_event is None or now - first_event < NEW
        if any(keeping.time_of(path.name) for path in (data / FOLDER).glob(f"*{keeping.ENDING}")):
            look.findings.append(("semua cadangan bertanggal sesudah jam komputer ini", "benarkan jam dan tanggal komputer"))
        elif is_new:
            look.notes.append("belum ada cadangan; yang pertama dibuat semenit setelah server berjalan")
        else:
            look.findings.append(("belum ada cadangan", "jalankan server (`mpp serve`), atau buat satu dengan `mpp backup BERKAS`"))
        return look
    lost = ahead(data)
    if lost is not None:
        wrong = f"data berakhir pada peristiwa {lost.end}, padahal {lost.file.name} sudah memuat peristiwa {lost.seq}: sebagian data hilang atau diganti"
        look.findings.append((wrong, f"hentikan server, lalu `mpp restore {lost.file}`; nomor yang mungkin sudah tercetak dilompati"))
    most = timedelta(minutes=2 * said.every_min + 1) if is_open else timedelta(days=4)
    _newest_whole(look, "cadangan", data / FOLDER, now, most, "lihat sebabnya di halaman pengawas dan catatan server")
    for folder in filter(None, (name.strip() for name in said.also.split(","))):
        _elsewhere(look, Path(folder), data, now, most)
    if not said.also:
        look.notes.append("semua cadangan ada di disk data; bila disk itu rusak, semuanya hilang: isi backup.also dengan disk atau folder jaringan lain")
    _drill(look, data / FOLDER / DRILL, now)
    return look


def _newest_whole(look: Look, what: str, folder: Path, now: datetime, most: timedelta, remedy: str) -> None:
    """Damaged files before it are findings; a file's name and the time of its copying are not believed for its age."""
    damaged, whole, at = [], None, None
    for path in dated_in(folder):
        try:
            at, whole = _made_at(path), path
            break
        except archive.Unfit as unfit:
            if path.exists():  # not one that a running server has just removed
                damaged.append((path, str(unfit)))
    instead = f"untuk memulihkan pakai {whole.name}, yang terbaru yang utuh" if whole else "buat yang baru dengan `mpp backup BERKAS`"
    for path, why in damaged:
        is_open = os.access(path, os.R_OK)
        look.findings.append((f"{what} {path.name}: {why}", f"{instead}; periksa disk" if is_open else "periksa pemilik dan izin berkas itu"))
    _age(look, f"{what} terakhir", at, now, most, remedy, f" ({whole.name})" if whole else "")


def _made_at(path: Path) -> datetime:
    """When a whole backup was made. Raises Unfit, for one under another's name too."""
    said = archive.glance(path).get("made_at")
    named = keeping.time_of(path.name)
    try:
        made = datetime.fromisoformat(str(said))
        is_named = named is not None and abs(made - named) <= NAME_SLACK
    except (ValueError, TypeError) as unread:
        raise archive.Unfit("isinya rusak") from unread
    if not is_named:
        raise archive.Unfit(f"dibuat {made:%Y-%m-%d %H:%M} UTC, bukan pada waktu di namanya")
    return made


def _age(look: Look, what: str, at: datetime | None, now: datetime, most: timedelta, remedy: str, name: str = "") -> None:
    if at is None:
        look.findings.append((f"{what}: belum ada", remedy))
        return
    minutes = (now - at) / timedelta(minutes=1)
    age = (f"{what} {minutes:.0f} menit lalu" if minutes < 180 else f"{what} {minutes / 60:.0f} jam lalu") + name
    look.expect(now - at <= most, age, age, remedy)


def _elsewhere(look: Look, folder: Path, data: Path, now: datetime, most: timedelta) -> None:
    if not folder.is_dir():
        return  # told with the settings
    _newest_whole(look, f"salinan di {folder}", folder, now, most + timedelta(minutes=10), "periksa ruang dan izin tulis folder itu")
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
