"""Each page of the printed report as a picture: ink inside the margins, no page for nothing, no signature alone.

Planted, each seen red: the signature kept together with nothing before it; a table wider than its page;
a page break before each section.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from server.ops.report_making import rendered
from tests.reports.conftest import dossier_text
from tests.reports.reading import pdf_pages

#: points of a page; the picture has one pixel each
MARGIN, FOOT = 24, 56
#: a page of less than this share of its height is a page for nothing
LEAST = 0.12
LAST_WORDS = "atas perhatian Bapak/Ibu kami ucapkan terima kasih"


def pictures(pdf: bytes) -> Iterator[Image.Image]:
    """Each page, a point a pixel."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.render(scale=1, grayscale=True).to_pil()
    document.close()


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything drawn dark enough to read: left, upper, right, lower."""
    dark = ImageChops.invert(picture).point(lambda depth: 255 if depth > 60 else 0)
    return dark.getbbox() or (0, 0, 0, 0)


@pytest.fixture(scope="module")
def year(played: Any) -> bytes:
    return rendered(dossier_text(played, "2026"), "pdf")


@pytest.mark.parametrize("form", ["month", "year"])
def test_every_page_is_full_enough_and_keeps_its_margins(form: str, files: dict[str, bytes], year: bytes) -> None:
    pages = list(pictures(files["pdf"] if form == "month" else year))
    assert len(pages) >= 5
    for number, page in enumerate(pages, 1):
        left, upper, right, lower = ink(page)
        assert left >= MARGIN and upper >= MARGIN, f"page {number}"
        assert right <= page.width - MARGIN and lower <= page.height - MARGIN, f"page {number}"
        if number == len(pages):
            continue  # what is left over, however little
        body = ink(page.crop((0, 0, page.width, page.height - FOOT)))  # without the line at its foot
        assert body[3] - body[1] >= LEAST * page.height, f"page {number} holds next to nothing"


@pytest.mark.parametrize("size", range(0, 2600, 200))
def test_nobody_signs_a_page_of_its_own(size: int, text: str) -> None:
    """However long the letter (longer than the page lets anyone write): its last words stand above the signature, and the copies below it."""
    dossier = json.loads(text)
    dossier["letter"]["basis"] = ("Pasal 15 Peraturan Wali Kota Kupang " * 99)[: size + 20].strip()
    pages = pdf_pages(rendered(json.dumps(dossier), "pdf"))
    signed = next(page for page in pages if "NIP 19680101" in page)
    assert LAST_WORDS in signed and "Tembusan:" in signed
