"""How calls are said, by language: the packs of `config/voice/` and a site's own lexicon.

Every mistake is told at once, each with its line and the remedy.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from config.mistakes import meant
from config.toml_lines import key_lines, nearest_line

#: languages in which calls are said; the last is a draft that no speaker has checked
LANGUAGES = ("id", "en", "mkn")
PACKS = Path(__file__).parent / "voice"
#: where a site keeps its own words, below its data folder
LEXICON = Path("voice") / "lexicon.toml"

TABLES = ("letters", "numbers", "phrases", "words", "lexicon", "sentence", "sounds")
HEADS = ("name", "counting", "names", "synthesis")
SENTENCES = {"call": {"label", "place", "gerai"}, "look": {"label"}, "count": {"panggilan"}, "again": set[str]()}
PHRASES = (
    "nomor-antrean", "silakan-menuju", "lihat-layar", "sekali-lagi",
    "panggilan-2", "panggilan-3", "panggilan-4", "panggilan-ulang", "panggilan-terakhir",
)  # fmt: skip
_UNITS = tuple("0123456789")
NUMBERS = {
    "malay": (*_UNITS, "10", "11", "belas", "puluh", "seratus", "ratus", "seribu", "ribu"),
    "english": (*map(str, range(20)), *map(str, range(20, 100, 10)), "ratus", "ribu", "dan"),
}
ABBREVIATION = re.compile(r"[^\W_]{1,24}")
_SAID = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")
_SLOT = re.compile(r"\{([a-z-]+)\}")
_SENTENCE = re.compile(r"(?:\{[a-z-]+\}[,.]? )*\{[a-z-]+\}[,.]?")
SAID_MAX = 120
SIZE_MAX_BYTES = 200_000


class VoiceError(Exception):
    """Every mistake of a pack or lexicon; ``str()`` gives one line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


def load(code: str) -> dict[str, Any]:
    """The pack of one language as new dicts, what it leaves out taken from the one it is like.

    Raises ValueError for an unknown language, VoiceError for a pack with mistakes."""
    if code not in LANGUAGES:
        raise ValueError(f"bahasa {code!r} tidak dikenal; pilih {', '.join(LANGUAGES)}")
    pack = _shipped(code)
    return {key: dict(value) if isinstance(value, dict) else value for key, value in pack.items()}


@cache
def _shipped(code: str) -> dict[str, Any]:
    return read_pack((PACKS / f"{code}.toml").read_text(encoding="utf-8"))


def read_pack(document: str) -> dict[str, Any]:
    """A checked pack; raises VoiceError with all its mistakes."""
    own = _parsed(document)
    base = load(str(own["like"])) if own.get("like") in LANGUAGES else {}
    pack: dict[str, Any] = {key: own.get(key, base.get(key)) for key in HEADS}
    for table in TABLES:
        written = own.get(table, {})
        pack[table] = {**base.get(table, {}), **(written if isinstance(written, dict) else {})}
    lines = key_lines(document)
    mistakes = [
        f"baris {nearest_line(lines, path)}: {'.'.join(path)}: {why}" for path, why in [*_missing(pack), *_wrong(own, pack)]
    ]
    if mistakes:
        raise VoiceError(mistakes)
    return pack


def read_lexicon(file: Path) -> dict[str, str]:
    """A site's own abbreviations, {} when it has none; raises VoiceError with all its mistakes."""
    if not file.exists():
        return {}
    try:
        content = file.read_bytes()
        document = content.decode("utf-8-sig")
    except OSError as problem:
        raise VoiceError([f"{file}: tidak dapat dibaca ({problem.strerror}); periksa izinnya"]) from None
    except UnicodeDecodeError:
        raise VoiceError([f"{file}: bukan teks UTF-8; simpan ulang sebagai UTF-8"]) from None
    if len(content) > SIZE_MAX_BYTES:
        raise VoiceError([f"{file}: terlalu besar; paling besar {SIZE_MAX_BYTES} bita"])
    words = _parsed(document)
    lines = key_lines(document)
    mistakes = [f"baris {nearest_line(lines, (key,))}: {key}: {why}" for key, value in words.items() if (why := _bad_word(key, value))]
    if mistakes:
        raise VoiceError(mistakes)
    return words


def _parsed(document: str) -> dict[str, Any]:
    try:
        return tomllib.loads(document)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise VoiceError([f"tata tulis TOML salah; perbaiki baris yang disebut ({problem})"]) from None


def _bad_word(key: str, value: object) -> str:
    if not ABBREVIATION.fullmatch(key):
        return "bukan satu singkatan; tulis huruf dan angka tanpa spasi, seperti KPKNL"
    return _bad_said(value, "ka pe ka en el")


def _bad_said(value: object, example: str) -> str:
    if not isinstance(value, str):
        return f'bukan teks; tulis bacaannya di antara tanda kutip, seperti "{example}"'
    if len(value) > SAID_MAX:
        return f"terlalu panjang; paling banyak {SAID_MAX} huruf"
    if not _SAID.fullmatch(value):
        return f'tidak dapat diucapkan; tulis bacaannya dengan huruf saja, seperti "{example}"'
    return ""


def _missing(pack: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """What a pack must have and has not, also from the one it is like."""
    letters = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    numbers = NUMBERS.get(str(pack["counting"]), _UNITS)
    wanted = {"letters": letters, "numbers": numbers, "phrases": PHRASES, "words": ("loket",), "sentence": tuple(SENTENCES)}
    found = [((head,), "wajib diisi; tambahkan kunci ini") for head in HEADS if not isinstance(pack[head], str)]
    for table, keys in wanted.items():
        found += [((table, key), "belum ada bacaannya; tambahkan kunci ini") for key in keys if key not in pack[table]]
    return found


def _wrong(own: dict[str, Any], pack: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """What is written and cannot be."""
    known = (*HEADS, *TABLES, "like")
    found = [((key,), f"kunci tidak dikenal; hapus atau perbaiki ejaannya{meant(key, known)}") for key in own if key not in known]
    choices = {"counting": tuple(NUMBERS), "names": LANGUAGES, "synthesis": ("id", "en"), "like": LANGUAGES}
    for head, allowed in choices.items():
        if head in own and own[head] not in allowed:
            found.append(((head,), f"pilihan tidak dikenal; pilih {', '.join(allowed)}"))
    for table in TABLES:
        if not isinstance(own.get(table, {}), dict):
            found.append(((table,), "bukan tabel; tulis sebagai bagian dengan nama di dalam kurung siku"))
            continue
        for key, value in own.get(table, {}).items():
            why = _bad_entry(table, key, value, pack)
            found += [((table, key), why)] if why else []
    return found


def _bad_entry(table: str, key: str, value: object, pack: dict[str, Any]) -> str:
    if table == "sounds":
        return "" if isinstance(value, str) else "bukan teks; tulis fonemnya di antara tanda kutip"
    if table == "lexicon":
        return _bad_word(key, value)
    if table != "sentence":
        return _bad_said(value, "satu")
    if not isinstance(value, str) or not _SENTENCE.fullmatch(value):
        return "bukan kalimat; tulis bagian di dalam kurung kurawal dengan koma atau titik, seperti {label},"
    unknown = set(_SLOT.findall(value)) - SENTENCES.get(key, set()) - set(pack["phrases"])
    lost = SENTENCES.get(key, set()) - set(_SLOT.findall(value))
    if unknown or lost:
        return f"bagian {', '.join(sorted(unknown | lost))} tidak dikenal atau tidak ada; perbaiki kalimatnya"
    return ""
