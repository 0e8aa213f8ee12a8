"""`mpp doctor`: looks at the whole installation, served or not, and changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from server.cli.faults import FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser
from server.ops.doctor.finding import Look


HUNG = "sebuah proses memegang folder data, tetapi server tidak menjawab (perintah mpp lain yang sedang bekerja juga memegangnya)"
BY_BACKUP = "`mpp restore` dengan cadangan terbaru yang utuh, lihat Cadangan; `mpp serve` akan memulai gedung yang kosong"


def run(argv: Sequence[str]) -> int:
    """0 when all is well, 1 with at least one finding; each finding names its remedy."""
    parser = Parser("doctor", "Periksa seluruh pemasangan; tidak ada yang diubah. Setiap temuan menyebut perbaikannya.")
    parser.add_argument("--json", action="store_true", help="jawab sebagai JSON")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    looks = []
    for look in _looks(said.data):
        looks.append(look)
        if not said.json:
            print(_told(look), flush=True)
    count = sum(len(look.findings) for look in looks)
    if said.json:
        print(json.dumps({"findings": count, "parts": [vars(look) for look in looks]}, ensure_ascii=False))
    else:
        print(f"{count} temuan." if count else "Semuanya baik.")
    return FAILED if count else 0


def _told(look: Look) -> str:
    lines = [f"{look.part}: {', '.join(look.well)}" if look.well else f"{look.part}:"]
    lines += [f"  catatan: {note}" for note in look.notes]
    for wrong, remedy in look.findings:
        lines += [f"  TEMUAN: {wrong}", f"    Perbaikan: {remedy}."]
    return "\n".join(lines)


def _looks(data: str | None) -> Iterator[Look]:
    from server.clock import wall_now
    from server.ops import talking
    from server.ops.data_folder import is_held
    from server.ops.doctor import installation

    try:
        settings = load_settings(None, {"server.data": data})
    except Stop as wrong:
        yield Look("Pengaturan", findings=[(wrong.sentence, "perbaiki kunci yang disebut")])
        return
    folder, now = Path(settings.server.data), wall_now()
    yield installation.settings_look(settings)
    yield installation.voice_look(settings)
    if not folder.is_dir():
        yield Look("Data", findings=[(f"folder data {folder} tidak ada", "jalankan `mpp serve`, atau sebutkan foldernya dengan --data")])
        return
    yield installation.disk_look(folder)
    served = talking.running(settings) is not None
    is_hung = not served and is_held(folder)
    if is_hung:
        yield Look("Server", findings=[(HUNG, "tunggu semenit lalu ulangi; bila tetap, hentikan server itu dan jalankan lagi `mpp serve`")])
    else:
        yield Look("Server", notes=["server berjalan" if served else "server tidak berjalan"])
    yield from _of_database(settings, folder, now, served or is_hung)


def _of_database(settings: Settings, folder: Path, now: datetime, served: bool) -> Iterator[Look]:
    from server.ops.backup import copying
    from server.ops.backup.child import FOLDER, dated_in
    from server.ops.doctor import backups, data, engine, hall, installation
    from server.storage.database import FILE

    path = folder / FILE
    if settings.database.url:
        yield Look("Basis data", notes=["diatur dengan database.url; bagian ini hanya memeriksa SQLite"])
        return
    first, is_open = None, False
    try:
        if not path.is_file():
            is_lost = bool(dated_in(folder / FOLDER))
            yield Look("Basis data", findings=[(f"{path} tidak ada", BY_BACKUP if is_lost else "jalankan `mpp serve`, atau `mpp restore` bila datanya hilang")])
            yield backups.backups_look(folder, settings.backup, now, None, False)
            return
        with copying.opened(path) as database:
            database.execute("BEGIN")  # everything is of one moment
            facts = copying.facts_of(database)
            first, last = (datetime.fromisoformat(copying.said(at)) if at else None for at in database.execute("SELECT min(at), max(at) FROM event").fetchone())
            yield engine.engine_look(database, path, served)
            yield data.schema_look(database)
            chain = data.chain_look(database)
            yield chain
            yield data.rows_look(database)
            yield data.reports_look(database)
            if not chain.findings:  # a broken log tells nothing of the tables
                yield data.story_look(database)
            yield installation.clock_look(now, last, facts["clock_kind"] == "simulated", hall.doubted_since(database) if served else None)
            yield hall.devices_look(database, served)
            yield hall.printers_look(database, served, folder)
            is_open = served and facts["open_day"] is not None
    except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError) as broken:
        yield Look("Basis data", findings=[(f"tidak dapat dibaca ({broken})", data.remedy_of(broken))])
    yield backups.backups_look(folder, settings.backup, now, first, is_open)
