"""The voice as the server has it: one child process that speaks, one text at a time, and a memory.

A crash of the C library ends the child and nothing else: the next wish starts another one.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from server.voice import frames
from server.voice.espeak import PROGRAMS
from server.voice.wav import silence
from server.voice.words import spoken

log = logging.getLogger("mpp.voice")

COMMAND = (sys.executable, "-m", "server.voice.child")
KEEP_BYTES = 8 << 20
START_S = 20.0
ANSWER_S = 15.0
#: longest wait for the voice while it says other texts
TURN_S = 10.0
#: how long a voice that cannot be started is left alone
REST_S = 60.0
END_S = 2.0
SILENCE = silence(0.2)


class CannotStart(OSError):
    """No child, or one that has nothing to speak with."""


class Child:
    """A running child that has said it can speak. Every failure is an OSError."""

    def __init__(self, command: Sequence[str]) -> None:
        self._link, theirs = socket.socketpair()
        with theirs:
            try:
                self.process = subprocess.Popen(
                    command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                    # Out of the terminal's group: Ctrl-C is for the server, whose end ends it.
                    process_group=0,
                )  # fmt: skip
            except OSError as problem:
                self._link.close()
                raise CannotStart(str(problem)) from problem
        try:
            self._link.settimeout(START_S)
            can = frames.receive(self._link)
        except OSError as problem:
            self.end()
            raise CannotStart(str(problem)) from problem
        if not can:
            self.end()
            raise CannotStart("it found no espeak-ng that works")
        self._link.settimeout(ANSWER_S)

    def say(self, text: str, language: str) -> bytes:
        frames.send(self._link, json.dumps({"text": text, "language": language}).encode())
        return frames.receive(self._link)

    def end(self) -> None:
        self._link.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Voice:
    """What the server speaks with. Make it after the patch; `close` it at the end."""

    def __init__(self, command: Sequence[str] = COMMAND, keep_bytes: int = KEEP_BYTES) -> None:
        self._command = command
        self._kept = Kept(keep_bytes)
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._has_source = has_source()
        self._rests_until = 0.0

    @property
    def ready(self) -> bool:
        """Whether it is worth asking."""
        return self._has_source and time.monotonic() >= self._rests_until

    def speak(self, text: str, language: str) -> bytes | None:
        """`text` in `language` (one of words.LANGUAGES) as WAV; None: it cannot be said now."""
        said = spoken(text, language)
        if not said:
            return SILENCE
        kept = self._kept.get((language, said))
        if kept is not None or not self.ready or not self._turn.acquire(timeout=TURN_S):
            return kept
        try:
            return self._kept.get((language, said)) or self._made(said, language)
        finally:
            self._turn.release()

    def close(self) -> None:
        with self._turn:
            self._has_source = False
            self._end_child()

    def pid(self) -> int | None:
        """The running child's, for whoever watches it."""
        return self._child.process.pid if self._child else None

    def _made(self, said: str, language: str) -> bytes | None:
        for _ in range(2):  # the second time by a child that has just been started
            if not self.ready:
                break
            try:
                self._child = self._child or Child(self._command)
                sound = self._child.say(said, language)
            except CannotStart as problem:
                self._rests_until = time.monotonic() + REST_S
                log.error("no voice for %s s: %s", int(REST_S), problem)
            except OSError as problem:
                log.warning("the voice has ended and is started again: %s", problem)
                self._end_child()
            except BaseException:  # an answer nobody took would be the next wish's
                self._end_child()
                raise
            else:
                self._kept.put((language, said), sound)
                return sound or None
        return None

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


class Kept:
    """The sounds heard last, at most `most_bytes` of them."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.size = 0
        self._sounds: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def get(self, key: tuple[str, str]) -> bytes | None:
        found = self._sounds.get(key)
        if found is not None:
            self._sounds.move_to_end(key)
        return found

    def put(self, key: tuple[str, str], sound: bytes) -> None:
        if not sound or len(sound) > self.most_bytes:
            return
        self.size += len(sound) - len(self._sounds.pop(key, b""))
        self._sounds[key] = sound
        while self.size > self.most_bytes:
            self.size -= len(self._sounds.popitem(last=False)[1])


def has_source() -> bool:
    """Whether something to speak with is installed; whether it works only the child can say."""
    return importlib.util.find_spec("espeakng_loader") is not None or any(map(shutil.which, PROGRAMS))
