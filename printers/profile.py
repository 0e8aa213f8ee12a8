"""What one printer can do, from the server's plain description of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# ESC t slots of Epson's and most compatible printers (command reference, "ESC t").
CODEPAGE_SLOTS = {"cp437": 0, "cp850": 2, "cp860": 3, "cp1252": 16, "cp852": 18, "cp858": 19}
# Paper width in mm -> (dots, characters of font A) at 203 dpi, 8 dots per mm.
PAPER = {80: (576, 48), 58: (384, 32)}


class ProfileInvalid(ValueError):
    """A printer's description cannot be used; `str()` says why."""


@dataclass(frozen=True)
class Profile:
    """Paper and abilities. `dots` and `chars` (font A) are per line; `width_mm` is the paper's."""

    width_mm: int = 80
    dots: int = 576
    chars: int = 48
    codepage: str = "cp437"
    native_qr: bool = True
    cut: bool = True

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """From a printer of `GET /print-host`; missing values follow the paper's width.

        Raises ProfileInvalid.
        """
        width_mm = data.get("width_mm", 80)
        if width_mm not in PAPER:
            raise ProfileInvalid(f"width_mm {width_mm!r}: 58 or 80 expected")
        dots, chars = PAPER[width_mm]
        profile = cls(
            width_mm=width_mm,
            dots=data.get("dots") or dots,
            chars=data.get("chars") or chars,
            codepage=str(data.get("codepage") or "cp437").lower(),
            native_qr=bool(data.get("native_qr", True)),
            cut=bool(data.get("cut", True)),
        )
        profile._check()
        return profile

    def _check(self) -> None:
        if self.codepage not in CODEPAGE_SLOTS:
            raise ProfileInvalid(f"codepage {self.codepage!r}: one of {', '.join(CODEPAGE_SLOTS)}")
        for name, value, low, high in (("dots", self.dots, 200, 1000), ("chars", self.chars, 16, 84)):
            if not isinstance(value, int) or not low <= value <= high:
                raise ProfileInvalid(f"{name} {value!r}: {low} to {high} expected")
