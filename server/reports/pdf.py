"""The document as a PDF: A4, portrait, with landscape pages for wide tables; the same bytes for the same document."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from server.reports.model import Document, Letter, Section, Table
from server.reports.pdf_tables import INK, Bars, table_of
from server.reports.pdf_text import BOLD, REGULAR, fonts, printable, style

LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 20 * mm, 16 * mm, 18 * mm
SIDE = 15 * mm
TALL, WIDE = "tall", "wide"
WIDTHS = {TALL: A4[0] - LEFT - RIGHT, WIDE: A4[1] - 2 * SIDE}
LOGO_MAX = 22 * mm
#: a table of at most so many rows is not divided between pages
KEPT_ROWS = 34
#: of a page's foot: the size of its letters, its first line above the paper's edge, and how many lines have room
FOOT_PT, FOOT_TOP, FOOT_LINES = 7, 13 * mm, 3
#: what stands across each page of a report that is not issued, and its size
DRAFT, DRAFT_PT = "KONSEP", 110


def pdf_of(document: Document) -> bytes:
    """The file's bytes."""
    fonts()
    out = io.BytesIO()
    paper = BaseDocTemplate(
        out, pagesize=A4, title=printable(document.title), author=printable(document.letter.head[0]), subject=document.mark,
        creator="Antrian MPP", lang="id-ID", invariant=1, pageCompression=1,
    )  # fmt: skip
    paper.addPageTemplates([_template(TALL), _template(WIDE)])
    paper.build(_story(document), canvasmaker=_canvas_of(document))
    return out.getvalue()


def _template(name: str) -> PageTemplate:
    size = A4 if name == TALL else landscape(A4)
    side = LEFT if name == TALL else SIDE
    frame = Frame(side, BOTTOM, WIDTHS[name], size[1] - TOP - BOTTOM, 0, 0, 0, 0, id=name)
    return PageTemplate(name, [frame], pagesize=size)


def _canvas_of(document: Document) -> type[Canvas]:
    """A canvas that knows, when it writes a page's foot, how many pages there are."""

    class Numbered(Canvas):  # type: ignore[misc]  # ReportLab has no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._kept: list[dict[str, Any]] = []
            # The file's only date is the document's own.
            stamp, at = self._doc._timeStamp, datetime(document.made_on.year, document.made_on.month, document.made_on.day, tzinfo=UTC)
            stamp.t, stamp.lt, stamp.YMDhms = at.timestamp(), at.timetuple(), at.timetuple()[:6]

        def showPage(self) -> None:  # noqa: N802  # ReportLab's name
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, 1):
                self.__dict__.update(page)
                self._foot(number, len(self._kept))
                super().showPage()
            super().save()

        def _foot(self, number: int, of: int) -> None:
            width = self._pagesize[0]
            if document.is_draft:
                self._across(width, self._pagesize[1])
            side = LEFT if width == A4[0] else SIDE
            self.setFont(REGULAR, FOOT_PT)
            self.setFillColor(INK)
            told, right = f"halaman {number} dari {of}", RIGHT if width == A4[0] else SIDE
            lines = simpleSplit(printable(document.mark), REGULAR, FOOT_PT, width - side - right - stringWidth(told, REGULAR, FOOT_PT) - 5 * mm)
            if len(lines) > FOOT_LINES:  # many gerai by name
                lines = [*lines[: FOOT_LINES - 1], f"{lines[FOOT_LINES - 1]} …"]
            for place, line in enumerate(lines):
                self.drawString(side, FOOT_TOP - 1.15 * FOOT_PT * place, line)
            self.drawRightString(width - right, FOOT_TOP, told)

        def _across(self, width: float, height: float) -> None:
            """The word over the whole page, so pale that what stands there is read through it."""
            self.saveState()
            self.setFillColor(INK)
            self.setFillAlpha(0.1)
            self.translate(width / 2, height / 2)
            self.rotate(45)
            self.setFont(BOLD, DRAFT_PT)
            self.drawCentredString(0, -DRAFT_PT / 3, DRAFT)
            self.restoreState()

    return Numbered


def _text(text: str, look: Any) -> Paragraph:
    escaped = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Paragraph(escaped, look)


def _story(document: Document) -> list[Flowable]:
    story = [*_letter(document.letter, document.logo)]
    side = TALL
    for number, section in enumerate(document.sections):
        wanted = WIDE if section.tables and section.tables[0].wide else TALL
        if number == 0 or wanted != side:
            story += [NextPageTemplate(wanted), PageBreak()]
            side = wanted
        if number == 0:
            story += [_text("LAMPIRAN", style(9, after=2)), _text(document.title, style(13, True, after=8))]
        side = _add_section(story, section, side)
    return story


def _add_section(story: list[Flowable], section: Section, side: str) -> str:
    """The section after what stands there; which way the last page lies then."""
    above = [_text(section.title, style(12, True, before=8, after=4)), *(_text(says, style(9.5, justify=True, after=4)) for says in section.says)]
    story.append(CondPageBreak(45 * mm))
    if not section.tables:
        story += above
    for table in section.tables:
        wanted = WIDE if table.wide else TALL
        if wanted != side:
            story += [NextPageTemplate(wanted), PageBreak()]
            side = wanted
        story += _table(table, WIDTHS[side], above)
        above = []
    return side


def _table(table: Table, width: float, above: list[Flowable]) -> list[Flowable]:
    """The table with its title and chart; `above` is what must not stay behind on another page."""
    story: list[Flowable] = [CondPageBreak(35 * mm), *above, _text(table.title, style(10, True, before=7, after=3))]
    if table.chart is not None and any(row[table.chart.column] for row in table.rows):
        story = [CondPageBreak(75 * mm), *story[1:], Bars(table, width), Spacer(0, 5)]
    # Space belongs to what stands above it: a spacer that no longer fits would begin an empty page.
    story.append(table_of(table, width))
    story[-1].spaceAfter = 6.0
    if table.note:
        story.append(_text(table.note, style(7.5, before=1, after=6)))
    return [KeepTogether(story)] if len(table.rows) + len(table.groups) <= KEPT_ROWS else story


def _letter(letter: Letter, logo: bytes | None) -> list[Flowable]:
    about = Grid(
        [[_text(name, style(10.5)), ":", _text(value, style(10.5))] for name, value in letter.about],
        [22 * mm, 4 * mm, WIDTHS[TALL] - 26 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONT", (1, 0), (1, -1), REGULAR, 10.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)],
        hAlign="LEFT",
    )  # fmt: skip
    said = [_text(words, style(10.5, justify=True, first=12 * mm, after=5)) for words in letter.body]
    paragraphs, last = said[:-1], said[-1:]
    return [
        *_head(letter, logo),
        _text(letter.place_and_date, style(10.5, right=True, after=6)),
        about,
        Spacer(0, 8),
        *(_text(line, style(10.5)) for line in letter.to),
        Spacer(0, 8),
        *paragraphs,
        # Nobody signs a page of its own: what is signed goes along with its last words.
        KeepTogether([*last, *_signature(letter), *_copies(letter)]),
    ]


def _head(letter: Letter, logo: bytes | None) -> list[Flowable]:
    """The office's lines, the first ones large, its address (after the third) small; the logo to their left."""
    lines = [_text(line, style(13 if place < 2 else 11 if place == 2 else 9, place < 3, center=True)) for place, line in enumerate(letter.head)]
    picture: Any = ""
    if logo is not None:
        wide, tall = ImageReader(io.BytesIO(logo)).getSize()
        scale = LOGO_MAX / max(wide, tall)
        picture = Image(io.BytesIO(logo), wide * scale, tall * scale)
    room = LOGO_MAX + 2 * mm if picture else 0.0
    grid = Grid([[picture, lines, ""]], [room, WIDTHS[TALL] - 2 * room, room], style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
    rules = [HRFlowable("100%", 1.8, color=INK, spaceBefore=3, spaceAfter=1.2), HRFlowable("100%", 0.6, color=INK, spaceBefore=0, spaceAfter=10)]
    return [grid, *rules]


def _signature(letter: Letter) -> list[Flowable]:
    office = [_text(f"{line},", style(10.5, center=True)) for line in letter.signature]
    name, *rest = letter.signatory
    signed = [_text(name, style(10.5, True, center=True)), *(_text(line, style(10.5, center=True)) for line in rest)]
    block = Grid([["", [*office, Spacer(0, 20 * mm), *signed]]], [WIDTHS[TALL] * 0.48, WIDTHS[TALL] * 0.52], style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return [Spacer(0, 8), block]


def _copies(letter: Letter) -> list[Flowable]:
    if not letter.copies:
        return []
    lines = [_text(f"{n}. {line}", style(9.5)) for n, line in enumerate(letter.copies, 1)]
    return [Spacer(0, 8), _text("Tembusan:", style(9.5)), *lines]
