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
        self._written: dict[str, deque[dict[str, Any]]] = {}
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

    def display_report(self, code: str, report: Mapping[str, Any]) -> list[int]:
        """Keep what a display showed and spoke until the next batch.

        Returns the call_id of those it tells that stand in the log. A display tells the others again:
        what is only kept here dies with the process.
        """
        self.seen("display", code)
        if code not in self._reports and len(self._reports) >= _REPORTS_MAX:
            return []
        kept = self._reports.setdefault(code, {"spoken": []})
        written = self._written.setdefault(code, deque(maxlen=_SPOKEN_MAX))
        told = [{"call_id": row["call_id"], "at": str(row["at"])} for row in report.get("spoken", ())]
        kept["spoken"] += [row for row in told if row not in written and row not in kept["spoken"]]
        kept["spoken"] = kept["spoken"][-_SPOKEN_MAX:]
        for name in ("epoch", "shown_seq", "audio", "visible"):
            kept[name] = report.get(name)
        return [row["call_id"] for row in told if row in written]

    def audio_of(self, code: str) -> Any:
        """What the display last said of its sound; None: nothing yet."""
        return self._said.get(code, (None, None))[0]

    def unwritten(self) -> dict[str, dict[str, Any]]:
        """Reports that say something the log does not have: calls spoken, or a flip of sound or sight."""
        return {
            code: {**report, "spoken": list(report["spoken"])}
            for code, report in self._reports.items()
            if report["spoken"] or self._said.get(code) != _flips(report)
        }

    def written(self, reports: Mapping[str, Mapping[str, Any]]) -> None:
        """The log has these now; what was told meanwhile waits for the next batch."""
        for code, report in reports.items():
            self._written[code].extend(report["spoken"])
            self._said[code] = _flips(report)
            kept = self._reports[code]
            kept["spoken"] = [row for row in kept["spoken"] if row not in report["spoken"]]


def _flips(report: Mapping[str, Any]) -> tuple[Any, Any]:
    return report.get("audio"), report.get("visible")
