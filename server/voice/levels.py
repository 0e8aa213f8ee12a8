"""What a clip is as sound: its level, its edges, and the same made even. Standard library only, so it is made
for clips of a second or two: 10 to 20 ms of processor for each."""

from __future__ import annotations

import array
import io
import math
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from server.voice.wav import wav

#: of every clip: what espeak-ng makes, so that a name made now needs no conversion
RATE_HZ = 22050
#: level of speech to which every clip is brought, and the peak that none passes, dBFS
LEVEL_DBFS, PEAK_DBFS = -20.0, -1.0
SILENCE_DBFS = -96.0
WINDOW_S = 0.01
#: below the loudest window: what is still speech (for its level), and what is still sound (for its edges)
SPEECH_DB, SOUND_DB = 20.0, 40.0
LEAD_S, TAIL_S, FADE_IN_S, FADE_OUT_S = 0.01, 0.02, 0.004, 0.012
#: so many full samples in a row were cut off
CLIPPED_RUN = 3
FULL = 32767

Samples = array.array


class NotAClip(ValueError):
    """Not a WAV that can be used: one channel, 16 bits, RATE_HZ. `facts` says what it is instead."""

    def __init__(self, why: str, found: str = "") -> None:
        super().__init__(f"{why}: {found}" if found else why)
        self.why, self.found = why, found


@dataclass(frozen=True)
class Measured:
    """A clip's length (s), peak and speech level (dBFS), samples cut off, and silence at its edges (s)."""

    length_s: float
    peak_dbfs: float
    level_dbfs: float
    clipped: int
    lead_s: float
    tail_s: float


def samples_of(file: bytes) -> Samples[int]:
    """The samples of a WAV; raises NotAClip('wav' | 'channels' | 'bits' | 'rate')."""
    try:
        with wave.open(io.BytesIO(file)) as sound:
            facts = (("channels", sound.getnchannels(), 1), ("bits", 8 * sound.getsampwidth(), 16), ("rate", sound.getframerate(), RATE_HZ))
            raw = sound.readframes(sound.getnframes())
            whole = len(raw) == sound.getnframes() * sound.getsampwidth() * sound.getnchannels()
    except (wave.Error, EOFError, ValueError) as problem:
        raise NotAClip("wav", str(problem)) from None
    for why, found, wanted in facts:
        if found != wanted:
            raise NotAClip(why, str(found))
    if not whole:
        raise NotAClip("wav", "cut off")
    samples = array.array("h", raw[: len(raw) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def as_wav(samples: Samples[int]) -> bytes:
    if sys.byteorder == "big":
        samples = array.array("h", samples)
        samples.byteswap()
    return wav(samples.tobytes(), RATE_HZ)


def measure(samples: Samples[int]) -> Measured:
    """Level is the mean power of the windows within SPEECH_DB of the loudest."""
    powers = _powers(samples)
    first, last = _sounding(powers)
    window = round(WINDOW_S * RATE_HZ)
    return Measured(
        len(samples) / RATE_HZ,
        _decibel(max(map(abs, samples), default=0) ** 2),
        _decibel(_speech(powers)),
        _clipped(samples),
        first * window / RATE_HZ,
        max(0, len(samples) - last * window) / RATE_HZ,
    )


def evened(samples: Samples[int]) -> Samples[int]:
    """Without the silence at its edges, at LEVEL_DBFS (less if its peak would pass PEAK_DBFS), edges faded."""
    powers = _powers(samples)
    first, last = _sounding(powers)
    window = round(WINDOW_S * RATE_HZ)
    kept = samples[max(0, first * window - round(LEAD_S * RATE_HZ)) : last * window + round(TAIL_S * RATE_HZ)]
    power, peak = _speech(powers), max(map(abs, kept), default=0)
    if not power:
        return kept
    gain = min(_amplitude(LEVEL_DBFS) * FULL / math.sqrt(power), _amplitude(PEAK_DBFS) * FULL / peak)
    made = array.array("h", [round(gain * one) for one in kept])
    _fade(made, round(FADE_IN_S * RATE_HZ), range(len(made)))
    _fade(made, round(FADE_OUT_S * RATE_HZ), range(len(made) - 1, -1, -1))
    return made


def silence(length_s: float) -> bytes:
    """Samples of nothing."""
    return bytes(2 * round(length_s * RATE_HZ))


def _powers(samples: Samples[int]) -> list[float]:
    window = round(WINDOW_S * RATE_HZ)
    cuts = (samples[start : start + window] for start in range(0, len(samples), window))
    return [sum(map(mul, cut, cut)) / len(cut) for cut in cuts]


def _speech(powers: Sequence[float]) -> float:
    least = max(powers, default=0.0) * 10 ** (-SPEECH_DB / 10)
    loud = [power for power in powers if power >= least]
    return sum(loud) / len(loud) if loud else 0.0


def _sounding(powers: Sequence[float]) -> tuple[int, int]:
    """The first window that is heard, and the one after the last."""
    least = max(powers, default=0.0) * 10 ** (-SOUND_DB / 10)
    heard = [place for place, power in enumerate(powers) if power and power >= least]
    return (heard[0], heard[-1] + 1) if heard else (0, 0)


def _clipped(samples: Samples[int]) -> int:
    """Samples in runs of at least CLIPPED_RUN at full scale."""
    total = run = 0
    for one in samples:
        run = run + 1 if abs(one) >= FULL else 0
        total += CLIPPED_RUN if run == CLIPPED_RUN else run > CLIPPED_RUN
    return total


def _fade(samples: Samples[int], length: int, places: range) -> None:
    for step, place in enumerate(places[:length]):
        samples[place] = samples[place] * step // length


def _decibel(power: float) -> float:
    """Of a mean square of samples, against full scale."""
    return max(SILENCE_DBFS, 10 * math.log10(power / FULL**2)) if power else SILENCE_DBFS


def _amplitude(decibel: float) -> float:
    return 10 ** (decibel / 20)
