"""How something that the house does again and again is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Health:
    """One thing that is done again and again. `what`: backup, copy or drill; `place`: the folder of a copy.

    `state`: ok, waiting (not yet due for the first time), late or failed; `at`: when it last succeeded; `since`: when
    the state was entered; `cause`: of a failure, a word of `backup.cause.*`.
    """

    what: str
    place: str = ""
    state: str = "waiting"
    at: datetime | None = None
    since: datetime | None = None
    cause: str | None = None
