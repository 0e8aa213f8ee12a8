"""espeak-ng, as a library through ctypes or as a program; only the child process uses this module."""

from __future__ import annotations

import ctypes
import importlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from server.voice.wav import wav

#: words a minute; slower than espeak's 175, for whoever hears it for the first time
SPEED = 150
LONGEST_S = 120
PROGRAMS = ("espeak-ng", "espeak")
PROGRAM_WAIT_S = 20

#: (text, language) -> WAV
Engine = Callable[[str, str], bytes]

# Names and numbers of espeak-ng's speak_lib.h.
_SYNCHRONOUS, _DONT_EXIT, _RATE, _CHARACTER = 2, 0x8000, 1, 1
_UTF8, _PHONEMES, _END_PAUSE = 1, 0x100, 0x1000
_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def engine() -> Engine | None:
    """The library if it is installed and starts, else a program on PATH, else None."""
    return _library() or _program()


def phoneme_engine() -> Callable[..., bytes] | None:
    """The library alone, reading what stands in [[ ]] as phonemes, and with a speed of its own for each text
    (words a minute); for making clips."""
    return _library(_PHONEMES)


def _library(more_flags: int = 0) -> Callable[..., bytes] | None:
    try:
        loader = importlib.import_module("espeakng_loader")
        espeak = ctypes.CDLL(loader.get_library_path())
        data = Path(loader.get_data_path())
    except (ImportError, OSError, RuntimeError):
        return None
    # espeak-ng cuts paths of more than 160 bytes; a relative one is always short.
    os.chdir(data.parent)
    rate_hz = espeak.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data.name), _DONT_EXIT)
    if rate_hz <= 0 or espeak.espeak_SetVoiceByName(b"id") != 0:
        return None
    espeak.espeak_Synth.argtypes = (
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    return _speaker(espeak, rate_hz, _UTF8 | _END_PAUSE | more_flags)


def _speaker(espeak: ctypes.CDLL, rate_hz: int, flags: int) -> Callable[..., bytes]:
    parts: list[bytes] = []
    longest = LONGEST_S * rate_hz * 2

    def hear(samples: ctypes._Pointer[ctypes.c_short], count: int, events: int) -> int:
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, 2 * count))
        return int(sum(map(len, parts)) > longest)  # 1 ends the speech

    heard = _Heard(hear)
    espeak.espeak_SetSynthCallback(heard)

    def speak(text: str, language: str, speed: int = SPEED) -> bytes:
        parts.clear()
        espeak.espeak_SetParameter(_RATE, speed, 0)
        said = text.encode()
        failed = espeak.espeak_SetVoiceByName(language.encode()) or espeak.espeak_Synth(
            said, len(said) + 1, 0, _CHARACTER, 0, flags, None, None
        )
        if failed:
            raise OSError(f"espeak-ng answers {failed}")
        return wav(b"".join(parts), rate_hz)

    speak.heard = heard  # type: ignore[attr-defined] # the library calls it as long as there is a speaker
    return speak


def _program() -> Engine | None:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        return None

    def speak(text: str, language: str) -> bytes:
        command = [found, "-v", language, "-s", str(SPEED), "--stdin", "--stdout"]
        done = subprocess.run(
            command, input=text.encode(), stdout=subprocess.PIPE, timeout=PROGRAM_WAIT_S, check=True
        )
        # It writes its header before it knows the length.
        return wav(done.stdout[44:], int.from_bytes(done.stdout[24:28], "little"))

    return speak
