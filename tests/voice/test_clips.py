"""The clips that ship, and how they are joined: what a recogniser would need first.

Planted, each seen red: clips at another level; silence left at a clip's edges; a peak that is passed; no fade; a file
whose content changed; a file no call needs; a step at a join; the chime followed by the gap of a word; no chime.
"""

from __future__ import annotations

import array
import hashlib
import io
import json
import wave
from functools import cache

import pytest

from config.floor import FLOORS, read_floor
from config.voice import LANGUAGES
from server.ops.clips import gong
from server.ops.voices import SHIPPED, packs_of
from server.voice import grammar, joining, levels
from server.voice.bank import INDEX, Bank, Folder
from server.voice.grammar import Call, Style
from server.voice.needed import Places, needed
from server.voice.pack import GONG

PACKS = packs_of()
SMALL_BYTES = 6 << 20
#: the largest step between two samples at a join, of 32767: below what is heard as a click
STEP = 30


@cache
def index() -> dict[str, dict[str, dict[str, str]]]:
    return dict(json.loads((SHIPPED / INDEX).read_text("utf-8")))


@cache
def contents() -> dict[str, bytes]:
    return {file.stem: file.read_bytes() for file in SHIPPED.glob("*.wav")}


def test_each_file_is_named_by_its_content_and_used() -> None:
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in contents().items())
    assert set(contents()) == {entry["sha256"] for clips in index().values() for entry in clips.values()}


def test_the_bank_is_small() -> None:
    assert sum(map(len, contents().values())) < SMALL_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
def test_just_the_clips_that_are_needed_ship(language: str) -> None:
    pack = PACKS[language]
    places = Places.of(read_floor(file).as_data() for file in sorted(FLOORS.glob("*.toml")))
    wanted = needed(pack, PACKS[pack.names], places)
    assert len({part.clip for part in wanted}) == len(wanted)
    assert {part.clip: part.say for part in wanted} == {clip: entry["say"] for clip, entry in index()[language].items()}


def test_every_clip_is_as_loud_as_the_others_and_begins_and_ends_at_once() -> None:
    chime = index()["id"][GONG]["sha256"]
    found = {name: levels.measure(levels.samples_of(content)) for name, content in contents().items() if name != chime}
    assert {name: one for name, one in found.items() if abs(one.level_dbfs - levels.LEVEL_DBFS) > 0.5} == {}
    assert {name: one for name, one in found.items() if one.peak_dbfs > levels.PEAK_DBFS + 0.01 or one.clipped} == {}
    assert {name: one for name, one in found.items() if one.lead_s > 0.021 or one.tail_s > 0.041} == {}
    assert {name: one for name, one in found.items() if not 0.2 < one.length_s < 4} == {}


def test_the_chime_is_the_one_of_the_pages() -> None:
    assert contents()[index()["id"][GONG]["sha256"]] == levels.as_wav(gong())
    assert levels.measure(gong()).clipped == 0


def test_an_announcement_is_its_clips_with_silence_by_punctuation() -> None:
    bank = Bank(Folder(SHIPPED))
    parts = grammar.announce(Call("B-014", "Loket 21", "BPJS Kesehatan"), Style(), PACKS["id"], PACKS["id"])
    sounds = [(part, bank.pcm(part) or b"") for part in parts]
    assert all(samples for _, samples in sounds)
    with wave.open(io.BytesIO(joining.joined(sounds))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, levels.RATE_HZ)
        whole = array.array("h", file.readframes(file.getnframes()))
    at, steps = 0, []
    for part, samples in sounds:
        piece = array.array("h", samples)
        assert whole[at : at + len(piece)] == piece
        steps += [abs(piece[0]), abs(piece[-1])]
        at += len(piece)
        gap = round(levels.RATE_HZ * (joining.gap_s(part) if part is not sounds[-1][0] else joining.END_S))
        assert set(whole[at : at + gap]) <= {0}
        at += gap
    assert at == len(whole)
    assert max(steps) < STEP
    assert [joining.gap_s(part) for part, _ in sounds[:2]] == [joining.AFTER_GONG_S, joining.GAPS_S[""]]
    assert joining.GAPS_S[""] < joining.GAPS_S[","] < joining.GAPS_S["."]


def tone(level: float, length_s: float = 0.5, silent_s: float = 0.3) -> levels.Samples[int]:
    """A sawtooth at `level` of full scale with silence around it."""
    count = round(length_s * levels.RATE_HZ)
    quiet = array.array("h", bytes(2 * round(silent_s * levels.RATE_HZ)))
    return quiet + array.array("h", [round(level * levels.FULL * ((place % 100) / 50 - 1)) for place in range(count)]) + quiet


def test_evening_trims_and_levels_and_never_passes_the_peak() -> None:
    for level in (0.01, 0.1, 0.9):
        found = levels.measure(levels.evened(tone(level)))
        assert abs(found.level_dbfs - levels.LEVEL_DBFS) < 0.3
        assert 0.5 <= found.length_s < 0.56
    cut = levels.evened(tone(0.1, silent_s=0))
    assert max(map(abs, [*cut[:5], *cut[-5:]])) < 500 < max(map(abs, cut))
    spiky = tone(0.02)
    spiky[len(spiky) // 2] = levels.FULL
    assert levels.measure(levels.evened(spiky)).peak_dbfs <= levels.PEAK_DBFS + 0.01
    nothing = array.array("h", bytes(2000))
    assert levels.measure(nothing).level_dbfs == levels.SILENCE_DBFS
    assert set(levels.evened(nothing)) <= {0}
    assert len(levels.evened(array.array("h"))) == 0
