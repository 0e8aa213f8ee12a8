"""A call as the clips that say it: pure, and the same whoever says them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from server.voice.counting import COUNTING, digits
from server.voice.pack import GONG, Pack, Part

#: the number on a slip: A-001, 4K-012, A001, 1A003, 17
_LABEL = re.compile(r"(?:([A-Z0-9]{1,4})-|([A-Z0-9]{0,3}[A-Z]))?([0-9]{1,4})")
_PIECES = re.compile(r"[0-9]+|[^\W\d_]+")
_SLOT = re.compile(r"\{([a-z-]+)\}([,.]?)")
#: a longer number of a place is said sign by sign
COUNTED_SIGNS = 4
#: the calls that have a phrase of their own
COUNTED = (2, 3, 4)


@dataclass(frozen=True)
class Call:
    """What is announced. `count`: 1 for the first call; `last`: no other will follow;
    `short`: others wait, so chime, repetition and gerai name are left out (P9)."""

    label: str
    place: str
    gerai: str = ""
    count: int = 1
    last: bool = False
    short: bool = False


@dataclass(frozen=True)
class Style:
    """What the site wants."""

    numbers: Literal["digits", "cardinal"] = "digits"
    repeat: int = 1
    gerai: bool = True
    gong: bool = True


class NotALabel(ValueError):
    """A ticket's number that cannot be read."""


def announce(
    call: Call, style: Style, pack: Pack, names: Pack, sayable: Callable[[Part], bool] = lambda part: True
) -> tuple[Part, ...]:
    """The clips of `call`. `names` is the language of names and unknown words; of those, what is not `sayable`
    is left out: a gerai's name altogether, of a place's label all but "loket N". Raises NotALabel."""
    once = _once(call, style, pack, names, sayable)
    parts = [Part(GONG, "", "", pack.code)] if style.gong and not call.short else []
    parts += _counted(call, pack)
    parts += once
    for _ in range(0 if call.short else style.repeat - 1):
        parts += [*_filled(pack.sentence["again"], pack, {}), *once]
    return tuple(parts)


def label_parts(label: str, style: Style, pack: Pack) -> list[Part]:
    """'4K-012' -> empat ka, nol satu dua (or: empat ka, dua belas). Raises NotALabel."""
    found = _LABEL.fullmatch(label)
    if found is None:
        raise NotALabel(f"{label!r} is no number of a ticket, such as B-014")
    prefix, number = found[1] or found[2] or "", found[3]
    signs = [pack.part("numbers" if sign.isdigit() else "letters", sign) for sign in prefix]
    words = digits(number) if style.numbers == "digits" else COUNTING[pack.counting](int(number))
    return [*_ended(signs, ","), *(pack.part("numbers", word) for word in words)]


def place_parts(place: str, pack: Pack, names: Pack, sayable: Callable[[Part], bool]) -> list[Part]:
    """'Loket 21' -> loket dua puluh satu. Of a label with words nobody can say: "loket N", or nothing."""
    parts = [part for piece in _PIECES.findall(place) for part in _piece_parts(piece, pack, names)]
    if all(part.known or sayable(part) for part in parts):
        return parts
    numbers = [piece for piece in _PIECES.findall(place) if piece.isdecimal()]
    return [pack.word_part("loket"), *_piece_parts(numbers[-1], pack, names)] if numbers else []


def _piece_parts(piece: str, pack: Pack, names: Pack) -> list[Part]:
    if piece.isdecimal():
        words = COUNTING[pack.counting](int(piece)) if len(piece) <= COUNTED_SIGNS else digits(piece)
        return [pack.part("numbers", word) for word in words]
    if len(piece) == 1 and piece.upper() in pack.letters:
        return [pack.part("letters", piece.upper())]
    known = piece.lower() in pack.words
    return [pack.word_part(piece) if known else names.word_part(piece)]


def _counted(call: Call, pack: Pack) -> list[Part]:
    if call.count < 2 and not call.last:
        return []
    key = "terakhir" if call.last else str(call.count) if call.count in COUNTED else "ulang"
    return _filled(pack.sentence["count"], pack, {"panggilan": [pack.part("phrases", f"panggilan-{key}")]})


def _once(call: Call, style: Style, pack: Pack, names: Pack, sayable: Callable[[Part], bool]) -> list[Part]:
    """The call said once: a place that cannot be said is looked up on the screen."""
    filled = {"label": label_parts(call.label, style, pack), "place": place_parts(call.place, pack, names, sayable)}
    gerai = names.name_part(call.gerai) if call.gerai and style.gerai and not call.short else None
    filled["gerai"] = [gerai] if gerai and gerai.say and sayable(gerai) else []
    return _filled(pack.sentence["call" if filled["place"] else "look"], pack, filled)


def _filled(sentence: str, pack: Pack, filled: dict[str, list[Part]]) -> list[Part]:
    """The sentence with its slots filled; the sign after a slot that stays empty goes to the part before."""
    parts: list[Part] = []
    for slot, sign in _SLOT.findall(sentence):
        parts += filled[slot] if slot in filled else [pack.part("phrases", slot)]
        parts = _ended(parts, sign) if sign else parts
    return parts


def _ended(parts: list[Part], sign: str) -> list[Part]:
    return [*parts[:-1], replace(parts[-1], after=sign)] if parts else parts


def text(parts: tuple[Part, ...]) -> str:
    """What is announced, to be read: "Nomor antrean B, nol nol satu, silakan menuju loket satu, PLN."."""
    return "".join(_written(parts, "text"))


def spoken(parts: tuple[Part, ...]) -> str:
    """What is announced, as it is said: letters and abbreviations by their names."""
    return "".join(_written(parts, "say"))


def _written(parts: tuple[Part, ...], what: str) -> Iterator[str]:
    begins = True
    for place, part in enumerate(part for part in parts if part.clip != GONG):
        words: str = getattr(part, what)
        yield (" " if place else "") + (words[:1].upper() + words[1:] if begins else words) + part.after
        begins = part.after == "."
