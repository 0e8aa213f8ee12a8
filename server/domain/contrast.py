"""Contrast of two colours after WCAG 2.2 (1.4.3 and its "relative luminance"); colours are '#1D4ED8'."""

from __future__ import annotations

import re

COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
#: text of the ordinary size against its ground (WCAG 2.2, 1.4.3)
TEXT_RATIO = 4.5

Rgb = tuple[int, int, int]


def rgb(color: str) -> Rgb:
    """'#1D4ED8' -> (29, 78, 216). Raises ValueError for another form."""
    if COLOR.fullmatch(color) is None:
        raise ValueError(f"{color!r} is no colour")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    """0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel) for channel in rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(color: str, other: str, share: float) -> str:
    """`color` with `share` (0 to 1) of `other` in it."""
    pairs = zip(rgb(color), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
