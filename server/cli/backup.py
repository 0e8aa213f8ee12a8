"""`mpp backup FILE`: one verified backup, whether a server runs or not."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from config.settings import Settings
from server.cli.faults import BAD_ARGUMENTS, DATA_IN_USE, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser


def run(argv: Sequence[str]) -> int:
    """Write the backup and say what is in it."""
    from server.ops.backup import taking

    parser = Parser("backup", "Buat cadangan seluruh data, juga saat server berjalan; hasilnya diperiksa sebelum disimpan.")
    parser.add_argument("file", metavar="BERKAS", help="berkas cadangan; yang bernama sama diganti setelah yang baru utuh")
    parser.add_argument("--no-media", action="store_true", help="tanpa gambar dan video layar")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    file = Path(said.file).absolute()
    if file.is_dir():
        raise Stop(f"{file} adalah folder; sebutkan nama berkasnya.", BAD_ARGUMENTS)
    signal.signal(signal.SIGTERM, _leave)  # so that the half file goes too
    settings = load_settings(None, {"server.data": said.data})
    with at_rest_or_served(settings) as data:
        manifest = taking.take(data, file, with_media=not said.no_media)
    counts = manifest["counts"]
    print(
        f"Cadangan {file}: {manifest['name']}, {counts['ticket']} nomor, {counts['event']} peristiwa "
        f"(kepala {manifest['head'][:12]}), {file.stat().st_size / 1e6:.1f} MB. Sudah dibaca kembali dan utuh."
    )
    return 0


@contextmanager
def at_rest_or_served(settings: Settings) -> Iterator[Path]:
    """The data folder: while this process holds its lock, or beside a server, which is safe, also beside one that does not answer."""
    from server.ops import talking
    from server.ops.data_folder import DataLock

    data = Path(settings.server.data)
    refuse_other_databases(settings)
    talking.site_of(settings)
    if talking.running(settings) is not None:
        yield data
        return
    try:
        lock = DataLock(data, talking.LOCK_WAIT_S)
    except Stop as held:
        if held.exit_code != DATA_IN_USE:
            raise
        print(f"Proses yang memegang {data} tidak menjawab; cadangan dibuat di sampingnya.", file=sys.stderr)
        yield data
        return
    try:
        yield data
    finally:
        os.close(lock.fd)


def refuse_other_databases(settings: Settings) -> None:
    """Raises Stop for a database that is not this program's own file."""
    if settings.database.url:
        raise Stop(
            "Basis data diatur dengan database.url; pakai pg_dump dan pg_restore untuk PostgreSQL (docs/backup.md).", FAILED
        )


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)
