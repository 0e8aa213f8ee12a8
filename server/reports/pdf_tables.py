"""Tables, shaded maps and bar charts of the document as ReportLab's flowables."""

from __future__ import annotations

from typing import Any

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph, TableStyle

from server.reports import words
from server.reports.model import Cell, Row, Table, added
from server.reports.pdf_text import BOLD, REGULAR, printable, style

INK, LINE, HEAD, SOFT = (colors.HexColor(f"#{tone}") for tone in ("1a2a2e", "9fb1b5", "dfe9ea", "f1f6f6"))
DEEP = colors.HexColor("#0b4f5e")
#: points: of a table on a portrait page, on a landscape one, with many columns
SIZE, WIDE_SIZE, MANY_SIZE = 8.0, 7.5, 6.2
_MANY = 20
#: of the house's colour in a shaded cell; at the darkest, text still has a contrast of 5 : 1
LIGHTEST, DARKEST = 0.06, 0.55
_PAD = 2.6
#: the smallest letters of a chart, points
READABLE = 4.5


def size_of(table: Table) -> float:
    if len(table.columns) > _MANY:
        return MANY_SIZE
    return WIDE_SIZE if table.wide else SIZE


def widths_of(table: Table, whole: float) -> list[float]:
    """The page's width, shared as the columns ask."""
    parts = sum(column.width for column in table.columns)
    return [whole * column.width / parts for column in table.columns]


class _Drawing:
    """Rows of one table, with the commands of their style."""

    def __init__(self, table: Table, whole: float) -> None:
        self.table = table
        self.size = size_of(table)
        self.widths = widths_of(table, whole)
        self.rows: list[list[Any]] = []
        self.commands: list[tuple[Any, ...]] = []

    def add(self, row: Row | list[Cell], bold: bool = False, indent: float = 0) -> int:
        self.rows.append([self._cell(place, cell, bold, indent if place == 0 else 0) for place, cell in enumerate(row)])
        return len(self.rows) - 1

    def _cell(self, place: int, cell: Cell, bold: bool, indent: float) -> Any:
        text = printable(words.told(cell))
        font = BOLD if bold else REGULAR
        room = self.widths[place] - 2 * _PAD - indent
        if not indent and stringWidth(text, font, self.size) <= room:
            return text
        if self._is_number(place, cell):
            # A number is never broken: it is set smaller instead.
            fitting = self.size * min(1.0, room / max(1.0, stringWidth(text, font, self.size)))
            return Paragraph(text, style(fitting, bold, right=True))
        return Paragraph(_escaped(text), style(self.size, bold, indent=indent, right=not self.table.columns[place].is_text))

    def _is_number(self, place: int, cell: Cell) -> bool:
        return not self.table.columns[place].is_text and not isinstance(cell, str)

    def mark(self, number: int, *commands: tuple[Any, ...]) -> None:
        self.commands += [(name, (0, number), (-1, number), *rest) for name, *rest in commands]

    def together(self, first: int, last: int) -> None:
        """No page ends between these rows: a name belongs to what it names, a sum to what it adds up."""
        self.commands.append(("NOSPLIT", (0, first), (-1, last)))

    def head(self) -> None:
        self.rows.append([
            Paragraph(_escaped(printable(column.title)), style(self.size, True, right=not column.is_text)) for column in self.table.columns
        ])  # fmt: skip
        self.mark(0, ("BACKGROUND", HEAD), ("LINEBELOW", 0.6, INK), ("VALIGN", "BOTTOM"))

    def body(self) -> None:
        for group in self.table.groups:
            if group.name:
                subtotal = added(self.table.columns, group.rows)
                number = self.add([group.name, *subtotal[1:]], bold=True)
                self.rows[number] = ["" if cell == words.NOTHING else cell for cell in self.rows[number]]
                self.mark(number, ("BACKGROUND", SOFT), ("FONT", BOLD, self.size))
                self.together(number, number + 1)
            for row in group.rows:
                number = self.add(row, indent=6 if group.name else 0)
                self._shade(number, row)

    def total(self) -> None:
        if not self.table.has_total:
            return
        cells = added(self.table.columns, self.table.rows, self.table.fixed)
        number = self.add(["Jumlah", *cells[1:]], bold=True)
        self.rows[number] = ["" if cell == words.NOTHING else cell for cell in self.rows[number]]
        self.mark(number, ("BACKGROUND", HEAD), ("FONT", BOLD, self.size), ("LINEABOVE", 0.6, INK))
        self.together(number - 1, number)

    def _shade(self, number: int, row: Row) -> None:
        """From white to the house's colour; the figure stays in the cell, so colour says nothing alone."""
        if self.table.heat is None:
            return
        last = len(row) - 1
        most = max((cell for other in self.table.rows for cell in other[self.table.heat : last] if isinstance(cell, int)), default=0)
        for place in range(self.table.heat, last):
            cell = row[place]
            if isinstance(cell, int) and cell and most:
                shade = colors.linearlyInterpolatedColor(colors.white, DEEP, 0, 1, LIGHTEST + (DARKEST - LIGHTEST) * cell / most)
                self.commands.append(("BACKGROUND", (place, number), (place, number), shade))


def table_of(table: Table, whole: float) -> Flowable:
    """The table in a page of this width, its head repeated on each page; or a sentence that it is empty."""
    if not table.rows:
        return Paragraph(table.empty, style(9))
    drawing = _Drawing(table, whole)
    drawing.head()
    drawing.body()
    drawing.total()
    numbers = [place for place, column in enumerate(table.columns) if not column.is_text]
    look = [
        ("FONT", (0, 1), (-1, -1), REGULAR, drawing.size), ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("LEADING", (0, 0), (-1, -1), drawing.size * 1.2), ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD), ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.8), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2), ("VALIGN", (0, 1), (-1, -1), "TOP"),
        *(("ALIGN", (place, 1), (place, -1), "RIGHT") for place in numbers),
    ]  # fmt: skip
    return LongTable(drawing.rows, drawing.widths, repeatRows=1, style=TableStyle([*look, *drawing.commands]), hAlign="LEFT")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Bars(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A bar for each row of the table's chart, with its figure above where there is room, and its name below."""

    def __init__(self, table: Table, whole: float, height: float = 42 * mm) -> None:
        super().__init__()
        assert table.chart is not None
        self.width, self.height = whole, height
        self._values = [row[table.chart.column] for row in table.rows]
        self._names = [_short(row[0]) for row in table.rows]

    def wrap(self, *_: Any) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        values = [value if isinstance(value, int | float) else 0 for value in self._values]
        most, step = max(values, default=0) or 1, self.width / max(1, len(values))
        # What is not recorded has no bar and no figure, not even a 0.
        said = [words.count(value) if isinstance(value, int | float) else "" for value in self._values]
        size, said_size = min(7.0, step / 2.6), min(7.0, *(7.0 * step / (1.15 * stringWidth(text, REGULAR, 7.0)) for text in said if text), 7.0)
        base, room = 10.0, self.height - 22
        for place, (value, name) in enumerate(zip(values, self._names, strict=True)):
            left, tall = place * step, room * value / most
            self.canv.setFillColor(DEEP)
            self.canv.rect(left + step * 0.15, base, step * 0.7, tall, stroke=0, fill=1)
            self.canv.setFillColor(INK)
            if said_size >= READABLE:  # else the table below says it
                self.canv.setFont(REGULAR, said_size)
                self.canv.drawCentredString(left + step / 2, base + tall + 2, said[place])
            self.canv.setFont(REGULAR, size)
            self.canv.drawCentredString(left + step / 2, base - 8, name)
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.5)
        self.canv.line(0, base, self.width, base)


def _short(cell: Cell) -> str:
    """'08.00–08.59' -> '08', a date -> its day, a month -> its first letters."""
    text = words.told(cell)
    return str(int(text[:2])) if text[:2].isdigit() else printable(text[:3])
