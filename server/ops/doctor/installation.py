"""The machine and its settings: disk, clock, voice, addresses."""

from __future__ import annotations

import shlex
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import voice as voices
from config.settings import Settings
from server.ops.backup.unfinished import note_of
from server.ops.doctor.finding import Look
from server.ops.site_screen import site_screen
from server.ops.voices import SHIPPED, own_folder
from server.voice.bank import Folder
from server.voice.synthesis import has_source

#: the last gigabyte goes quickly on a busy day with media and backups
FREE_BYTES = 1_000_000_000
FREE_PART = 0.05
#: folders of the data folder in which nobody else may look
PRIVATE = ("backups", "printers", "reports")
#: files with a name in one finding
NAMED = 5
#: a hall is not shut for longer; a note, for it may be
SHUT = timedelta(days=14)
#: this program is younger
BUILT = datetime(2025, 1, 1, tzinfo=UTC)
#: a wall clock may stand this much before the last event: own time is slewed
SLACK = timedelta(seconds=5)


def settings_look(settings: Settings) -> Look:
    """Settings that are allowed and still lead to a hall without something."""
    look = Look("Pengaturan", well=["semua kunci sah"])
    _, fault = site_screen(settings)
    if fault:
        look.findings.append((f"tata letak layar tidak dipakai: {fault}", "perbaiki display.layout di berkas pengaturan"))
    for folder in filter(None, (name.strip() for name in settings.backup.also.split(","))):
        if not Path(folder).is_dir():
            look.findings.append((f"folder cadangan {folder} tidak ada", "pasang disk atau jaringannya, atau ubah backup.also"))
    if settings.backup.every_min == 0 and not settings.database.url:
        look.findings.append(("cadangan berkala dimatikan", "isi backup.every_min, misalnya 5"))
    if settings.public.url.startswith("https://"):
        look.notes.append("halaman pengunjung dibuka dengan https")
    elif settings.public.url:
        look.notes.append("halaman pengunjung dibuka dengan http: pakai hanya di jaringan lokal")
    else:
        look.notes.append("public.url kosong: bila alamat juga tidak diisi di halaman administrator, karcis tanpa kode QR")
    return look


def disk_look(data: Path) -> Look:
    """Room, and who may read the data."""
    look = Look("Disk")
    usage = shutil.disk_usage(data)
    free = f"{usage.free / 1e9:.1f} GB bebas di {data}"
    remedy = "hapus berkas yang tidak perlu atau pindahkan folder data ke disk yang lebih besar"
    look.expect(usage.free >= FREE_BYTES and usage.free >= FREE_PART * usage.total, free, f"hanya {free}", remedy)
    open_to = [str(path.relative_to(data)) for path in _open_files(data)]
    few = len(open_to) <= NAMED
    names = ", ".join(open_to) if few else f"{len(open_to)} berkas, misalnya {', '.join(open_to[:NAMED])}"
    paste = f"chmod go= {' '.join(shlex.quote(str(data / name)) for name in open_to)}" if few else f"chmod -R go= {shlex.quote(str(data))}"
    look.expect(not open_to, "data hanya terbaca pemiliknya", f"orang lain dapat membuka {names}", paste)
    look.expect(note_of(data) is None, "tidak ada pemulihan yang terputus", "pemulihan data terputus", "jalankan lagi `mpp restore` dengan cadangan yang sama")
    return look


def _open_files(data: Path) -> list[Path]:
    """Those that others may read or write: the data, and what was copied of them. Pictures and videos are for everybody to see."""
    found = [path for folder in (data, *(data / name for name in PRIVATE)) for path in folder.glob("*" if folder == data else "**/*")]
    return sorted(path for path in found if path.is_file() and not path.is_symlink() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def clock_look(now: datetime, last_event: datetime | None, simulated: bool, doubted: str | None = None) -> Look:
    """The wall clock against what is sure: the program's age and the last event; `doubted`: since when a running server doubts it."""
    look = Look("Jam")
    if simulated:
        look.notes.append("data ini memakai jam simulasi")
        return look
    remedy = "betulkan jam komputer (sudo timedatectl set-ntp true, atau sudo date -s ...), ganti baterai jamnya bila berulang"
    look.expect(now >= BUILT, f"jam komputer {now:%Y-%m-%d %H:%M} UTC", f"jam komputer {now:%Y-%m-%d %H:%M} UTC tidak mungkin benar", remedy)
    if doubted is not None:
        by_hand = "betulkan jam komputer, lalu tekan \"Jam sudah benar\" di halaman pengawas"
        look.findings.append((f"server meragukan jam komputer sejak {doubted}; selisih yang besar menahan karcis baru", by_hand))
    if last_event is not None:
        wrong = f"jam komputer {now:%Y-%m-%d %H:%M} UTC, padahal peristiwa terakhir {last_event:%Y-%m-%d %H:%M} UTC"
        look.expect(now + SLACK >= last_event, "tidak mendahului peristiwa terakhir", wrong, remedy)
        if now - last_event > SHUT:
            gap = f"jam komputer {now:%Y-%m-%d %H:%M} UTC, {(now - last_event).days} hari sesudah peristiwa terakhir"
            look.notes.append(f"{gap}: bila gedung tidak tutup selama itu, betulkan jamnya sebelum buka")
    return look


def voice_look(settings: Settings) -> Look:
    """Whether calls can be spoken, and a site's own words and recordings be used."""
    look = Look("Suara")
    language = settings.voice.language
    clips = len(Folder(SHIPPED).names(language)) or len(Folder(SHIPPED).names("id"))
    look.expect(clips > 0, f"{clips} klip panggilan", "klip panggilan tidak ada", "pasang ulang program ini")
    wrong = "tidak ada program suara: halaman kios tidak dapat dibacakan"
    look.expect(has_source(), "program suara ada", wrong, "sudo apt install espeak-ng")
    own = own_folder(settings)
    if own.is_dir():
        look.well.append(f"{len(Folder(own).names(language))} rekaman sendiri")
    try:
        words = voices.read_lexicon(own.parent / voices.LEXICON)
        look.well.append(f"{len(words)} kata sendiri")
    except voices.VoiceError as mistakes:
        look.findings.append((f"lexicon.toml tidak dipakai: {mistakes}", "perbaiki baris itu; `mpp voice check` memeriksanya"))
    return look
