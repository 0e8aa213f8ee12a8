"""Whether the database takes what is written: told on the flip, ended by a write that worked."""

from __future__ import annotations

import logging
from datetime import datetime

log = logging.getLogger("mpp.house")


class Standing:
    """`since`: business time of the first write that failed, None while all is well; `cause`: what the database said."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self.cause = ""

    @property
    def is_stuck(self) -> bool:
        return self.since is not None

    def failed(self, now: datetime, cause: str) -> None:
        """A write was not done."""
        if self.since is None:
            log.error("nothing can be written: %s; it goes on trying", cause)
            self.since, self.cause = now, cause

    def works(self) -> None:
        """The write that tells of the failure stands in the log."""
        log.warning("what is written stands again")
        self.since, self.cause = None, ""
