"""Which display of a sound group speaks, and what a display is worth. Pure; seconds in, a code out.

One display speaks, so that nobody hears two; a deputy speaks when it falls silent (P9). A
speaker that is no longer heard stops by itself before its deputy begins: see LEASE_S.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: what a display may say of its sound: it works; it works but a recording failed; the browser
#: forbids it; it failed; it was turned off
AUDIO = ("ok", "chime", "locked", "error", "muted")
_SOUNDS = frozenset({"ok", "chime"})

#: speaker and deputy report so often, the others (and one alone in its group) less often
BEAT_S = 1
REST_BEAT_S = 5
#: a page speaks so long after it asked for the last answer that let it; below SPEAKER_SILENT_S,
#: so that it has stopped when another begins
LEASE_S = 3.0
#: a speaker that was not heard for so long is replaced; with the look of 0.5 s below 5 s
SPEAKER_SILENT_S = 3.5
#: a display that was not heard for so long is no deputy, nor live
SILENT_S = 2 * REST_BEAT_S + 2.0
#: after a start of the server its displays have so long to be heard again
START_S = 8.0
#: a display that was silent is well again when it was heard and could sound for so long
WELL_S = 5.0


@dataclass(frozen=True)
class Heard:
    """A display as it was last heard. `well_s`: how long it has been able to sound without a break; `small`: a number on it
    cannot be read from the distance it is set to."""

    code: str
    silent_s: float
    audio: str | None = None
    well_s: float = 0.0
    small: bool = False

    def is_live(self, limit_s: float = SILENT_S) -> bool:
        return self.silent_s <= limit_s

    @property
    def sounds(self) -> bool:
        return self.audio in _SOUNDS


@dataclass(frozen=True)
class Turn:
    """Who is to speak. `back`: the speaker before is well, so that the change waits for a pause."""

    code: str
    cause: str
    back: bool = False


def speaker(named: str | None, codes: Sequence[str]) -> str:
    """The display of a group whose turn it is: the one named, the first by code when that one is gone."""
    return named if named in codes else min(codes)


def turn(current: str, group: Sequence[Heard], uptime_s: float) -> Turn | None:
    """The change there is to be among the displays of one group; None: it stays as it is.

    The first by code has the turn whenever it can, the next by code is its deputy. While
    nobody can sound, the one that has the turn keeps it as long as it is heard.
    `uptime_s`: for how long the server has listened.
    """
    ranked = sorted(group, key=lambda one: one.code)
    now = next(one for one in ranked if one.code == current)
    if now.audio is None and uptime_s <= START_S:
        return None  # it has not had the time to be heard
    others = [one for one in ranked if one is not now]
    if now.is_live(SPEAKER_SILENT_S):
        if now.sounds:
            return _home(now, ranked)
        able = _able(others)
        return Turn(able.code, now.audio or "error") if able else None
    # Only one that was heard since: two that are both gone do not hand the turn to and fro.
    later = [one for one in others if one.silent_s < now.silent_s]
    chosen = _able(later) or next((one for one in later if one.is_live(SPEAKER_SILENT_S)), None)
    return Turn(chosen.code, "silent") if chosen else None


def _able(ranked: Sequence[Heard]) -> Heard | None:
    """The first that can sound and was just heard."""
    return next((one for one in ranked if one.sounds and one.is_live(SPEAKER_SILENT_S)), None)


def _home(now: Heard, ranked: Sequence[Heard]) -> Turn | None:
    """Back to one before `now` in the order that has been well for a while."""
    for one in ranked[: ranked.index(now)]:
        if one.sounds and one.is_live(SPEAKER_SILENT_S) and one.well_s >= WELL_S:
            return Turn(one.code, "back", back=True)
    return None


def deputy(speaker: str | None, codes: Sequence[str], down: frozenset[str]) -> str | None:
    """Who takes over next: the first by code that is up, else the first of all; None when there is none."""
    others = sorted((code in down, code) for code in codes if code != speaker)
    return others[0][1] if others else None


def condition(heard: Heard, behind_s: float, behind_max_s: float) -> str:
    """What a display is worth to the hall: live, frozen, stale, mute or small.

    `behind_s`: for how long it has not shown what it should show. A display that is not
    heard is frozen, whatever it said last.
    """
    if not heard.is_live():
        return "frozen"
    if behind_s > behind_max_s:
        return "stale"
    return sight(heard) if heard.audio in _SOUNDS else "mute"


def sight(heard: Heard) -> str:
    """Of a display whose sound is not the question: live, or small when its numbers cannot be read from where people stand."""
    return "small" if heard.small else "live"
