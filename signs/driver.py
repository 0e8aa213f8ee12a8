"""Keeps every sign at what its loket is: asks, compares, writes what differs, and all of it again now and then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from signs.board import rows_of, words
from signs.follow import Away
from signs.frame import fitted, frame
from signs.line import LineBroken
from signs.settings import Settings

log = logging.getLogger("mpp.signs")

#: without news for so long the signs say that they do not know, as every screen does
STALE_AFTER_S = 25.0


class Source(Protocol):
    def look(self) -> Mapping[str, Any]: ...


class Port(Protocol):
    def write(self, data: bytes) -> None: ...


class Driver:
    """`turn()` once a second. Logs once when server or line fail, and once when they are well again."""

    def __init__(self, settings: Settings, source: Source, line: Port, clock: Callable[[], float]) -> None:
        self._settings, self._source, self._line, self._clock = settings, source, line, clock
        self._heard_at: float | None = None
        self._rows: Mapping[str, Mapping[str, Any]] = {}
        #: loket -> the text on its sign, and when it was written
        self._written: dict[str, tuple[str, float]] = {}
        self._faults: set[str] = set()

    def turn(self) -> None:
        """Ask once, write what is due."""
        self._ask()
        now = self._clock()
        for loket, address in self._settings.signs.items():
            text = self._text(loket, now)
            before = self._written.get(loket)
            if before is not None and before[0] == text and now - before[1] < self._settings.repeat_s:
                continue
            if not self._write(loket, address, text, now):
                return  # one line for all: the others wait as well

    def _ask(self) -> None:
        try:
            self._rows = rows_of(self._source.look())
            self._heard_at = self._clock()
            self._well("server", "server menjawab lagi")
        except Away as away:
            self._failed("server", str(away))

    def _text(self, loket: str, now: float) -> str:
        settings = self._settings
        is_stale = self._heard_at is None or now - self._heard_at > STALE_AFTER_S
        told = words(None if is_stale else self._rows.get(loket), settings.words, settings.digits_only)
        return fitted(told, settings.width, settings.align)

    def _write(self, loket: str, address: str, text: str, now: float) -> bool:
        try:
            self._line.write(frame(self._settings.frame, address, text))
        except LineBroken as broken:
            self._written.clear()  # whatever stands there now, it is written again
            self._failed("line", str(broken))
            return False
        self._written[loket] = (text, now)
        self._well("line", "papan dapat ditulisi lagi")
        return True

    def _failed(self, what: str, why: str) -> None:
        if what not in self._faults:
            self._faults.add(what)
            log.error("%s", why)

    def _well(self, what: str, words: str) -> None:
        if what in self._faults:
            self._faults.discard(what)
            log.warning("%s", words)
