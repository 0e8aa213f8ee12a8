"""Opening intervals as they are written in a floor plan: ``"08:00-11:30"``, site-local."""

import re
from typing import Any

from pydantic_core import PydanticCustomError

INTERVALS_PER_DAY_MAX = 4
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MOMENT = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_INTERVAL = re.compile(rf"({_MOMENT})-({_MOMENT}|24:00)")


def day_intervals(value: Any) -> list[list[str]]:
    """``["08:00-11:30", "13:00-15:30"]`` as ``[["08:00", "11:30"], ["13:00", "15:30"]]``.

    Raises PydanticCustomError with an Indonesian sentence naming every wrong interval of the day.
    An interval ends on its own day, at the latest at 24:00.
    """
    if not isinstance(value, list):
        raise _wrong('bukan daftar; tulis seperti ["08:00-15:30"], atau [] bila tutup')
    if len(value) > INTERVALS_PER_DAY_MAX:
        raise _wrong(f"lebih dari {INTERVALS_PER_DAY_MAX} rentang jam dalam sehari; gabungkan")
    forms = [_INTERVAL.fullmatch(text) if isinstance(text, str) else None for text in value]
    odd = [str(text) for text, form in zip(value, forms, strict=True) if form is None]
    if odd:
        raise _wrong(f"{', '.join(odd)} bukan rentang jam; tulis seperti 08:00-15:30")
    found = [[form[1], form[2]] for form in forms if form is not None]
    backward = [f"{start}-{end}" for start, end in found if start >= end]
    if backward:
        raise _wrong(f"{', '.join(backward)} berakhir sebelum mulai; tukar atau pecah dua hari")
    if any(earlier[1] >= later[0] for earlier, later in zip(found, found[1:], strict=False)):
        raise _wrong("rentang jam bertumpuk atau tidak urut; urutkan dan beri jeda di antaranya")
    return found


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("hours", "{text}", {"text": text})
