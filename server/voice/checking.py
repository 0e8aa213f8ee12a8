"""An office's recordings: what is wrong with each, what is missing, and the good ones made even."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.voice.levels import SILENCE_DBFS, NotAClip, Samples, as_wav, evened, measure, samples_of
from server.voice.pack import GONG, Part

FILE_MAX_BYTES = 2_000_000
SHORTEST_S, LONGEST_S = 0.08, 12.0
#: speech quieter than this is mostly noise once it is levelled; louder has been squeezed against full scale
QUIETEST_DBFS, LOUDEST_DBFS = -42.0, -9.0


@dataclass(frozen=True)
class Wrong:
    """A file that cannot be used: why (a code of WHYS) and the figure that says so."""

    file: str
    why: str
    found: str = ""


@dataclass
class Checked:
    """`good`: clip -> its WAV, trimmed and at the level of all; `missing` in the order of the script."""

    good: dict[str, bytes] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    missing: list[Part] = field(default_factory=list)


WHYS = ("wav", "channels", "bits", "rate", "big", "empty", "short", "long", "clipped", "loud", "quiet", "unknown", "twice")


def check(files: Mapping[str, bytes], wanted: Sequence[Part]) -> Checked:
    """`files`: name ("huruf-b.wav") -> content. Every mistake is told, not the first alone."""
    told = Checked()
    known = {part.clip for part in wanted}
    for name in sorted(files):
        clip = name.lower().removesuffix(".wav")
        why = _misnamed(clip, known, told.good) or _fault(files[name])
        if isinstance(why, tuple):
            told.wrong.append(Wrong(name, *why))
        else:
            told.good[clip] = as_wav(evened(why))
    wrong = {one.file.lower().removesuffix(".wav") for one in told.wrong}
    told.missing = [part for part in wanted if part.clip not in told.good and part.clip not in wrong and part.clip != GONG]
    return told


def _misnamed(clip: str, known: set[str], good: Mapping[str, bytes]) -> tuple[str, str] | None:
    if clip not in known:
        return "unknown", ""
    return ("twice", "") if clip in good else None


def _fault(content: bytes) -> tuple[str, str] | Samples[int]:
    """The samples, or what is wrong with them."""
    if len(content) > FILE_MAX_BYTES:
        return "big", str(len(content))
    try:
        samples = samples_of(content)
    except NotAClip as problem:
        return problem.why, problem.found
    found = measure(samples)
    if found.level_dbfs <= SILENCE_DBFS:
        return "empty", ""
    faults = (
        ("short", found.length_s - found.lead_s - found.tail_s < SHORTEST_S, f"{found.length_s:.2f}"),
        ("long", found.length_s > LONGEST_S, f"{found.length_s:.1f}"),
        ("clipped", found.clipped > 0, str(found.clipped)),
        ("loud", found.level_dbfs > LOUDEST_DBFS, f"{found.level_dbfs:.0f}"),
        ("quiet", found.level_dbfs < QUIETEST_DBFS, f"{found.level_dbfs:.0f}"),
    )
    return next(((why, figure) for why, is_so, figure in faults if is_so), samples)
