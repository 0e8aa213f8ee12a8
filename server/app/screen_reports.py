"""What the displays told of themselves: heartbeats in memory, only flips and calls spoken become events."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.domain.speaking import SPEAKER_SILENT_S, Heard

#: displays whose reports are kept
_DISPLAYS_MAX = 1000
#: calls kept between two batches, and of those that are written, for each display
_SPOKEN_MAX = 200


@dataclass
class _Kept:
    """The newest report of one display and what came of it; monotonic seconds."""

    heard_s: float
    report: dict[str, Any] = field(default_factory=dict)
    spoken: list[dict[str, Any]] = field(default_factory=list)
    written: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_SPOKEN_MAX))
    said: tuple[Any, Any] = (None, None)
    #: since when it can sound without a break; None: it cannot
    well_since_s: float | None = None
    #: the version it has yet to show, and since when
    owed: tuple[int, float] | None = None


class ScreenReports:
    """`may_speak`: the displays whose turn it is, as of the last look (server/app/sound_look.py)."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._began_s = monotonic()
        self._kept: dict[str, _Kept] = {}
        self.may_speak: set[str] = set()

    @property
    def uptime_s(self) -> float:
        return self._monotonic() - self._began_s

    def news(self, code: str, spoken: list[Mapping[str, Any]]) -> list[int]:
        """The call_id of those told for the first time."""
        kept = self._kept.get(code)
        known = {row["call_id"] for row in (*kept.spoken, *kept.written)} if kept else set()
        return [row["call_id"] for row in spoken if row["call_id"] not in known]

    def take(self, code: str, report: Mapping[str, Any], version: int) -> list[int]:
        """Keep a report until the next batch. `version`: what the display should show by now.

        Returns the call_id of those it tells that stand in the log. A display tells the others again:
        what is only kept here dies with the process.
        """
        if code not in self._kept and len(self._kept) >= _DISPLAYS_MAX:
            return []
        now_s = self._monotonic()
        kept = self._kept.setdefault(code, _Kept(now_s))
        self._well(code, kept, now_s, report.get("audio"))
        kept.heard_s = now_s
        kept.report = {name: report.get(name) for name in ("epoch", "shown_seq", "audio", "visible", "small")}
        told = [{"call_id": row["call_id"], "at": str(row["at"])} for row in report.get("spoken", ())]
        kept.spoken += [row for row in told if row not in kept.written and row not in kept.spoken]
        kept.spoken = kept.spoken[-_SPOKEN_MAX:]
        shown = report.get("shown_seq") or 0
        if kept.owed is None or shown >= kept.owed[0]:
            kept.owed = (version, now_s) if shown < version else None
        return [row["call_id"] for row in told if row in kept.written]

    def _well(self, code: str, kept: _Kept, now_s: float, audio: Any) -> None:
        sounds = Heard(code, 0.0, audio).sounds
        if not sounds or now_s - kept.heard_s > SPEAKER_SILENT_S:
            kept.well_since_s = None
        if sounds and kept.well_since_s is None:
            kept.well_since_s = now_s
        if not sounds:
            # Out until the next look has found that nobody else can: no two may speak.
            self.may_speak.discard(code)

    def heard(self, code: str) -> Heard:
        """The display as it was last heard; one never heard is silent since the start."""
        now_s = self._monotonic()
        kept = self._kept.get(code)
        if kept is None:
            return Heard(code, now_s - self._began_s)
        well_s = 0.0 if kept.well_since_s is None else now_s - kept.well_since_s
        return Heard(code, now_s - kept.heard_s, kept.report.get("audio"), well_s, bool(kept.report.get("small")))

    def behind_s(self, code: str) -> float:
        """For how long the display has not shown what it should; 0: it shows it."""
        kept = self._kept.get(code)
        return self._monotonic() - kept.owed[1] if kept and kept.owed else 0.0

    def audio_of(self, code: str) -> Any:
        """What the log knows of the display's sound; None: nothing yet."""
        kept = self._kept.get(code)
        return kept.said[0] if kept else None

    def unwritten(self) -> dict[str, dict[str, Any]]:
        """Reports that say something the log does not have: calls spoken, or a flip of sound or sight."""
        return {
            code: {**kept.report, "spoken": list(kept.spoken)}
            for code, kept in self._kept.items()
            if kept.report and (kept.spoken or kept.said != _flips(kept.report))
        }

    def written(self, reports: Mapping[str, Mapping[str, Any]]) -> None:
        """The log has these now; what was told meanwhile waits for the next batch."""
        for code, report in reports.items():
            kept = self._kept.get(code)
            if kept is None:  # the display was taken away while its report was written
                continue
            kept.written.extend(report["spoken"])
            kept.said = _flips(report)
            kept.spoken = [row for row in kept.spoken if row not in report["spoken"]]

    def keep_only(self, codes: set[str]) -> None:
        """Forget displays that are enrolled no more."""
        for code in self._kept.keys() - codes:
            del self._kept[code]
        self.may_speak &= codes


def _flips(report: Mapping[str, Any]) -> tuple[Any, Any]:
    return report.get("audio"), report.get("visible")
