"""The real espeak-ng in its real child process.

Planted: a header of the wrong rate -> test_a_sound_is_a_wav... red; the voice set once for all ->
test_the_two_languages... red; a dead child kept -> test_a_killed_child... red; an interrupted wish that
leaves its child -> test_an_answer_nobody_took... red; a memory that never forgets -> test_the_memory... red;
a child believed before it says that it can -> test_a_voice_that_cannot_start_rests red.
"""

from __future__ import annotations

import array
import io
import os
import signal
import stat
import sys
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.voice import espeak, synthesis
from server.voice.synthesis import Child, Kept, Voice

SHORT, LONG = "Silakan pilih layanan.", "Silakan pilih layanan, lalu sentuh tombol ambil nomor di bawah."


@pytest.fixture(scope="module")
def voice() -> Iterator[Voice]:
    made = Voice()
    assert made.ready
    yield made
    made.close()


def samples_of(sound: bytes | None) -> array.array[int]:
    assert sound is not None
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        samples = array.array("h", file.readframes(file.getnframes()))
        assert len(samples) == file.getnframes() == (len(sound) - 44) // 2
    return samples


def loudness(samples: array.array[int]) -> float:
    return float((sum(one * one for one in samples) / len(samples)) ** 0.5)


def test_a_sound_is_a_wav_that_can_be_heard(voice: Voice) -> None:
    samples = samples_of(voice.speak(SHORT, "id"))
    assert 1.0 < len(samples) / 22050 < 5.0
    assert loudness(samples) > 500


def test_a_longer_text_sounds_longer(voice: Voice) -> None:
    assert len(samples_of(voice.speak(LONG, "id"))) > 2 * len(samples_of(voice.speak(SHORT, "id")))


def test_the_two_languages_sound_different(voice: Voice) -> None:
    indonesian, english = (samples_of(voice.speak("nomor sembilan ratus, tiga puluh", one)) for one in ("id", "en"))
    assert abs(len(indonesian) - len(english)) > 1000


@pytest.mark.parametrize(
    "text",
    [
        "x" * 600, "9" * 600, "B-999999 " * 66, "é" * 600, "文" * 600, "<speak><break time='9s'/></speak>",
        "[[x]] \\ %s %n {} ${a}",
        "\x00\x01\x07\x1b[0m ya", "\ud800 ya", "a\u0301" * 300, "." * 598 + "ya", "-v en --help",
    ],
)  # fmt: skip
def test_unusual_text_is_said_by_the_same_child(voice: Voice, text: str) -> None:
    voice.speak(SHORT, "id")
    before = voice.pid()
    assert before is not None
    assert len(samples_of(voice.speak(text, "id"))) > 0
    assert len(samples_of(voice.speak(text, "en"))) > 0
    assert voice.pid() == before


def test_text_without_words_is_a_moment_of_silence(voice: Voice) -> None:
    assert set(samples_of(voice.speak("😀 … <>", "id"))) == {0}


def test_a_killed_child_is_started_again() -> None:
    voice = Voice()
    try:
        voice.speak(SHORT, "id")
        first = voice.pid()
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert loudness(samples_of(voice.speak(LONG, "id"))) > 500
        assert voice.pid() not in (None, first)
        assert voice.ready
    finally:
        voice.close()


def test_an_answer_nobody_took_is_not_the_next_one_s(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = Voice()
    try:
        expected = len(samples_of(voice.speak(SHORT, "id")))
        voice._kept = Kept(synthesis.KEEP_BYTES)
        receive = synthesis.frames.receive
        monkeypatch.setattr(synthesis.frames, "receive", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            voice.speak(LONG, "id")
        monkeypatch.setattr(synthesis.frames, "receive", receive)
        assert abs(len(samples_of(voice.speak(SHORT, "id"))) - expected) < 2205
    finally:
        voice.close()


def _interrupted(link: object) -> bytes:
    raise KeyboardInterrupt


def test_many_at_once_each_hear_their_own() -> None:
    voice = Voice()
    heard: dict[int, int] = {}

    def ask(count: int) -> None:
        heard[count] = len(samples_of(voice.speak("satu " * count, "id")))

    try:
        askers = [threading.Thread(target=ask, args=(count,)) for count in (1, 4, 8, 16, 32)]
        for one in askers:
            one.start()
        for one in askers:
            one.join()
    finally:
        voice.close()
    assert sorted(heard.values()) == [heard[count] for count in (1, 4, 8, 16, 32)]


def test_the_child_ends_with_its_server() -> None:
    child = Child(synthesis.COMMAND)
    child._link.close()
    assert child.process.wait(20) == 0


@pytest.mark.parametrize(
    "command",
    [("/nonexistent/voice",), (sys.executable, "-c", ""), (sys.executable, "-c", "import os; os.write(0, bytes(4))")],
)
def test_a_voice_that_cannot_start_rests(command: tuple[str, ...]) -> None:
    voice = Voice(command)
    assert voice.speak(SHORT, "id") is None
    assert not voice.ready
    assert voice.pid() is None
    voice.close()


def test_a_closed_voice_says_nothing() -> None:
    voice = Voice()
    voice.close()
    assert voice.speak(SHORT, "id") is None
    assert voice.pid() is None


def test_the_memory_forgets_the_oldest_and_stays_small() -> None:
    kept = Kept(100)
    for number in range(50):
        kept.put(("id", str(number)), b"x" * 30)
        kept.get(("id", "0"))
        assert kept.size <= 100
    assert kept.get(("id", "0")) is not None
    assert kept.get(("id", "1")) is None
    kept.put(("id", "0"), b"y" * 40)
    assert kept.size == 100
    kept.put(("id", "big"), b"x" * 101)
    assert kept.get(("id", "big")) is None


#: writes the header of a program that does not know the length yet
#: a first line of its own may name no program in a folder with a space
PROGRAM = f"""#!/bin/sh
''':'
exec '{sys.executable}' "$0" "$@"
'''
import sys
from server.voice.wav import wav
text = sys.stdin.buffer.read()
assert sys.argv[1:3] == ["-v", "en"] and text == b"Good day"
sound = wav(b"ab" * len(text), 16000)
sys.stdout.buffer.write(sound[:40] + b"\\x00\\xf0\\xff\\x7f" + sound[44:])
"""


def test_a_program_on_the_path_speaks_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "espeak"
    program.write_text(PROGRAM)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setattr(espeak, "_library", lambda: None)
    speak = espeak.engine()
    assert speak is not None
    with wave.open(io.BytesIO(speak("Good day", "en"))) as file:
        assert (file.getframerate(), file.getnframes()) == (16000, 8)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert espeak.engine() is None
