"""The allow-list between people's words and a printer's bytes.

A line that the printer's code page carries goes out as text; any other is drawn (`drawing.py`). Nothing a person
typed can become a control byte, because every byte of a text line is >= 0x20 and is not 0x7F.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Everyday marks whose plain form says the same. A letter has none: "Łódź" is not "Lodz".
_PLAIN_FORMS = {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʼ": "'", "ʻ": "'",
    "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "•": "*", "·": "-", "×": "x", "→": "->", "←": "<-", "…": "...",
}  # fmt: skip
#: join or part letters of Arabic, Malay in Arabic letters, and the scripts of India and Java
JOINERS = frozenset("\u200c\u200d")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


def is_control(char: str) -> bool:
    """Whether a character is a control, a format or half a surrogate pair, none of which is ever printed."""
    return unicodedata.category(char) in _DROPPED_CATEGORIES and char not in JOINERS


def without_controls(text: str) -> str:
    """`text` on one line: white space becomes single spaces, control and format characters go."""
    kept = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or not is_control(char)
    )
    return " ".join(kept.split())


@lru_cache(maxsize=16)
def printable_characters(codepage: str) -> frozenset[str]:
    """The characters that the single-byte `codepage` (a Python codec name) can print.

    Raises LookupError when the codec is unknown.
    """
    found = {chr(code) for code in range(0x20, 0x7F)}
    for code in range(0x80, 0x100):
        char = bytes([code]).decode(codepage, errors="ignore")
        if len(char) == 1 and not char.isspace():
            if not is_control(char):
                found.add(char)
    return frozenset(found)


def carried(text: str, codepage: str) -> str | None:
    """`text` in characters of `codepage` only, saying the same; None: it has to be drawn."""
    allowed = printable_characters(codepage)
    composed = unicodedata.normalize("NFC", without_controls(text))
    plain = "".join(char if char in allowed else _PLAIN_FORMS.get(char, char) for char in composed)
    return plain if allowed.issuperset(plain) else None
