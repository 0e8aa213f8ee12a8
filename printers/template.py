"""What stands on a slip, in which order: a small text that a site's administrator can edit. Pure.

One line of the text is one line of the slip (docs/printers.md tells it to administrators):

    {nomor}                      a part; `PARTS` stand alone on their line
    {layanan} | besar            words and {fields}, then perhaps a style
    [en] Thank you               only on slips in English
    ---                          a rule; an empty line is a space

The copy mark, the height of the number and the cut are no part of it: no template can weaken them. Number
and QR code come before everything but the logo, so that half a slip still serves its holder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

LINES_MAX = 40
LINE_MAX_CHARS = 200
SOURCE_MAX_CHARS = 4000
#: what is told of one line and of one text; more helps nobody
MISTAKES_MAX = 20

GAP, RULE, TEXT = "gap", "rule", "text"
LOGO, NUMBER, QR = "logo", "nomor", "qr"
PARTS = (LOGO, NUMBER, QR)
#: a field -> the name of it in `printers.slip.Slip`
FIELDS = {
    "keterangan_qr": "qr_caption",
    "layanan": "service",
    "gerai": "gerai",
    "tempat": "place",
    "di_depan": "ahead_text",
    "perkiraan": "estimate_text",
    "waktu": "issued_text",
    "prioritas": "priority_text",
    "wifi": "wifi_lines",
    "catatan": "notes",
    "nama_mpp": "site_name",
    "kontak": "footer",
}
STYLES = ("tebal", "tinggi", "besar", "besar jika muat", "sangat besar")
#: the languages of slips; a slip in any other one is an Indonesian slip
LANGUAGES = ("id", "en")

_RULE = re.compile(r"-{3,}")
_LANGUAGE = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{([^{}]*)\}")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: signs that cannot be seen but without which words of some scripts are wrong (ZWNJ, ZWJ)
_JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True)
class Mistake:
    """`line` counts from 1; `text` is an Indonesian sentence."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Baris {self.line}: {self.text}"


class TemplateInvalid(ValueError):
    """A text that is no template; every mistake of it (at most MISTAKES_MAX), in the order of its lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda one: one.line)[:MISTAKES_MAX])
        super().__init__(" ".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Line:
    """`kind`: GAP, RULE, TEXT or one of PARTS. `language` "": on every slip."""

    kind: str
    text: str = ""
    style: str = ""
    language: str = ""

    def pieces(self) -> tuple[str, ...]:
        """Words and fields by turns: the ones at even places are words, "" where there are none."""
        return tuple(_FIELD.split(self.text))


@dataclass(frozen=True)
class Block:
    """Lines that belong together, and the rules and spaces above them."""

    above: tuple[Line, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Template:
    """A checked template."""

    lines: tuple[Line, ...]

    def blocks(self, language: str) -> Iterator[Block]:
        """The slip in this language, from above; what separates nothing (at the end) is left out."""
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        above: list[Line] = []
        lines: list[Line] = []
        for line in self.lines:
            if line.language not in ("", spoken):
                continue
            if line.kind not in (GAP, RULE):
                lines.append(line)
                continue
            if lines:
                yield Block(tuple(above), tuple(lines))
                above, lines = [], []
            above.append(line)
        if lines:
            yield Block(tuple(above), tuple(lines))


def parse(source: str) -> Template:
    """The template that `source` says. Raises TemplateInvalid with all its mistakes."""
    rows = source[: SOURCE_MAX_CHARS + 1].replace("\r\n", "\n").rstrip().split("\n")
    mistakes: list[Mistake] = []
    if len(source) > SOURCE_MAX_CHARS:
        mistakes.append(Mistake(len(rows), f"seluruhnya paling banyak {SOURCE_MAX_CHARS} huruf."))
    if len(rows) > LINES_MAX:
        mistakes.append(Mistake(LINES_MAX + 1, f"paling banyak {LINES_MAX} baris."))
    lines: list[tuple[int, Line]] = []
    for place, row in enumerate(rows[:LINES_MAX], 1):
        line, wrong = _line(row)
        lines.append((place, line))
        mistakes += [Mistake(place, text) for text in wrong]
    mistakes += _misplaced(lines)
    if mistakes:
        raise TemplateInvalid(mistakes)
    return Template(_with_quiet_zone([line for _, line in lines]))


def _with_quiet_zone(lines: list[Line]) -> tuple[Line, ...]:
    """A space around the QR code where none is written: with ink beside it phones do not find it.

    Below the number there is white enough.
    """
    at = next((place for place, line in enumerate(lines) if line.kind == QR), None)
    if at is None:
        return tuple(lines)
    below = [] if at + 1 == len(lines) or lines[at + 1].kind == GAP else [Line(GAP)]
    above = [Line(GAP)] if lines[at - 1].kind == LOGO else []
    return (*lines[:at], *above, lines[at], *below, *lines[at + 1 :])


def standard_source() -> str:
    """The text of the template that a site has before it makes its own."""
    return Path(__file__).with_name("templates").joinpath("slip.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def standard() -> Template:
    """The template that a site has before it makes its own."""
    return parse(standard_source())


def mistakes_in(source: str) -> tuple[Mistake, ...]:
    """Every mistake; none: it is a template."""
    try:
        parse(source)
    except TemplateInvalid as invalid:
        return invalid.mistakes
    return ()


def _line(row: str) -> tuple[Line, list[str]]:
    """What a row says as far as it can be understood, and what is wrong with it."""
    wrong, hidden = [], sorted({char for char in row if _is_hidden(char)})
    if hidden:  # what else is wrong may come from what nobody sees, and must not be shown either
        return Line(TEXT), [f"memuat tanda yang tidak terlihat (U+{ord(hidden[0]):04X}); ketik ulang baris ini."]
    if len(row) > LINE_MAX_CHARS:
        wrong.append(f"paling banyak {LINE_MAX_CHARS} huruf; baris ini {len(row)}.")
    text, language = " ".join(row.split()), ""
    if marked := _LANGUAGE.match(text):
        language, text = marked[1].strip().lower(), text[marked.end() :].strip()
        if language not in LANGUAGES:
            wrong.append(f"bahasa [{language[:20]}] tidak dikenal; pilihannya [id] dan [en].")
        if not text:
            wrong.append("tidak ada isi di belakang tanda bahasa.")
    if not text:
        return Line(GAP), wrong
    if _RULE.fullmatch(text):
        return Line(RULE, language=language), wrong
    text, style, styled = _styled(text)
    if styled and style not in STYLES:
        wrong.append(f"gaya '{style[:30]}' tidak dikenal; pilihannya {', '.join(STYLES)}.")
    if styled and not text:
        wrong.append("tidak ada isi di depan tanda |.")
    line = Line(TEXT, text, style, language)
    names = [name.strip().lower() for name in line.pieces()[1::2]]
    line = Line(TEXT, _FIELD.sub(lambda found: f"{{{found[1].strip().lower()}}}", text), style, language)
    wrong += _bad_fields(line, names)
    if len(names) == 1 and names[0] in PARTS and line.text == f"{{{names[0]}}}":
        return Line(names[0], style=style, language=language), wrong + _bad_part(names[0], line)
    return line, wrong


def _styled(text: str) -> tuple[str, str, bool]:
    """Words, style, and whether one is named: what stands behind the last `|`."""
    words, bar, style = text.rpartition("|")
    return (words.strip(), style.strip().lower(), True) if bar else (text, "", False)


def _is_hidden(char: str) -> bool:
    return char != "\t" and char not in _JOINERS and unicodedata.category(char) in _HIDDEN


def _bad_fields(line: Line, names: list[str]) -> list[str]:
    wrong = []
    if any(brace in words for words in line.pieces()[::2] for brace in "{}"):
        wrong.append("kurung { dan } tidak berpasangan.")
    for name in dict.fromkeys(names):
        if name in PARTS:
            if line.text != f"{{{name}}}":
                wrong.append(f"{{{name}}} harus sendirian di barisnya.")
        elif name not in FIELDS:
            wrong.append(f"isian {{{name[:30]}}} tidak dikenal; {_meant(name[:30])}")
    if "prioritas" in names and line.style:
        wrong.append("{prioritas} hanya dicetak kecil, supaya tidak terbaca orang lain; hapus gayanya.")
    return wrong


def _meant(name: str) -> str:
    close = get_close_matches(name, (*PARTS, *FIELDS), n=1)
    return f"mungkin {{{close[0]}}}?" if close else f"pilihannya {', '.join((*PARTS, *FIELDS))}."


def _bad_part(name: str, line: Line) -> list[str]:
    wrong = []
    if line.style:
        wrong.append(f"ukuran {{{name}}} tetap; hapus gayanya.")
    if line.language:
        wrong.append(f"{{{name}}} ada di karcis setiap bahasa; hapus tanda bahasanya.")
    return wrong


def _misplaced(lines: list[tuple[int, Line]]) -> list[Mistake]:
    """Parts that are missing, there twice, or not where half a slip would still serve."""
    places = {part: [place for place, line in lines if line.kind == part] for part in PARTS}
    wrong = [
        Mistake(place, f"{{{part}}} sudah ada di baris {found[0]}.") for part, found in places.items() for place in found[1:]
    ]
    if not places[NUMBER]:
        wrong.append(Mistake(1, "{nomor} belum ada; setiap karcis harus memuat nomornya."))
    if places[QR] and places[NUMBER] and places[QR][0] < places[NUMBER][0]:
        wrong.append(Mistake(places[QR][0], "{qr} harus di bawah {nomor}."))
    first = max((found[0] for part, found in places.items() if part != LOGO and found), default=0)
    early = [place for place, line in lines if line.kind in (TEXT, RULE) and place < first]
    wrong += [Mistake(place, "di atas {nomor} dan {qr} hanya boleh ada {logo} dan baris kosong.") for place in early]
    return wrong
