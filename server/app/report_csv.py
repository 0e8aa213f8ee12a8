"""The services of a report as CSV: one row for each, with all its figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

#: a cell that a spreadsheet would take for a formula begins with one of these, perhaps after spaces; the last four are full-width
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(figures: Mapping[str, Any]) -> str:
    """Of a report's figures (server/app/reporting.py); nested ones become `wait.median` and the like."""
    rows = [_flat(row) for row in figures["services"]]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = _safe(value)
    return flat


def _safe(value: Any) -> Any:
    """Text that looks like a formula stays text in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value
