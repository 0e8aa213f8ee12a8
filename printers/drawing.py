"""A line of text as a picture of dots, for what a printer's own letters do not carry.

Pillow's HarfBuzz joins Arabic and stacks the marks of Java and India; runs of several fonts share a baseline.
Bounded: a line is at most as wide as the paper and three times as high as its letters, whatever was typed.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, features

from printers.faces import Run, clusters, is_right_to_left, opened, runs

_OWN_FACE = "DejaVuSans.woff2"
#: shares of the em above and below the baseline that a line takes at least
_ABOVE, _BELOW = 0.88, 0.32
#: ink may reach as far as this, for stacked marks; what goes further is cut
_FAR_ABOVE, _FAR_BELOW = 1.8, 1.2
_BLACK_FROM = 112
_CLOSING, _OPENING = frozenset({"Pe", "Pf", "Po"}), frozenset({"Ps", "Pi"})


class _Word(NamedTuple):
    text: str
    width: float
    space_before: bool


@lru_cache(maxsize=1)
def can_join() -> bool:
    """Whether letters that join or stack come out right: Pillow needs the system's FriBiDi (libfribidi0) for that."""
    return bool(features.check("raqm"))


def lines_of(text: str, em: int, dots: int) -> list[str]:
    """`text` in lines of at most `dots`, as few as can be and about equally long."""
    words = _words(text, em, dots)
    space = _width(" ", em, rtl=False)
    lines = _filled(words, dots, space)
    low, high = max((word.width for word in words), default=0.0), float(dots)
    while high - low > em / 4:  # the narrowest that needs no further line
        middle = (low + high) / 2
        narrower = _filled(words, middle, space)
        if len(narrower) > len(lines):
            low = middle
        else:
            high, lines = middle, narrower
    return lines


def draw(line: str, em: int, dots: int, *, bold: bool = False, rtl: bool | None = None) -> Image.Image:
    """One line in black on white ("1"), no wider than its ink and never wider than `dots`.

    `rtl`: the direction of the text that the line is part of, if that is not the line's own.
    """
    rtl = is_right_to_left(line) if rtl is None else rtl
    parts = runs(line)
    widths = [_run_width(run, em, rtl) for run in parts]
    edge, baseline = em // 2, round(em * _FAR_ABOVE)
    ink = Image.new("L", (round(sum(widths)) + 2 * edge, baseline + round(em * _FAR_BELOW)), 0)
    pen, x = ImageDraw.Draw(ink), float(edge)
    for run, width in reversed(list(zip(parts, widths, strict=True))) if rtl else zip(parts, widths, strict=True):
        _draw_run(pen, run, (x, baseline), em, bold, rtl)
        x += width
    return _cropped(ink, baseline, em, dots)


def _cropped(ink: Image.Image, baseline: int, em: int, dots: int) -> Image.Image:
    black = ink.point(lambda value: 255 if value >= _BLACK_FROM else 0)
    left, top, right, bottom = black.getbbox() or (0, baseline, 1, baseline)
    top, bottom = min(top, baseline - round(em * _ABOVE)), max(bottom, baseline + round(em * _BELOW))
    line = black.crop((left, top, right, bottom))
    if line.width > dots:
        line = line.resize((dots, line.height))
    return line.point(lambda value: 255 - value).convert("1", dither=Image.Dither.NONE)


def _draw_run(pen: ImageDraw.ImageDraw, run: Run, at: tuple[float, int], em: int, bold: bool, rtl: bool) -> None:
    if run.face is None:
        for number, cluster in enumerate(clusters(run.text)):
            _draw_box(pen, f"{ord(cluster[0]):04X}", (round(at[0]) + number * em, at[1]), em)
        return
    stroke = em / 48 if bold else 0
    font = opened(run.face.file, em)
    pen.text(at, run.text, fill=255, font=font, anchor="ls", stroke_width=stroke, **_direction(rtl))


def _draw_box(pen: ImageDraw.ImageDraw, code: str, at: tuple[int, int], em: int) -> None:
    """A character that no font has: a box with its number, which tells more than a question mark."""
    x, baseline = at
    pen.rectangle((x + 1, baseline - round(em * 0.76), x + em - 3, baseline), outline=255, width=max(1, em // 24))
    half = (len(code) + 1) // 2
    font = opened(_OWN_FACE, max(8, round(em * 0.36)))
    for part, above in ((code[:half], 0.42), (code[half:], 0.06)):
        pen.text((x + em // 2 - 1, baseline - round(em * above)), part, fill=255, font=font, anchor="ms")


def _width(text: str, em: int, rtl: bool) -> float:
    return sum(_run_width(run, em, rtl) for run in runs(text))


def _run_width(run: Run, em: int, rtl: bool) -> float:
    if run.face is None:
        return float(em * len(list(clusters(run.text))))
    return float(opened(run.face.file, em).getlength(run.text, **_direction(rtl)))


def _direction(rtl: bool) -> dict[str, str]:
    return {"direction": "rtl" if rtl else "ltr"} if can_join() else {}


def _words(text: str, em: int, dots: int) -> list[_Word]:
    """What a line may end after: words, single ideographs, and pieces of what is wider than the paper."""
    rtl = is_right_to_left(text)
    found = []
    for word in text.split():
        space_before = True
        for part in _ideographs_apart(word):
            for piece, width in _pieces(part, em, dots, rtl):
                found.append(_Word(piece, width, space_before))
                space_before = False
    return found


def _ideographs_apart(word: str) -> list[str]:
    """Chinese and Japanese have no spaces; a closing mark stays behind its neighbour, an opening one before it."""
    parts: list[str] = []
    for cluster in clusters(word):
        wide, category = unicodedata.east_asian_width(cluster[0]) in ("W", "F"), unicodedata.category(cluster[0])
        if not parts or (wide or _ends_wide(parts[-1])) and category not in _CLOSING and not _opens(parts[-1]):
            parts.append(cluster)
        else:
            parts[-1] += cluster
    return parts


def _ends_wide(part: str) -> bool:
    return unicodedata.east_asian_width(part[-1]) in ("W", "F")


def _opens(part: str) -> bool:
    return unicodedata.category(part[-1]) in _OPENING


def _pieces(part: str, em: int, dots: int, rtl: bool) -> list[tuple[str, float]]:
    """`part` with its width; torn between letters only where it is wider than the paper."""
    whole = _width(part, em, rtl)
    if whole <= dots:
        return [(part, whole)]
    pieces = [("", 0.0)]
    for cluster in clusters(part):
        more = _width(cluster, em, rtl)
        text, width = pieces[-1]
        if text and width + more > dots:
            pieces.append((cluster, more))
        else:
            pieces[-1] = (text + cluster, width + more)
    return pieces


def _filled(words: list[_Word], dots: float, space: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for word in words:
        gap = space if word.space_before else 0.0
        if lines and used + gap + word.width <= dots:
            lines[-1] += (" " if word.space_before else "") + word.text
            used += gap + word.width
        else:
            lines.append(word.text)
            used = word.width
    return lines
