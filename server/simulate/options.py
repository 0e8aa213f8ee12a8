"""What a simulated day is asked to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


class CannotRun(Exception):
    """The day cannot be played; the text is one Indonesian sentence for whoever asked."""


@dataclass(frozen=True)
class Options:
    """`rate`: business seconds per real second, None: measured. `minutes`: the whole day's
    shape squeezed into so many minutes from now (business time), None: at its own hours.
    `lose_replies`: share of replies that the client drops before it asks again."""

    url: str
    first_run: Path
    #: the server's own token file; with it officers for every counter can be added
    server_file: Path | None = None
    seed: int = 1
    tickets: int = 500
    kiosks: int = 4
    displays: int = 3
    date: str | None = None
    rate: float | None = None
    minutes: float | None = None
    lose_replies: float = 0.0
    #: end the overrides in force, so that the plan's own hours and cut-offs hold
    real_hours: bool = False
    close_day: bool = False
    #: real seconds after which the day is given up
    patience_s: float = field(default=3600.0)
