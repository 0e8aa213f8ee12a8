"""The layout language of displays: lines of parts, read into rows, every mistake with its line.

    # words after this sign are for people
    bilah: logo | nama | tanggal | jam
    baris 70: panggilan 60 | papan gerai=DKC,PTSP 40
    bilah: berjalan "Selamat datang"

A line is a strip (`bilah`, as high as what it holds) or a row (`baris`, a share of the height that is
left; without a number all share alike). Parts stand side by side, each perhaps with a share of the width.
Pure; docs/displays.md describes it for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from server.domain.floor import Floor

#: the word in a layout -> what it is called in views
PARTS: Mapping[str, str] = {
    "panggilan": "call",
    "riwayat": "recent",
    "papan": "board",
    "menunggu": "waiting",
    "media": "media",
    "berjalan": "ticker",
    "pengumuman": "notices",
    "jam": "clock",
    "tanggal": "date",
    "logo": "logo",
    "nama": "name",
    "loket": "counter",
}
#: part -> what may stand behind it
OPTIONS: Mapping[str, tuple[str, ...]] = {"board": ("gerai", "zona", "jarak"), "waiting": ("gerai", "zona"), "counter": ("kode",)}
#: parts that may stand in a layout more than once
SEVERAL = frozenset({"board", "waiting", "ticker"})
#: parts that need a share of the height: a strip is only as high as a line
TALL = frozenset({"call", "recent", "board", "media", "counter"})
TEXT_MAX, ROWS_MAX, PARTS_MAX, WORDS_MAX = 2000, 8, 6, 200
METRES_MAX = 40

_LINE = re.compile(r"(\S+?)(?:\s+(\S+))?\s*:(.*)", re.DOTALL)
#: words in quotes, and everything else without spaces
_WORD = re.compile(r'"([^"]*)"|(\S+)')
#: a bar between parts, not one inside quotes
_BAR = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)')


@dataclass(frozen=True)
class Mistake:
    """What is wrong in which line (from 1); `code` names the sentence `layout.<code>`, `facts` fill it."""

    line: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """`share` of the row's width (1 to 100), None: the same as the others without one."""

    line: int
    name: str
    share: int | None = None
    gerai: tuple[str, ...] = ()
    zone: str | None = None
    counter: str | None = None
    words: str = ""
    #: read from nearer or farther than the display, in metres
    distance_m: int | None = None


@dataclass(frozen=True)
class Row:
    """`kind` is strip or area; an area's `share` is of the height."""

    kind: str
    share: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Layout:
    rows: tuple[Row, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for row in self.rows for part in row.parts)

    @property
    def shows_calls(self) -> bool:
        """A display that does not show the call does not speak it either: a sign above a loket, a screen of pictures."""
        return any(part.name == "call" for part in self.parts)


@lru_cache(maxsize=200)
def parse(text: str) -> Layout:
    """The rows of a layout, and every mistake in it; with mistakes the rows are not to be used."""
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    if len(text) > TEXT_MAX:
        return Layout((), (Mistake(1, "too_long", {"most": TEXT_MAX}),))
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line and not line.startswith("#"):
            row, wrong = _row(number, line)
            rows += [row] if row else []
            mistakes += wrong
    if not rows and not mistakes:
        mistakes.append(Mistake(1, "empty"))
    if len(rows) > ROWS_MAX:
        mistakes.append(Mistake(rows[ROWS_MAX].parts[0].line if rows[ROWS_MAX].parts else 1, "too_many_rows", {"most": ROWS_MAX}))
    mistakes += _repeated(rows) + _too_much(rows)
    return Layout(tuple(rows), tuple(sorted(mistakes, key=lambda one: one.line)))


def _row(number: int, line: str) -> tuple[Row | None, list[Mistake]]:
    found = _LINE.fullmatch(line)
    if not found:
        return None, [Mistake(number, "no_colon")]
    word, share_text, rest = found.groups()
    kind = {"bilah": "strip", "baris": "area"}.get(word)
    if kind is None:
        return None, [Mistake(number, "unknown_line", {"what": word[:40]})]
    mistakes: list[Mistake] = []
    share = _share(number, share_text, mistakes) if share_text else None
    if share_text and kind == "strip":
        mistakes.append(Mistake(number, "strip_share"))
    texts = [one.strip() for one in _BAR.split(rest)]
    if len(texts) > PARTS_MAX:
        mistakes.append(Mistake(number, "too_many_parts", {"most": PARTS_MAX}))
    parts = tuple(part for one in texts if (part := _part(number, one, mistakes)))
    mistakes += [Mistake(number, "needs_row", {"what": _word(part)}) for part in parts if kind == "strip" and part.name in TALL]
    return Row(kind, share, parts), mistakes


def _share(number: int, text: str, mistakes: list[Mistake]) -> int | None:
    """A whole number from 1 to 100."""
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= 100:
        return int(text)
    mistakes.append(Mistake(number, "bad_share", {"what": text[:40]}))
    return None


def _part(number: int, text: str, mistakes: list[Mistake]) -> Part | None:
    if text.count('"') % 2:
        mistakes.append(Mistake(number, "open_quote"))
        return None
    words = [(quoted, plain) for quoted, plain in _WORD.findall(text)]
    if not words:
        mistakes.append(Mistake(number, "no_part"))
        return None
    name = PARTS.get(words[0][1])
    if name is None:
        what = words[0][1] or words[0][0]
        mistakes.append(Mistake(number, "unknown_part", {"what": what[:40], "meant": _near(what)}))
        return None
    given: dict[str, object] = {"line": number, "name": name}
    for quoted, plain in words[1:]:
        _option(number, name, quoted, plain, given, mistakes)
    if name == "ticker" and not given.get("words"):
        mistakes.append(Mistake(number, "no_words"))
    return Part(**given)  # type: ignore[arg-type] # gathered word by word


def _option(number: int, name: str, quoted: str, plain: str, given: dict[str, object], mistakes: list[Mistake]) -> None:
    """One word behind a part's name, put into `given` or told among `mistakes`."""
    key, sign, value = plain.partition("=")
    if quoted and name == "ticker":
        if len(quoted) > WORDS_MAX:
            mistakes.append(Mistake(number, "words_too_long", {"most": WORDS_MAX}))
        given["words"] = quoted
    elif sign and key == "jarak" and key in OPTIONS.get(name, ()):
        given["distance_m"] = _metres(number, value, mistakes)
    elif sign and key in OPTIONS.get(name, ()) and value.strip(","):
        codes = tuple(one for one in value.split(",") if one)
        given.update({"gerai": {"gerai": codes}, "zona": {"zone": value}, "kode": {"counter": value}}[key])
    elif plain and not sign and plain[0].isdigit():
        given["share"] = _share(number, plain, mistakes)
    else:
        allowed = ", ".join(f"{one}=" for one in OPTIONS.get(name, ())) or "-"
        mistakes.append(Mistake(number, "unknown_option", {"what": (quoted or plain)[:40], "allowed": allowed}))


def _metres(number: int, text: str, mistakes: list[Mistake]) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= METRES_MAX:
        return int(text)
    mistakes.append(Mistake(number, "bad_distance", {"what": text[:40], "most": METRES_MAX}))
    return None


def _near(what: str) -> str:
    """The part that was meant, perhaps; else all of them."""
    close = get_close_matches(what.lower(), PARTS, n=1, cutoff=0.6)
    return close[0] if close else ", ".join(PARTS)


def _word(part: Part) -> str:
    return next(word for word, name in PARTS.items() if name == part.name)


def _repeated(rows: Sequence[Row]) -> list[Mistake]:
    seen: set[str] = set()
    found = []
    for part in (part for row in rows for part in row.parts):
        if part.name in seen and part.name not in SEVERAL:
            found.append(Mistake(part.line, "twice", {"what": _word(part)}))
        seen.add(part.name)
    return found


def _too_much(rows: Sequence[Row]) -> list[Mistake]:
    """Shares beside each other that are more than the whole, or leave nothing for those without one."""
    areas = [row for row in rows if row.kind == "area" and row.parts]
    found = [Mistake(row.parts[0].line, "over_100") for row in areas if _is_over([part.share for part in row.parts])]
    if _is_over([row.share for row in areas]):
        found.append(Mistake(areas[-1].parts[0].line, "over_100"))
    return found


def _is_over(shares: Sequence[int | None]) -> bool:
    total = sum(share or 0 for share in shares)
    return total > 100 or (total == 100 and None in shares)


def missing(layout: Layout, floor: Floor, counter: str | None = None) -> tuple[Mistake, ...]:
    """What the layout names that the floor plan does not have. `counter`: the display's own loket, for a sign."""
    found = []
    for part in layout.parts:
        found += [Mistake(part.line, "unknown_gerai", {"what": code[:40]}) for code in part.gerai if code not in floor.gerai]
        if part.zone is not None and part.zone not in floor.zones:
            found.append(Mistake(part.line, "unknown_zone", {"what": part.zone[:40]}))
        if part.name == "counter":
            code = part.counter or counter
            if code is None:
                found.append(Mistake(part.line, "no_counter"))
            elif code not in floor.counters:
                found.append(Mistake(part.line, "unknown_counter", {"what": code[:40]}))
    return tuple(found)
