"""Figures and dates as Indonesian writes them: 1.234 · 12,5 · 3 November 2026 · 0:12:05."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.reports.model import Cell, Change, Seconds, Share

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
#: a cell without data, as against a source that does not exist (`belum dicatat`)
NOTHING = "–"
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def count(number: float) -> str:
    """1234 -> '1.234'; 12.5 -> '12,50'."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
    return text.translate({ord(","): ".", ord("."): ","})


def percent(share: float) -> str:
    """0.934 -> '93,4%'."""
    return f"{share * 100:,.1f}%".translate({ord(","): ".", ord("."): ","})


def clock(seconds: float) -> str:
    """725 -> '0:12:05'; half a second is a whole one, as in a spreadsheet."""
    whole = _whole(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def lasting(seconds: float) -> str:
    """725 -> '12 menit 5 detik', for sentences."""
    whole = _whole(seconds)
    parts = [(whole // 3600, "jam"), (whole // 60 % 60, "menit"), (whole % 60, "detik")]
    return " ".join(f"{count(n)} {unit}" for n, unit in parts if n) or "0 detik"


def _whole(seconds: float) -> int:
    return int(seconds + 0.5)


def day(when: date) -> str:
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def weekday(when: date) -> str:
    return WEEKDAYS[when.weekday()]


def zone(name: str) -> str:
    return _ZONES.get(name, name)


def listed(parts: Sequence[str]) -> str:
    """['a', 'b', 'c'] -> 'a, b, dan c'."""
    if len(parts) < 3:
        return " dan ".join(parts)
    return f"{', '.join(parts[:-1])}, dan {parts[-1]}"


def changed(change: Change) -> str:
    """+0.125 -> '+12,5%'; of a share '+1,2 poin'."""
    text = f"{change.value * 100:+,.1f}".translate({ord(","): ".", ord("."): ",", ord("-"): "−"})
    return f"{text} poin" if change.in_points else f"{text}%"


def told(cell: Cell) -> str:
    """A cell as it is printed."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Seconds):
        return clock(cell.s)
    if isinstance(cell, Share):
        return NOTHING if cell.value is None else percent(cell.value)
    if isinstance(cell, Change):
        return changed(cell)
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year}"
    return count(cell)
