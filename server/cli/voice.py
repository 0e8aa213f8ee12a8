"""`mpp voice script|check`: an office's own recordings in place of the clips that ship."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from config import voice as voices
from config.floor import FloorError, floor_path, read_floor
from config.mistakes import meant
from config.settings import Settings
from server.cli.faults import BAD_ARGUMENTS, DATA_NOT_WRITABLE, Stop
from server.cli.places import load_settings
from server.cli.words import Parser
from server.ops.voices import own_folder, packs_of
from server.voice import checking
from server.voice.bank import store
from server.voice.levels import RATE_HZ
from server.voice.needed import Places, needed
from server.voice.pack import GONG, Part

FORMAT = f"WAV mono {RATE_HZ} Hz 16 bit"
#: what is wrong with a file -> the sentence and its remedy
SENTENCES = {
    "wav": f"bukan berkas WAV yang utuh; ekspor ulang sebagai {FORMAT}",
    "channels": f"{{found}} kanal; ekspor ulang sebagai {FORMAT}",
    "bits": f"{{found}} bit; ekspor ulang sebagai {FORMAT}",
    "rate": f"laju cuplik {{found}} Hz; ekspor ulang sebagai {FORMAT}",
    "big": f"{{found}} bita, terlalu besar; paling besar {checking.FILE_MAX_BYTES} bita",
    "empty": "tidak ada suara; rekam ulang",
    "short": f"suaranya terlalu singkat ({{found}} detik); paling sedikit {checking.SHORTEST_S} detik",
    "long": f"{{found}} detik, terlalu panjang; paling lama {checking.LONGEST_S:.0f} detik",
    "clipped": "suara terpotong karena terlalu keras ({found} cuplikan); kecilkan masukan mikrofon lalu rekam ulang",
    "loud": f"terlalu keras ({{found}} dBFS); rekam ulang di bawah {checking.LOUDEST_DBFS:.0f} dBFS",
    "quiet": f"terlalu pelan ({{found}} dBFS); rekam ulang lebih dekat ke mikrofon, di atas {checking.QUIETEST_DBFS:.0f} dBFS",
    "unknown": "bukan nama klip{meant}; lihat `mpp voice script`",
    "twice": "klip ini sudah ada dengan huruf besar atau kecil lain; hapus salah satu",
}
ADVICE = f"""\
Daftar klip suara ({{language}}): {{count}} berkas.
Rekam tiap baris ke berkas dengan nama di kolom kiri: {FORMAT}.
Satu orang, satu ruang yang sunyi, jarak mikrofon tetap, tempo tenang. Nama gerai dibaca turun di akhir,
yang lain dibaca datar karena masih ada kata sesudahnya. {GONG}.wav adalah bunyi gong; boleh tidak dibuat.
Sesudahnya: mpp voice check FOLDER, lalu mpp voice check FOLDER --install.
"""


def run(argv: Sequence[str]) -> int:
    """Exit codes: 0 every file is good (what is missing is told), 2 with every mistake, 6 nothing could be written."""
    said = _said(argv)
    if said.what == "check" and not said.folder:
        raise Stop("mpp voice: argumen FOLDER wajib diisi; lihat `mpp voice --help`.", BAD_ARGUMENTS)
    settings = load_settings(None, {"server.data": said.data, "server.floor": said.floor})
    wanted = _wanted(settings, said.language)
    return _check(said, settings, wanted) if said.what == "check" else _script(said, wanted)


def _said(argv: Sequence[str]) -> Namespace:
    parser = Parser("voice", "Rekaman suara sendiri: daftar yang dibaca (script), periksa dan pasang (check).")
    parser.add_argument("what", choices=("script", "check"), metavar="script|check")
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="folder rekaman (check)")
    parser.add_argument("--language", default="id", choices=voices.LANGUAGES, help="bahasa panggilan (id)")
    parser.add_argument("--floor", metavar="BERKAS", help="denah yang nama gerainya dibaca")
    parser.add_argument("--csv", action="store_true", help="tulis daftar sebagai CSV (script)")
    parser.add_argument("--install", action="store_true", help="ratakan kerasnya lalu pasang ke folder data (check)")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    return parser.parse_args(argv)


def _wanted(settings: Settings, language: str) -> list[Part]:
    try:
        packs = packs_of(voices.read_lexicon(own_folder(settings).parent / voices.LEXICON))
        plan = read_floor(floor_path(settings.server.floor)).as_data()
    except voices.VoiceError as error:
        raise Stop(f"{voices.LEXICON} salah:\n{error}", BAD_ARGUMENTS) from error
    except FloorError as error:
        raise Stop(f"Denah {settings.server.floor} salah:\n{error}", BAD_ARGUMENTS) from error
    pack = packs[language]
    return needed(pack, packs[pack.names], Places.of([plan]))


def _script(said: Namespace, wanted: list[Part]) -> int:
    if said.csv:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(("berkas", "teks", "dibaca"))
        table.writerows((_file(part), *_read(part)) for part in wanted)
        return 0
    print(ADVICE.format(language=said.language, count=len(wanted)))
    width = max(len(_file(part)) for part in wanted)
    for part in wanted:
        text, read = _read(part)
        print(f"{_file(part):<{width}}  {read}" + (f"   ({text})" if text.lower() != read.lower() else ""))
    return 0


def _file(part: Part) -> str:
    return f"{part.clip}.wav"


def _read(part: Part) -> tuple[str, str]:
    """As it is written, and as it is read aloud."""
    return ("gong", "(gong)") if part.clip == GONG else (part.text, part.say)


def _check(said: Namespace, settings: Settings, wanted: list[Part]) -> int:
    told = checking.check(_files(Path(said.folder)), wanted)
    if told.missing:
        print(f"Belum ada {len(told.missing)} klip; untuk ini dipakai suara bawaan:")
        print("".join(f"  {_file(part)}: {part.say}\n" for part in told.missing), end="")
    if told.wrong:
        clips = [part.clip for part in wanted]
        lines = [f"  {one.file}: {_sentence(one, clips)}." for one in told.wrong]
        more = ["Tidak ada yang dipasang."] if said.install else []
        raise Stop("\n".join([f"{len(told.wrong)} berkas salah:", *lines, *more]), BAD_ARGUMENTS)
    print(f"{len(told.good)} klip baik.")
    if said.install:
        _install(own_folder(settings), said.language, told.good)
    return 0


def _sentence(wrong: checking.Wrong, clips: list[str]) -> str:
    near = meant(wrong.file.lower().removesuffix(".wav"), clips)
    return SENTENCES[wrong.why].format(found=wrong.found, meant=near)


def _files(folder: Path) -> dict[str, bytes]:
    try:
        found = [file for file in folder.iterdir() if file.suffix.lower() == ".wav"]
        # One byte more than a file may have is enough to see that it is too big.
        read = {file.name: _head(file) for file in found}
    except OSError as problem:
        raise Stop(f"Folder {folder} tidak dapat dibaca ({problem.strerror}).", BAD_ARGUMENTS) from problem
    if not read:
        raise Stop(f"Folder {folder} tidak berisi berkas .wav.", BAD_ARGUMENTS)
    return read


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(checking.FILE_MAX_BYTES + 1)


def _install(folder: Path, language: str, good: dict[str, bytes]) -> None:
    try:
        store(folder, {language: {clip: (sound, None) for clip, sound in good.items()}})
    except OSError as problem:
        raise Stop(f"Folder {folder} tidak dapat ditulis ({problem.strerror}).", DATA_NOT_WRITABLE) from problem
    print(f"Dipasang di {folder}; panggilan berikutnya memakainya.")
