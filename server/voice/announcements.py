"""A call -> the sound of it: made once of clips, then a file by its content for `/audio/{sha}.wav`."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from server.voice import grammar
from server.voice.bank import Bank
from server.voice.grammar import Call, Style
from server.voice.joining import joined
from server.voice.levels import RATE_HZ, NotAClip, evened, samples_of
from server.voice.pack import Pack, Part
from server.voice.shelf import Shelf

log = logging.getLogger("mpp.voice")

Key = TypeVar("Key")
Value = TypeVar("Value")

#: announcements and made-up words whose sound is remembered
REMEMBERED = 512

#: (text, language) -> WAV, or None when it cannot be said now (`synthesis.Voice.speak`)
Speak = Callable[[str, str], bytes | None]


@dataclass(frozen=True)
class Announcement:
    """What is heard: the file's sha256, its length (s), and the same as text."""

    sha256: str
    length_s: float
    text: str

    @property
    def path(self) -> str:
        """Where a page gets it."""
        return f"/audio/{self.sha256}.wav"


class Announcements:
    """The announcements of one site. `packs` by language; `own` is said where a ticket's language has no pack."""

    def __init__(self, packs: Mapping[str, Pack], own: str, style: Style, bank: Bank, shelf: Shelf, speak: Speak) -> None:
        self._packs, self._own, self._style = packs, own, style
        self._bank, self._shelf, self._speak = bank, shelf, speak
        self._made: OrderedDict[tuple[object, ...], Announcement] = OrderedDict()
        self._words: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def make(
        self, label: str, place: str, gerai: str = "", *,
        count: int = 1, last: bool = False, short: bool = False, language: str = "id",
    ) -> Announcement | None:  # fmt: skip
        """The sound of a call (grammar.Call); None when there is none (no clip of a number, a full disk).

        A ticket in English is called in English, every other in the site's own language.
        """
        call = Call(label, place, gerai, count, last, short)
        pack = self._packs["en"] if language == "en" else self._packs[self._own]
        try:
            parts = grammar.announce(call, self._style, pack, self._packs[pack.names], self._can)
            return self._kept(parts) or self._new(parts)
        except (OSError, grammar.NotALabel) as problem:
            log.error("the call of %s has no sound: %s", call.label, problem)
            return None

    def _kept(self, parts: tuple[Part, ...]) -> Announcement | None:
        key = self._key(parts)
        made = self._made.get(key)
        if made is None or not self._shelf.has(made.sha256):
            return None
        _remember(self._made, key, made)
        return made

    def _new(self, parts: tuple[Part, ...]) -> Announcement | None:
        sounds = [(part, samples) for part in parts if (samples := self._samples(part)) is not None]
        if len(sounds) < len(parts):
            lost = [part.clip for part in parts if part not in [one for one, _ in sounds]]
            log.error("no clip of %s", ", ".join(lost))
            return None
        sound = joined(sounds)
        made = Announcement(self._shelf.put(sound), (len(sound) - 44) / 2 / RATE_HZ, grammar.text(parts))
        _remember(self._made, self._key(parts), made)
        return made

    def _key(self, parts: tuple[Part, ...]) -> tuple[object, ...]:
        """The words, their signs and the clips they are: new recordings make new announcements."""
        clips = (self._bank.find(part) for part in parts)
        return tuple((part, clip and clip.sha256) for part, clip in zip(parts, clips, strict=True))

    def _can(self, part: Part) -> bool:
        return self._samples(part) is not None

    def _samples(self, part: Part) -> bytes | None:
        found = self._bank.pcm(part)
        return self._spoken(part) if found is None and part.say else found

    def _spoken(self, part: Part) -> bytes | None:
        """`part` by the speech program, evened like a clip."""
        key = (part.language, part.say)
        found = self._words.get(key)
        if found is None:
            sound = self._speak(part.say, self._packs[part.language].synthesis)
            try:
                samples = evened(samples_of(sound)) if sound else None
            except NotAClip as problem:
                log.warning("%r by the speech program is no clip: %s", part.say, problem)
                samples = None
            if not samples:
                return None
            found = samples.tobytes()
            _remember(self._words, key, found)
        return found


def _remember(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
