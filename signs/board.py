"""What the sign above a loket shows, from a display's view. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def rows_of(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Loket's code -> its row, from every board and sign of the display's layout."""
    return {str(row["counter"]): row for row in _rows(view) if isinstance(row, Mapping) and "counter" in row}


def _rows(view: Mapping[str, Any]) -> Iterator[Any]:
    for row in view.get("layout", {}).get("rows", ()):
        for part in row.get("parts", ()):
            yield from part.get("rows") or ()
            yield part.get("row")


def words(row: Mapping[str, Any] | None, texts: Mapping[str, str], digits_only: bool) -> str:
    """The number where a visitor is called or served, else the word of the state; `unknown` for a loket nobody tells of."""
    if row is None:
        return texts["unknown"]
    number = str(row.get("number") or "")
    if digits_only:
        number = "".join(sign for sign in number if sign.isdigit())
    return number or texts.get(str(row.get("state")), texts["unknown"])
