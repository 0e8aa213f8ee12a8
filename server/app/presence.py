"""Who has been heard of, and when: heartbeats live in memory, only flips become events."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

#: displays whose reports are kept between two batches
_REPORTS_MAX = 1000
_SPOKEN_MAX = 200


class Presence:
    """Monotonic seconds throughout: silence is not a matter of wall clocks.

    An officer is kind `user`; a device its own kind.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: dict[tuple[str, str], float] = {}
        self._screens: dict[tuple[str, str], set[str]] = {}
        self._reports: dict[str, dict[str, Any]] = {}
        self._spoken: dict[str, deque[tuple[int, str]]] = {}
        self._said: dict[str, tuple[Any, Any]] = {}

    def seen(self, kind: str, code: str) -> None:
        self._seen[(kind, code)] = self._monotonic()

    def expect(self, kind: str, code: str) -> None:
        """Begin to count their silence, unless they have been heard already."""
        self._seen.setdefault((kind, code), self._monotonic())

    def up(self, kind: str, code: str, sid: str) -> None:
        """A screen of theirs is connected."""
        self._screens.setdefault((kind, code), set()).add(sid)
        self.seen(kind, code)

    def down(self, kind: str, code: str, sid: str) -> None:
        self._screens.get((kind, code), set()).discard(sid)
        self.seen(kind, code)

    def silent_s(self, kind: str, code: str) -> float | None:
        """Seconds since they were heard; 0 while a screen is connected; None: never."""
        if self._screens.get((kind, code)):
            return 0.0
        seen = self._seen.get((kind, code))
        return None if seen is None else self._monotonic() - seen

    def display_report(self, code: str, report: Mapping[str, Any]) -> None:
        """Keep what a display showed and spoke until the next batch."""
        self.seen("display", code)
        if code not in self._reports and len(self._reports) >= _REPORTS_MAX:
            return
        kept = self._reports.setdefault(code, {"spoken": []})
        known = self._spoken.setdefault(code, deque(maxlen=_SPOKEN_MAX))
        for row in report.get("spoken", ()):
            # A display tells again what no reply confirmed; what is known is not news.
            if (row["call_id"], str(row["at"])) not in known:
                known.append((row["call_id"], str(row["at"])))
                kept["spoken"].append({"call_id": row["call_id"], "at": str(row["at"])})
        kept["spoken"] = kept["spoken"][-_SPOKEN_MAX:]
        for name in ("epoch", "shown_seq", "audio", "visible"):
            kept[name] = report.get(name)

    def audio_of(self, code: str) -> Any:
        """What the display last said of its sound; None: nothing yet."""
        return self._said.get(code, (None, None))[0]

    def take_reports(self) -> dict[str, dict[str, Any]]:
        """Reports that say something new since the last batch: calls spoken, or a flip."""
        taken, self._reports = self._reports, {}
        worth = {}
        for code, report in taken.items():
            said = (report.get("audio"), report.get("visible"))
            if report["spoken"] or self._said.get(code) != said:
                worth[code] = report
            self._said[code] = said
        return worth
