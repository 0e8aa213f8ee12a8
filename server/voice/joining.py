"""Parts with their samples -> one WAV: gaps by punctuation, no sample changed."""

from __future__ import annotations

from collections.abc import Sequence

from server.voice.levels import RATE_HZ, silence
from server.voice.pack import GONG, Part
from server.voice.wav import wav

#: seconds of silence after a part, by the sign that follows it
GAPS_S = {"": 0.03, ",": 0.22, ".": 0.5}
AFTER_GONG_S = 0.15
#: at the end: some TVs swallow the last moment of a file
END_S = 0.25


def joined(parts: Sequence[tuple[Part, bytes]]) -> bytes:
    """One announcement of parts and their samples at RATE_HZ."""
    sounds = []
    for part, samples in parts[:-1]:
        sounds += [samples, silence(gap_s(part))]
    sounds += [samples for _, samples in parts[-1:]]
    return wav(b"".join([*sounds, silence(END_S)]), RATE_HZ)


def gap_s(part: Part) -> float:
    """Seconds of silence after `part`."""
    return AFTER_GONG_S if part.clip == GONG else GAPS_S[part.after]
