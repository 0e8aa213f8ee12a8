"""Which font has which character: the fonts that come with the project, so that a bare computer prints every script.

`fonts/coverage.txt` names them in the order in which they are asked. A line becomes runs, each of one font.
"""

from __future__ import annotations

import logging
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

from printers.charset import JOINERS

log = logging.getLogger("printers")

FONTS = Path(__file__).parent / "fonts"
_MARKS = frozenset({"Mn", "Mc", "Me"})
_ALONG = frozenset("\ufe0e\ufe0f") | JOINERS


class Face(NamedTuple):
    """A font's file and the characters it has: `starts[i]` to `ends[i]`, both included, rising."""

    file: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, cluster: str) -> bool:
        return all(self._has(ord(char)) for char in cluster if char not in _ALONG)

    def _has(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]


class Run(NamedTuple):
    """Neighbouring characters of one font; `face` None: no font has them."""

    text: str
    face: Face | None


@lru_cache(maxsize=1)
def faces() -> tuple[Face, ...]:
    """All fonts, in the order in which they are asked."""
    found = []
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").splitlines():
        file, *ranges = line.split()
        bounds = [each.partition("-") for each in ranges]
        starts = tuple(int(first, 16) for first, _, _ in bounds)
        ends = tuple(int(last or first, 16) for first, _, last in bounds)
        found.append(Face(file, starts, ends))
    return tuple(found)


@lru_cache(maxsize=48)
def opened(file: str, em: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font at `em` dots. One that this Pillow cannot read is told once and replaced by Pillow's own."""
    try:
        return ImageFont.truetype(FONTS / file, em)
    except OSError as error:
        log.error("font %s: %s", file, error)
        return ImageFont.load_default(em)


def clusters(text: str) -> Iterator[str]:
    """Each character with the marks that stand on it; such a group is never torn apart."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (_joins(text[at]) or text[at - 1] == "\u200d"):
            yield text[start:at]
            start = at


def runs(text: str) -> list[Run]:
    """`text` as runs in reading order. Digits, spaces and marks of punctuation stay with what is before them."""
    found: list[Run] = []
    for cluster in clusters(text):
        before = found[-1].face if found else None
        face = _face_of(cluster, before)
        if face or len(cluster) == 1:
            _add(found, Run(cluster, face))
        else:  # no font has letter and mark together: each as it can be had
            for char in cluster:
                _add(found, Run(char, _face_of(char, before)))
    return found


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _add(found: list[Run], run: Run) -> None:
    if found and found[-1].face is run.face:
        found[-1] = Run(found[-1].text + run.text, run.face)
    else:
        found.append(run)


def _joins(char: str) -> bool:
    return char in _ALONG or unicodedata.category(char) in _MARKS


def _face_of(cluster: str, before: Face | None) -> Face | None:
    if before and unicodedata.category(cluster[0])[0] != "L" and before.has(cluster):
        return before
    for face in faces():
        if face.has(cluster):
            return face
    return None
