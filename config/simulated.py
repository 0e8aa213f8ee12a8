"""The simulated clock of a practice day: ``2026-11-03T07:30:00+08:00@60``."""

import re
from datetime import datetime
from typing import NamedTuple

_FORM = re.compile(r"(?P<start>[^@]+)(?:@(?P<rate>[0-9]{1,6}(?:\.[0-9]{1,3})?))?")
_REMEDY = "tulis seperti 2026-11-03T07:30:00+08:00@60"


class SimulatedClock(NamedTuple):
    """``start``: an instant with its UTC offset; ``rate``: simulated seconds per real second."""

    start: datetime
    rate: float


def parse_clock(text: str) -> SimulatedClock | None:
    """The start and rate in ``text`` (rate 1 if left out); None when empty: the real clock.

    Raises ValueError with an Indonesian sentence.
    """
    if not text:
        return None
    form = _FORM.fullmatch(text)
    try:
        start = datetime.fromisoformat(form["start"]) if form else None
    except ValueError:
        start = None
    if form is None or start is None or start.utcoffset() is None:
        raise ValueError(f"bukan waktu dengan selisih UTC dan laju; {_REMEDY}")
    rate = float(form["rate"] or 1)
    if not 0 < rate <= 100_000:
        raise ValueError("laju jam simulasi di luar batas; isi lebih dari 0 sampai 100000")
    return SimulatedClock(start, rate)
