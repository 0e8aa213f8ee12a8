"""The document as a spreadsheet: one sheet for each table, real numbers and dates, totals by formula, native charts."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as at

from server.reports.model import Document, Group, Table
from server.reports.xlsx_cells import Sheet, Styles

#: rows above a table: its title and the period
_ABOVE = 3
_TEXT_WIDTH, _NUMBER_WIDTH, _NARROW_WIDTH = 44, 13, 7
_MANY = 20
#: of the cover's one column
_LINE_CHARS = 105


def xlsx_of(document: Document) -> bytes:
    """The file's bytes; the same for the same document."""
    out = io.BytesIO()
    # Text stays text, whatever it begins with: neither formula, number nor address is guessed from it.
    book = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "default_date_format": "dd/mm/yyyy",
    })  # fmt: skip
    made = datetime(document.made_on.year, document.made_on.month, document.made_on.day)
    book.set_properties({"title": document.title, "author": document.letter.head[0], "comments": document.mark, "created": made})
    styles = Styles(book)
    _cover(book, styles, document)
    for table in document.tables:
        _table(book, styles, document, table)
    book.close()
    return out.getvalue()


def _cover(book: Any, styles: Styles, document: Document) -> None:
    """The letter's words and the numbered sentences, for who gets only the spreadsheet."""
    sheet = book.add_worksheet("Laporan")
    sheet.set_column(0, 0, 110)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lines = [(document.title, styles.title), (document.mark, styles.text), ("", styles.text)]
    lines += [(f"{name}: {value}", styles.text) for name, value in document.letter.about[:1]]
    lines += [(said, styles.wrapped) for section in document.sections for said in section.says]
    lines += [("", styles.text), *((f"{table.key}: {table.title}", styles.text) for table in document.tables)]
    for number, (said, look) in enumerate(lines):
        sheet.write_string(number, 0, said, look)
        sheet.set_row(number, 15 * (1 + len(said) // _LINE_CHARS) if look is styles.wrapped else None)


def _table(book: Any, styles: Styles, document: Document, table: Table) -> None:
    sheet = Sheet(book.add_worksheet(table.key), styles, table)
    sheet.raw.write_string(0, 0, table.title, styles.title)
    sheet.raw.write_string(1, 0, document.period, styles.text)
    for place, column in enumerate(table.columns):
        sheet.raw.write_string(_ABOVE, place, column.title, styles.head if column.is_text else styles.figure)
        narrow = _NARROW_WIDTH if len(table.columns) > _MANY else _NUMBER_WIDTH
        sheet.raw.set_column(place, place, _TEXT_WIDTH if place == 0 else (_TEXT_WIDTH / 2 if column.is_text else narrow))
    # Printed, a sheet is as wide as the paper and has its head on each page.
    sheet.raw.set_landscape()
    sheet.raw.set_paper(9)
    sheet.raw.fit_to_pages(1, 0)
    sheet.raw.repeat_rows(_ABOVE)
    sheet.raw.freeze_panes(_ABOVE + 1, 1)
    first = row = _ABOVE + 1
    for group in table.groups:
        row = _group(sheet, group, row)
    if table.has_total:
        sheet.total(row, "Jumlah", (first, row - 1), table.rows, table.fixed)
    if not table.rows:
        sheet.raw.write_string(row, 0, table.empty, styles.text)
    if table.note:
        sheet.raw.write_string(row + 2, 0, table.note, styles.text)
    if table.heat is not None and table.rows:
        sheet.raw.conditional_format(first, table.heat, row - 1, len(table.columns) - 2, {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#6FA3AE"})
    if table.chart is not None and table.rows:
        _chart(book, sheet, table, first, row - 1)


def _group(sheet: Sheet, group: Group, row: int) -> int:
    """A named group has a line of its own with the subtotals, above its rows; where the next one stands."""
    if group.name:
        sheet.total(row, group.name, (row + 1, row + len(group.rows)), group.rows, None)
        row += 1
    for cells in group.rows:
        sheet.row(row, cells)
        row += 1
    return row


def _chart(book: Any, sheet: Sheet, table: Table, first: int, last: int) -> None:
    assert table.chart is not None
    chart = book.add_chart({"type": table.chart.kind})
    name = sheet.raw.get_name()
    chart.add_series({
        "name": table.columns[table.chart.column].title,
        "categories": [name, first, 0, last, 0],
        "values": [name, first, table.chart.column, last, table.chart.column],
        "line": {"color": "#0B4F5E"}, "fill": {"color": "#0B4F5E"},
    })  # fmt: skip
    if isinstance(table.rows[0][0], date):
        chart.set_x_axis({"date_axis": True, "num_format": "d", "major_unit": 2, "major_unit_type": "days"})
    chart.set_title({"name": table.chart.title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"num_format": "#,##0", "min": 0})
    sheet.raw.insert_chart(at(first, len(table.columns) + 1), chart)
