"""The document between the figures and the paper: letter, sections, tables with typed cells.

Both drawings (PDF, XLSX) take their values, subtotals and totals from here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Seconds:
    """A length of time; PDF: hours:minutes:seconds, XLSX: a real time."""

    s: float


@dataclass(frozen=True)
class Share:
    """`n` of `of`; of 0 there is no share."""

    n: float
    of: float

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None


@dataclass(frozen=True)
class Change:
    """How a figure differs from an earlier one: a part of it, or (for shares) percentage points."""

    value: float
    in_points: bool = False


#: None: there is nothing to tell (no data); a source that does not exist is the text NOT_RECORDED
Cell = str | int | float | date | Seconds | Share | Change | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """`width` in parts of the others'; `total`: 'sum' adds the rows up, 'share' divides the two columns to the left."""

    title: str
    width: float = 1.0
    is_text: bool = False
    total: str = ""


@dataclass(frozen=True)
class Group:
    """Rows under one name (an agency's gerai) with a subtotal; without a name just rows."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """A native chart of a column over the first one: 'column', 'line' or 'bar'."""

    kind: str
    column: int
    title: str


@dataclass(frozen=True)
class Table:
    """`key` names the sheet (at most 31 characters). `fixed`: cells of the total row that no sum can give.

    `heat`: the columns from here to the one before the last are shaded by their value. `wide`: on landscape
    pages. `empty`: the sentence that stands in place of no rows.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    note: str = ""
    wide: bool = False
    fixed: Mapping[int, Cell] = field(default_factory=dict)
    heat: int | None = None
    chart: Chart | None = None
    empty: str = "Tidak ada data."

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def is_grouped(self) -> bool:
        return any(group.name for group in self.groups)

    @property
    def has_total(self) -> bool:
        return any(column.total for column in self.columns) and bool(self.rows)


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and tables below them."""

    title: str
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Letter:
    """The first page, as an office writes to its head of region; every part may be an empty text."""

    head: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    place_and_date: str
    to: tuple[str, ...]
    body: tuple[str, ...]
    signature: tuple[str, ...]
    signatory: tuple[str, ...]
    copies: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """`mark` stands at the foot of each page; `id` is the hash of what it was made from, `made_on` its only date."""

    title: str
    period: str
    mark: str
    id: str
    made_on: date
    letter: Letter
    sections: tuple[Section, ...]
    logo: bytes | None = None
    #: not issued: every page says so, large
    is_draft: bool = False

    @property
    def tables(self) -> list[Table]:
        return [table for section in self.sections for table in section.tables]


def added(columns: Sequence[Column], rows: Sequence[Row], fixed: Mapping[int, Cell] | None = None) -> list[Cell]:
    """The total of these rows; the first column stays empty for its name."""
    total: list[Cell] = [None] * len(columns)
    for place, column in enumerate(columns):
        if column.total == "sum":
            total[place] = _sum([row[place] for row in rows])
        elif column.total == "share":
            n, of = total[place - 2], total[place - 1]
            total[place] = Share(_number(n), _number(of))
        elif fixed and place in fixed:
            total[place] = fixed[place]
    return total


def _sum(cells: Sequence[Cell]) -> Cell:
    """Texts (`belum dicatat`) and empty cells count nothing, and of nothing else there is no sum; seconds stay seconds."""
    if any(isinstance(cell, Seconds) for cell in cells):
        return Seconds(sum(cell.s for cell in cells if isinstance(cell, Seconds)))
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    return sum(numbers) if numbers else None


def _number(cell: Cell) -> float:
    if isinstance(cell, Seconds):
        return cell.s
    return cell if isinstance(cell, int | float) else 0
