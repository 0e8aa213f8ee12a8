"""How a written text is said: pure, and the same whatever speaks it."""

from __future__ import annotations

import re
import unicodedata

LANGUAGES = ("id", "en")

_DIGITS = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_AND = {"id": " dan ", "en": " and "}
_TO = {"id": " sampai ", "en": " to "}

#: the number of a ticket: "B-014"
_NUMBER = re.compile(r"\b([A-Z]{1,3})-([0-9]{1,6})\b")
_RUPIAH = re.compile(r"\bRp\.?\s?([0-9][0-9.]*[0-9]|[0-9])")
_RANGE = re.compile(r"(?<=[0-9])(?:\s*[–—]\s*|\s+-\s+)(?=[0-9])")
#: the space before a comma that took the place of a sign
_LOOSE = re.compile(r" (?=[.,;:!?])")
#: what a voice makes a pause of; every other sign is left out
_PAUSES = "/|·•–—()[]{}…"
_KEPT = ".,;:!?'\"-%"


def spoken(text: str, language: str) -> str:
    """`text` for the ear in `language`, "" when nothing of it can be said."""
    said = unicodedata.normalize("NFC", text)
    said = _NUMBER.sub(lambda found: _spelled(found, language), said)
    said = _RUPIAH.sub(r"\1 rupiah", said)
    said = _RANGE.sub(_TO[language], said).replace("&", _AND[language])
    said = _LOOSE.sub("", " ".join("".join(map(_sign, said)).split()))
    return said if any(char.isalnum() for char in said) else ""


def _spelled(found: re.Match[str], language: str) -> str:
    digits = " ".join(_DIGITS[language][int(digit)] for digit in found[2])
    return f"{' '.join(found[1])}, {digits}"


def _sign(char: str) -> str:
    if char in _KEPT or unicodedata.category(char)[0] in "LMN":
        return char
    return ", " if char in _PAUSES else " "
