"""The allow-list between people's words and a printer's bytes.

Only characters that the printer's code page prints may pass; nothing a person typed can become
a control byte, because every byte that leaves here is >= 0x20 and is not 0x7F.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters and marks that Unicode does not decompose but that have an everyday plain form.
_PLAIN_FORMS = {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʼ": "'", "ʻ": "'",
    "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "•": "*", "·": "-", "×": "x", "÷": "/", "→": "->", "←": "<-", "⁄": "/",
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ı": "i",
    "€": "EUR", "£": "GBP", "©": "(c)", "®": "(R)",
}  # fmt: skip
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def is_control(char: str) -> bool:
    """Whether a character is a control, format, surrogate or unassigned one, never printed."""
    return unicodedata.category(char) in _DROPPED_CATEGORIES


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


def printable(text: str, codepage: str) -> str:
    """`text` in characters of `codepage` only: others in their plain form, or `?`."""
    allowed = printable_characters(codepage)
    composed = unicodedata.normalize("NFC", without_controls(text))
    return "".join(char if char in allowed else _plain(char, allowed) for char in composed)


def _plain(char: str, allowed: frozenset[str]) -> str:
    if char in _PLAIN_FORMS:
        return _PLAIN_FORMS[char]
    if unicodedata.category(char) == "Mn":
        return ""
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(part for part in decomposed if part in allowed).strip() or "?"
