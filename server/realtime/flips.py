"""Tells the log when a thing turns bad and when it is good again, once each."""

from __future__ import annotations

import logging


class Flips:
    """Remembers what is bad now."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._bad: set[str] = set()

    def bad(self, thing: str, what: str) -> None:
        """Say `thing` `what`, with the exception at hand, unless it was bad already."""
        if thing not in self._bad:
            self._bad.add(thing)
            self._log.exception("%s %s", thing, what)

    def good(self, thing: str) -> None:
        """Say that `thing` works again if it was bad."""
        if thing in self._bad:
            self._bad.discard(thing)
            self._log.warning("%s works again", thing)
