"""Bytes to paper with the virtual printer's own parser, and a QR reader that is not ours."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

from printers.virtual.graphics import NvGraphics
from printers.virtual.mechanism import Mechanism
from printers.virtual.paper import Paper
from printers.virtual.parser import Command, tokenise


def printed(data: bytes, width_mm: int = 80, kept: NvGraphics | None = None) -> Paper:
    """The one piece of paper that `data` prints; fails on any mistake in the stream. `kept`: the printer's own pictures."""
    papers: list[tuple[Paper, bool]] = []
    errors: list[str] = []
    mechanism = Mechanism(width_mm, lambda paper, cut: papers.append((paper, cut)), errors.append)
    for token in tokenise(data):
        if kept and isinstance(token, Command) and token.name == "GS ( L":
            mechanism.print_kept(kept.execute(token.args[2:]))
        else:
            mechanism.execute(token)
    assert errors == []
    assert [cut for _, cut in papers] == [True]
    return papers[0][0]


def picture(paper: Paper) -> Image.Image:
    """The paper as a picture."""
    return Image.open(io.BytesIO(paper.png()))


def qr_on(paper: Paper) -> str:
    """What a phone would read from the paper."""
    (found,) = zxingcpp.read_barcodes(picture(paper))
    return found.text


def ink_runs(paper: Paper) -> list[tuple[int, int]]:
    """Top and height in dots of each horizontal band that holds ink, from the top."""
    image = picture(paper).point(lambda value: 255 if value < 128 else 0)
    inked = [image.crop((0, y, image.width, y + 1)).getbbox() is not None for y in range(image.height)]
    edges = [y for y in range(1, image.height) if inked[y] != inked[y - 1]]
    return [(top, bottom - top) for top, bottom in zip(edges[::2], edges[1::2], strict=True)]
