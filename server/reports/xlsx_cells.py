"""Cells of the spreadsheet: what each kind of value looks like, and totals as formulas with their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell as at

from server.reports.model import Cell, Change, Row, Seconds, Share, Table, added

_DAY_S = 86_400
_FORMATS = {
    "text": {}, "wrapped": {"text_wrap": True, "valign": "top"}, "title": {"bold": True, "font_size": 13},
    "head": {"bold": True, "text_wrap": True, "bg_color": "#DFE9EA", "bottom": 1, "valign": "bottom"},
    "figure": {"bold": True, "text_wrap": True, "bg_color": "#DFE9EA", "bottom": 1, "valign": "bottom", "align": "right"},
    "count": {"num_format": "#,##0"}, "rate": {"num_format": "#,##0.00"}, "time": {"num_format": "[h]:mm:ss"},
    "share": {"num_format": "0.0%"}, "change": {"num_format": "+0.0%;-0.0%;0.0%"}, "points": {"num_format": '+0.0" poin";-0.0" poin";0.0" poin"'},
    "date": {"num_format": "dd/mm/yyyy", "align": "left"}, "said": {"align": "right"},
}  # fmt: skip


class Styles:
    """The book's formats by name; `<name>_bold` for lines of sums."""

    def __init__(self, book: Any) -> None:
        self._found = {name: book.add_format(look) for name, look in _FORMATS.items()}
        strong = {"bold": True, "bg_color": "#F1F6F6"}
        self._found |= {f"{name}_bold": book.add_format({**look, **strong}) for name, look in _FORMATS.items()}

    def __getattr__(self, name: str) -> Any:
        return self.of(name)

    def of(self, name: str, bold: bool = False) -> Any:
        return self._found[f"{name}_bold" if bold else name]


def kind_of(cell: Cell) -> str:
    """The name of the format of a value."""
    if isinstance(cell, Change):
        return "points" if cell.in_points else "change"
    kinds = ((Seconds, "time"), (Share, "share"), (str, "text"), (date, "date"), (int, "count"), (float, "rate"))
    return next((kind for one, kind in kinds if isinstance(cell, one)), "text")


def plain(cell: Cell) -> float | None:
    """The number a cell holds; None for one without."""
    if isinstance(cell, Seconds):
        return cell.s / _DAY_S
    if isinstance(cell, Share):
        return cell.value
    if isinstance(cell, Change):
        return cell.value * (100 if cell.in_points else 1)
    return cell if isinstance(cell, int | float) else None


class Sheet:
    """One table's sheet."""

    def __init__(self, raw: Any, styles: Styles, table: Table) -> None:
        self.raw, self._styles, self._table = raw, styles, table

    def row(self, row: int, cells: Row) -> None:
        for place, cell in enumerate(cells):
            if self._table.columns[place].total == "share" and isinstance(cell, Share):
                self._quotient(row, place, cell, False)
            else:
                self._cell(row, place, cell, False)

    def _cell(self, row: int, place: int, cell: Cell, bold: bool) -> None:
        look = self._styles.of(kind_of(cell), bold)
        if isinstance(cell, str):
            is_text = self._table.columns[place].is_text
            self.raw.write_string(row, place, cell, look if is_text else self._styles.of("said", bold))
        elif isinstance(cell, date):
            self.raw.write_datetime(row, place, cell, look)
        elif (number := plain(cell)) is not None:
            self.raw.write_number(row, place, number, look)
        elif bold:
            self.raw.write_blank(row, place, None, look)

    def total(self, row: int, name: str, span: tuple[int, int], rows: Sequence[Row], fixed: Mapping[int, Cell] | None) -> None:
        """A line of sums over the rows of `span`; a total skips the subtotals within (SUBTOTAL leaves out its like)."""
        cells = added(self._table.columns, rows, fixed)
        self.raw.write_string(row, 0, name, self._styles.of("text", True))
        for place, column in enumerate(self._table.columns[1:], 1):
            cell = cells[place]
            if column.total == "sum" and cell is not None:
                formula = f"=SUBTOTAL(9,{at(span[0], place)}:{at(span[1], place)})"
                self.raw.write_formula(row, place, formula, self._styles.of(kind_of(cell), True), plain(cell) or 0)
            elif column.total == "share" and isinstance(cell, Share):
                self._quotient(row, place, cell, True)
            else:
                self._cell(row, place, cell, True)

    def _quotient(self, row: int, place: int, cell: Share, bold: bool) -> None:
        n, of = at(row, place - 2), at(row, place - 1)
        value = "" if cell.value is None else cell.value
        self.raw.write_formula(row, place, f'=IF({of}=0,"",{n}/{of})', self._styles.of("share", bold), value)
