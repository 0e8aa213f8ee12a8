"""A language's words for a call, and the clips they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: kind of clip -> how its name begins
KINDS = {"letters": "huruf", "numbers": "angka", "phrases": "frasa", "words": "kata"}
NAME = "gerai"
GONG = "gong"

_SIGNS = re.compile(r"[^\W_]+")
_PIECES = re.compile(r"[^\W_]+|[.,]")
#: capitals and digits of at most this many signs are spelled when no lexicon knows them
SPELLED_MAX = 8
#: unless they read as a word, as DINAS and IMIGRASI do: two syllables of Indonesian or more, and five letters
WORD_MIN = 5
_ONSET = "(?:[BCDFGKPST][RL]|NG|NY|SY|KH|S[KPTMNW]|[BCDFGHJ-NP-TV-Z])"
_LIKE_A_WORD = re.compile(f"(?:{_ONSET}?[AEIOU]{{1,2}}(?:NG|[BCDFGHJ-NP-TV-Z])?){{2,}}")


@dataclass(frozen=True)
class Part:
    """One clip of an announcement.

    `text` as it is read on a screen, `say` as it is said, `after` the sign that follows ("", ",", "."),
    `known`: one of the pack's own words, not a name or a word of the floor plan.
    """

    clip: str
    text: str
    say: str
    language: str
    after: str = ""
    known: bool = True


@dataclass(frozen=True)
class Pack:
    """One language; made of checked data (config.voice)."""

    code: str
    name: str
    counting: str
    names: str
    synthesis: str
    letters: Mapping[str, str]
    numbers: Mapping[str, str]
    phrases: Mapping[str, str]
    words: Mapping[str, str]
    lexicon: Mapping[str, str]
    sentence: Mapping[str, str]

    def part(self, kind: str, key: str, after: str = "") -> Part:
        """The clip of `key` in one of KINDS; raises KeyError for a key the pack has not."""
        said = getattr(self, kind)[key]
        return Part(f"{KINDS[kind]}-{key.lower()}", key if kind == "letters" else said, said, self.code, after)

    def parts(self) -> Iterator[Part]:
        """Every clip of this language, without names."""
        for kind in KINDS:
            for key in getattr(self, kind):
                yield self.part(kind, key)

    def name_part(self, name: str) -> Part:
        """A gerai's name, as this language reads it."""
        return Part(f"{NAME}-{slug(name)}", name, self.read(name), self.code, known=False)

    def word_part(self, word: str) -> Part:
        """A word of a place's label; one the pack does not know is read as a name is."""
        key = word.lower()
        if key in self.words:
            return self.part("words", key)
        return Part(f"kata-{slug(word)}", word, self.read(word), self.code, known=False)

    def read(self, written: str) -> str:
        """'BPJS Kesehatan' -> 'be pe je es kesehatan': abbreviations by the lexicon, else by their letters."""
        said = " ".join(map(self._piece, _PIECES.findall(plain(written).replace("&", " dan "))))
        return said.replace(" ,", ",").replace(" .", "").strip(" ,.")

    def _piece(self, piece: str) -> str:
        if piece in self.lexicon:
            return self.lexicon[piece]
        if piece.upper() == piece and piece.isascii() and len(piece) <= SPELLED_MAX and not _is_like_a_word(piece):
            return " ".join(self.letters.get(sign) or self.numbers.get(sign, sign) for sign in piece)
        return piece.lower()


def _is_like_a_word(piece: str) -> bool:
    return len(piece) >= WORD_MIN and _LIKE_A_WORD.fullmatch(piece) is not None


def plain(text: str) -> str:
    """Without marks over letters and forms of width, which no voice reads otherwise."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def slug(name: str) -> str:
    """'BPJS Kesehatan' -> 'bpjs-kesehatan': the name of its file."""
    return "-".join(_SIGNS.findall(plain(name).lower()))
