"""The signs' file: the line, the frame, the words, and which loket has which sign. docs/signs.md describes it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signs.frame import mistake_of

WORDS = {"open": "BUKA", "paused": "ISTIRAHAT", "closed": "TUTUP", "unknown": "----"}
BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
ALIGNS = ("left", "center", "right")
#: key -> (default, least, most), of whole numbers
NUMBERS = {"baud": (9600, 1200, 115200), "width": (9, 1, 64), "gap_ms": (50, 0, 5000), "repeat_s": (10, 1, 3600)}
TEXTS = ("device", "display", "token_file", "frame", "align", "parity")
PARITIES = ("none", "even", "odd")
FRAME = "<02>{address:2}{text}<03>{xor}"


class SignsError(Exception):
    """Every mistake of the file, one Indonesian line for each."""


@dataclass(frozen=True)
class Settings:
    """`signs`: loket's code -> its sign's address. `repeat_s`: an unchanged text is written again, for a sign that was off."""

    device: str
    display: str
    token_file: str
    signs: Mapping[str, str]
    words: Mapping[str, str]
    frame: str = FRAME
    align: str = "right"
    parity: str = "none"
    digits_only: bool = False
    baud: int = 9600
    width: int = 9
    gap_ms: int = 50
    repeat_s: int = 10


def load(path: Path) -> Settings:
    """Raises SignsError."""
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise SignsError(f"Berkas {path} tidak dapat dibaca ({problem.strerror}).") from problem
    except ValueError as problem:
        raise SignsError(f"Berkas {path}: tata tulis TOML salah ({problem}).") from problem
    wrong: list[str] = []
    values = _values(given, wrong)
    values["signs"] = _signs(given.get("sign", []), wrong)
    values["words"] = _words(given.get("words", {}), values.get("width", NUMBERS["width"][0]), wrong)
    if wrong:
        raise SignsError("\n".join(f"{path}: {one}" for one in wrong))
    token = Path(values["token_file"])
    values["token_file"] = str(token if token.is_absolute() else path.parent / token)
    return Settings(**values)


def _values(given: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
    known = {*TEXTS, *NUMBERS, "digits_only", "sign", "words"}
    wrong += [f"{key}: kunci tidak dikenal; hapus atau perbaiki ejaannya" for key in given if key not in known]
    wrong += [f"{key}: wajib diisi" for key in ("device", "display", "token_file") if not given.get(key)]
    values: dict[str, Any] = {}
    for key in (*TEXTS, *NUMBERS, "digits_only"):
        if key in given:
            wants = str if key in TEXTS else bool if key == "digits_only" else int
            if type(given[key]) is not wants:
                wrong.append(f"{key} = {given[key]!r}: bukan {'teks' if wants is str else 'true atau false' if wants is bool else 'bilangan bulat'}")
            else:
                values[key] = given[key]
    for key, (_, least, most) in NUMBERS.items():
        if not least <= values.get(key, least) <= most:
            wrong.append(f"{key} = {values[key]}: isi {least} sampai {most}")
    for key, allowed in (("align", ALIGNS), ("parity", PARITIES), ("baud", BAUDS)):
        if values.get(key, allowed[0]) not in allowed:
            wrong.append(f"{key} = {values[key]!r}: pilih {', '.join(map(str, allowed))}")
    if "frame" in values and (why := mistake_of(values["frame"])):
        wrong.append(f"frame: {why}")
    return values


def _signs(rows: Any, wrong: list[str]) -> dict[str, str]:
    signs: dict[str, str] = {}
    if not isinstance(rows, list):
        wrong.append("sign: tulis tiap papan sebagai [[sign]], dengan dua kurung siku")
        return signs
    for number, row in enumerate(rows, 1):
        loket, address = (str(row.get(key, "")) for key in ("loket", "address")) if isinstance(row, dict) else ("", "")
        if not loket or not address.isascii() or not 1 <= len(address) <= 8:
            wrong.append(f"sign ke-{number}: isi loket (kode) dan address (1 sampai 8 huruf atau angka)")
        elif loket in signs:
            wrong.append(f"sign ke-{number}: loket {loket} sudah ada")
        signs[loket] = address
    if not rows:
        wrong.append("sign: belum ada papan; tulis [[sign]] dengan loket dan address")
    return signs


def _words(given: Any, width: int, wrong: list[str]) -> dict[str, str]:
    words = dict(WORDS)
    for key, text in given.items() if isinstance(given, dict) else ():
        if key not in WORDS or not isinstance(text, str) or not text.isascii():
            wrong.append(f"words.{key}: isi {', '.join(WORDS)} dengan teks ASCII")
        else:
            words[key] = text
    wrong += [f"words.{key}: {text!r} lebih panjang dari papan ({width}); tulis kata yang lebih pendek" for key, text in words.items() if len(text) > width]
    return words
