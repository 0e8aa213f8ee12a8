"""`mpp restore FILE`: the data of a backup back in place, while no server runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from server.cli.backup import refuse_other_databases
from server.cli.faults import BAD_ARGUMENTS, Stop
from server.cli.places import load_settings
from server.cli.words import Parser

JUMP_MOST = 9999


def run(argv: Sequence[str]) -> int:
    """Restore, and say what was lost and which numbers are skipped."""
    parser = Parser(
        "restore",
        "Kembalikan data dari cadangan. Server harus berhenti. Data yang diganti dipindahkan ke folder di sampingnya, "
        "tidak dihapus; nomor yang mungkin sudah tercetak dilompati.",
    )
    parser.add_argument("file", metavar="BERKAS", help="berkas cadangan")
    parser.add_argument("--jump", metavar="ANGKA", help="lompati sebanyak ini nomor tiap seri, bukan menurut aturan")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    _restore(Path(said.file).absolute(), said.data, _jump(said.jump))
    return 0


def _jump(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= JUMP_MOST:
        raise Stop(f"mpp restore: --jump {text!r} tidak sah; isi bilangan 1 sampai {JUMP_MOST}.", BAD_ARGUMENTS)
    return int(text)


def _restore(file: Path, data: str | None, skip: int | None) -> None:
    from server.clock import wall_now
    from server.ops.backup.restoring import restore
    from server.ops.data_folder import LOCK, DataLock, open_data_folder

    if file.exists() and not file.is_file():
        raise Stop(f"{file} bukan berkas cadangan.", BAD_ARGUMENTS)
    settings = load_settings(None, {"server.data": data})
    refuse_other_databases(settings)
    folder = Path(settings.server.data)
    is_new = not folder.exists()
    open_data_folder(folder)
    lock = DataLock(folder, 2.0)
    try:
        told = restore(settings, file, wall_now(), skip, lambda line: print(line, file=sys.stderr, flush=True))
    except Stop:
        if is_new and [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink()
            folder.rmdir()
        raise
    finally:
        os.close(lock.fd)
    made = datetime.fromisoformat(told.manifest["made_at"]).astimezone(ZoneInfo(told.manifest["timezone"]))
    print(f"Data {told.manifest['name']} dipulihkan dari cadangan {made:%Y-%m-%d %H.%M.%S}. Yang terjadi sesudah itu tidak ada lagi.")
    print("Nomor yang dilompati" + (":" if told.jumped else ": tidak ada, karena tanggal layanan itu sudah ditutup."))
    for row in told.jumped:
        end = "  (habis untuk tanggal ini)" if row["is_used_up"] else ""
        print(f"  {row['date']}  seri {row['series']}: {row['prefix']}-{row['from']} sampai {row['prefix']}-{row['to']}{end}")
    if not told.seen:
        print("Data sebelumnya tidak ada atau tidak terbaca, jadi banyaknya dihitung dari lamanya waktu sejak cadangan.")
    if told.jumped and not told.remembered:
        print("Di samping cadangan itu tidak dapat ditulis apa pun: bila cadangan ini dipulihkan lagi, periksa nomor terakhir di kertas dan pakai --jump.")
    for name in told.missing:
        print(f"Berkas layar {name} tidak ada di cadangan; unggah lagi di halaman administrator.")
    if told.replaced is not None:
        print(f"Data yang diganti ada di {told.replaced}.")
    print("Jalankan `mpp serve`, lalu periksa dengan `mpp doctor`.")
