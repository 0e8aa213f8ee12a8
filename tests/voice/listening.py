"""Which of espeak-ng's voices keeps letters and numbers apart in a loud hall? A measurement, not a test.

    python -m tests.voice.listening 150 id id+m1 id+max id+m3

Needs numpy, which nothing else here does. A recogniser by templates (MFCC, dynamic time warping) hears each voice
and knows only the others; both are heard in a room (1.2 s reverberation, direct sound 3 dB above it) among
people who talk, at 10, 3 and -3 dB above them. Says the share of letters and of numbers that it knew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

import numpy as np

from config import voice as voices
from server.voice.espeak import Engine, phoneme_engine
from server.voice.levels import RATE_HZ, evened, samples_of

LETTERS = "ABCDEFGHJKLMNPRSTUVW"
NUMBERS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "seratus")
CROWD = "selamat pagi bapak ibu mohon menunggu surat izin usaha kartu keluarga pajak kendaraan dan akta kelahiran anak"
CROWD_VOICES = ("id+m5", "id+f4", "id", "id+m2", "id+f1", "id+m7")
ABOVE_DB = (10, 3, -3)
TIMES = 6
FRAMES, BAND = 40, 8

chance = np.random.default_rng(7)


def clip(speak: Engine, voice: str, word: str) -> np.ndarray:
    pack = voices.load("id")
    said = pack["letters"].get(word, word)
    sound = pack["sounds"].get(said)
    made = evened(samples_of(speak((f"[[{sound}]]" if sound else said) + ",", voice)))
    return np.array(made, float) / 32768


def filters(count: int = 26, size: int = 512) -> np.ndarray:
    mel = 2595 * np.log10(1 + np.array([100.0, 7500.0]) / 700)
    hertz = 700 * (10 ** (np.linspace(*mel, count + 2) / 2595) - 1)
    edges = hertz[:, None] * (size + 1) / RATE_HZ
    line = np.arange(size // 2 + 1)
    return np.maximum(0, np.minimum((line - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - line) / (edges[2:] - edges[1:-1])))


FILTERS = filters()
COSINES = np.cos(np.pi * np.outer(np.arange(13), (np.arange(26) + 0.5) / 26))


def features(sound: np.ndarray) -> np.ndarray:
    """FRAMES rows of 13 cepstra and their slopes, the mean taken off."""
    hop, count = 220, max(2, 1 + (len(sound) - 512) // 220)
    padded = np.pad(np.append(sound[0], sound[1:] - 0.97 * sound[:-1]), (0, 512 + hop * count))
    frames = np.stack([padded[hop * place : hop * place + 512] for place in range(count)]) * np.hamming(512)
    cepstra = np.log(np.abs(np.fft.rfft(frames)) ** 2 @ FILTERS.T + 1e-7) @ COSINES.T
    cepstra[:, 0] *= 0.5
    cepstra -= cepstra.mean(0)
    times = np.linspace(0, count - 1, FRAMES)
    even = np.stack([np.interp(times, np.arange(count), cepstra[:, row]) for row in range(13)], 1)
    return np.concatenate([even, 3 * np.gradient(even, axis=0)], 1)


def room() -> np.ndarray:
    count = int(1.2 * RATE_HZ)
    echo = chance.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    echo[: RATE_HZ // 100] = 0
    echo /= np.sqrt((echo**2).sum())
    echo[0] = 1.4
    return echo


ROOM = np.fft.rfft(room(), 1 << 17)


def heard(sound: np.ndarray, crowd: np.ndarray, above_db: float) -> np.ndarray:
    there = np.fft.irfft(np.fft.rfft(sound, 1 << 17) * ROOM)[: len(sound) + RATE_HZ // 20]
    begin = chance.integers(0, len(crowd) - len(there))
    noise = crowd[begin : begin + len(there)]
    return there + noise * np.sqrt(np.mean(there**2) / np.mean(noise**2)) * 10 ** (-above_db / 20)


def distances(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How far `one` is from each of `others`, warped in time."""
    squares = (one**2).sum(1)[None, :, None] + (others**2).sum(2)[:, None, :]
    cost = np.sqrt(np.maximum(0, squares - 2 * np.einsum("kf,blf->bkl", one, others)))
    path = np.full((len(others), FRAMES + 1, FRAMES + 1), 1e9)
    path[:, 0, 0] = 0
    for row in range(1, FRAMES + 1):
        for col in range(max(1, row - BAND), min(FRAMES, row + BAND) + 1):
            before = np.minimum(np.minimum(path[:, row - 1, col], path[:, row, col - 1]), path[:, row - 1, col - 1])
            path[:, row, col] = cost[:, row - 1, col - 1] + before
    return path[:, FRAMES, FRAMES]


def main(argv: Sequence[str]) -> None:
    candidates, words = argv[1:], (*LETTERS, *NUMBERS)
    engine = phoneme_engine()
    assert engine is not None
    speak = partial(engine, speed=int(argv[0]))
    clips = {voice: [clip(speak, voice, word) for word in words] for voice in candidates}
    talk = [np.array(samples_of(speak(f"{CROWD}. {CROWD}.", voice)), float) / 32768 for voice in CROWD_VOICES]
    crowd = sum(np.roll(one[: min(map(len, talk))], 9000 * place) for place, one in enumerate(talk))
    known = {(voice, db): np.stack([features(heard(one, crowd, db)) for one in clips[voice]]) for voice in candidates for db in ABOVE_DB}
    for voice in candidates:
        shares = []
        for db in ABOVE_DB:
            templates = np.stack([known[other, db] for other in candidates if other != voice])
            right = [
                distances(features(heard(sound, crowd, db)), templates.reshape(-1, FRAMES, 26))
                .reshape(len(templates), -1).min(0).argmin() == word
                for word, sound in enumerate(clips[voice]) for _ in range(TIMES)
            ]  # fmt: skip
            cut = TIMES * len(LETTERS)
            shares += [100 * float(np.mean(right[:cut])), 100 * float(np.mean(right[cut:]))]
        peaks = np.mean([20 * np.log10(np.abs(one).max() / np.sqrt(np.mean(one**2))) for one in clips[voice]])
        length = np.mean([len(one) / RATE_HZ for one in clips[voice]])
        cells = "  ".join(f"{db:+d} dB {shares[2 * at]:3.0f}/{shares[2 * at + 1]:3.0f}" for at, db in enumerate(ABOVE_DB))
        print(f"{voice:9} {cells}  mean {np.mean(shares):.1f}  peak over mean {peaks:.1f} dB  {length:.2f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
