"""What stands on one piece of paper, as the server composed it; the words are never changed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from printers.charset import is_control, without_controls

NUMBER_MAX_CHARS = 16
LINE_MAX_CHARS = 200
LINES_MAX = 12
QR_MAX_BYTES = 300


class SlipInvalid(ValueError):
    """The job's slip cannot be printed; `str()` says which field and why."""


@dataclass(frozen=True)
class Slip:
    """One ticket on paper. Texts are single lines without control characters; "" means absent."""

    number: str
    copy: int = 0
    copy_mark: str = ""
    language: str = "id"
    site_name: str = ""
    service: str = ""
    gerai: str = ""
    place: str = ""
    issued_text: str = ""
    ahead_text: str = ""
    estimate_text: str = ""
    priority_text: str = ""
    qr: str = ""
    qr_caption: str = ""
    wifi_lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Any) -> Slip:
        """A checked slip from the job's plain data; unknown fields are ignored.

        Raises SlipInvalid. A copy without a mark gets one: no second paper looks like a first.
        """
        if not isinstance(data, Mapping):
            raise SlipInvalid("slip: not an object")
        copy = data.get("copy", 0)
        if not isinstance(copy, int) or isinstance(copy, bool) or not 0 <= copy <= 999:
            raise SlipInvalid("slip.copy: not a whole number from 0 to 999")
        texts = {name: _line(data, name) for name in _TEXT_FIELDS}
        lists = {name: _lines(data, name) for name in ("wifi_lines", "notes", "footer")}
        if copy and not texts["copy_mark"]:
            texts["copy_mark"] = f"CETAK ULANG {copy}"
        qr = _qr(data)
        return cls(number=_number(data), copy=copy, qr=qr, **texts, **lists)


_TEXT_FIELDS = (
    "copy_mark", "language", "site_name", "service", "gerai", "place", "issued_text",
    "ahead_text", "estimate_text", "priority_text", "qr_caption",
)  # fmt: skip


def _text(value: Any, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SlipInvalid(f"slip.{field}: not a text")
    return without_controls(value)


def _line(data: Mapping[str, Any], field: str) -> str:
    return _text(data.get(field), field)[:LINE_MAX_CHARS]


def _lines(data: Mapping[str, Any], field: str) -> tuple[str, ...]:
    values = data.get(field) or []
    if not isinstance(values, list | tuple):
        raise SlipInvalid(f"slip.{field}: not a list")
    lines = [_text(value, field)[:LINE_MAX_CHARS] for value in values[:LINES_MAX]]
    return tuple(line for line in lines if line)


def _number(data: Mapping[str, Any]) -> str:
    number = _text(data.get("number"), "number")
    if not number or len(number) > NUMBER_MAX_CHARS:
        # A shortened number would be another number: better no paper than a wrong one.
        raise SlipInvalid(f"slip.number: 1 to {NUMBER_MAX_CHARS} characters needed")
    return number


def _qr(data: Mapping[str, Any]) -> str:
    """What the QR says, spaces included (a Wi-Fi name may have them), without control characters.

    One that is too long for a legible code is left out: the number above it is what counts.
    """
    value = data.get("qr")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SlipInvalid("slip.qr: not a text")
    text = "".join(char for char in value if not is_control(char)).strip()
    return text if len(text.encode()) <= QR_MAX_BYTES else ""
