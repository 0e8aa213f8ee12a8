"""The clips: those that ship, and a site's own recordings, which go first.

A bank is a folder with `index.json` (language -> clip -> {sha256, say?}) and one `<sha256>.wav` for each sound.
The file's name says its content, so two clips that sound the same are one file, and a new index is what makes a
new bank: whoever reads never sees half of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.voice.levels import NotAClip, samples_of
from server.voice.pack import Part
from server.voice.synthesis import Kept

log = logging.getLogger("mpp.voice")

INDEX = "index.json"
#: samples kept in memory: the whole of a usual bank's language
KEEP_BYTES = 8 << 20

Index = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True)
class Clip:
    """A sound in a bank: the sha256 of its file, and the file."""

    sha256: str
    file: Path

    def pcm(self) -> bytes:
        """Its samples; raises NotAClip, OSError."""
        content = self.file.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise NotAClip("sha256", self.file.name)
        return samples_of(content).tobytes()


class Folder:
    """One bank. A changed index is read again; one that is broken leaves what was known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index = {}
        self._read: tuple[int, int] | None = None
        self._problem = ""

    def find(self, language: str, clip: str, say: str | None = None) -> Clip | None:
        """`say`: how it must be said, where the index tells how it is."""
        self._refresh()
        entry = self._index.get(language, {}).get(clip)
        if entry is None or (say is not None and entry.get("say", say) != say):
            return None
        return Clip(entry["sha256"], self.folder / f"{entry['sha256']}.wav")

    def names(self, language: str) -> list[str]:
        self._refresh()
        return sorted(self._index.get(language, {}))

    def faults(self) -> list[tuple[str, str]]:
        """(file, what is wrong with it) for the index and every clip that it names; reads them all."""
        self._refresh()
        found = [(INDEX, self._problem)] if self._problem else []
        for clips in self._index.values():
            for name, entry in clips.items():
                try:
                    Clip(entry["sha256"], self.folder / f"{entry['sha256']}.wav").pcm()
                except (OSError, NotAClip) as problem:
                    found.append((name, problem.why if isinstance(problem, NotAClip) else type(problem).__name__))
        return found

    def index(self) -> Index:
        self._refresh()
        return {language: dict(clips) for language, clips in self._index.items()}

    def _refresh(self) -> None:
        try:
            state = (self.folder / INDEX).stat()
        except OSError:
            self._index, self._read, self._problem = {}, None, ""
            return
        if (seen := (state.st_mtime_ns, state.st_size)) == self._read:
            return
        self._read = seen
        try:
            self._index = _checked(json.loads((self.folder / INDEX).read_text("utf-8")))
            self._problem = ""
        except (OSError, ValueError) as problem:
            self._problem = str(problem)
            log.error("the clips of %s stay as they were: %s", self.folder, problem)


class Bank:
    """Where a part's sound is looked for: the site's recordings, then what ships."""

    def __init__(self, *folders: Folder) -> None:
        self._folders = folders
        self._kept = Kept(KEEP_BYTES)
        self._told: set[str] = set()

    def find(self, part: Part) -> Clip | None:
        return next(filter(None, (folder.find(part.language, part.clip, part.say) for folder in self._folders)), None)

    def pcm(self, part: Part) -> bytes | None:
        """The samples of the first bank that has them whole; a file that is broken is told once."""
        for folder in self._folders:
            clip = folder.find(part.language, part.clip, part.say)
            samples = self._read(clip, part) if clip else None
            if samples is not None:
                return samples
        return None

    def _read(self, clip: Clip, part: Part) -> bytes | None:
        key = (part.language, clip.sha256)
        samples = self._kept.get(key)
        if samples is None:
            try:
                samples = clip.pcm()
            except (OSError, NotAClip) as problem:
                if clip.sha256 not in self._told:
                    log.error("the clip %s (%s) cannot be used: %s", part.clip, clip.file, problem)
                self._told.add(clip.sha256)
                return None
            self._kept.put(key, samples)
        return samples


def store(folder: Path, sounds: Mapping[str, Mapping[str, tuple[bytes, str | None]]]) -> Index:
    """Put language -> clip -> (WAV, how it is said) into the bank of `folder` and give its new index.

    What else is in the bank stays. The index is replaced at the end, at once; raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = Folder(folder).index()
    for language, clips in sounds.items():
        known = index.setdefault(language, {})
        for clip, (sound, say) in clips.items():
            sha256 = hashlib.sha256(sound).hexdigest()
            put(folder / f"{sha256}.wav", sound)
            known[clip] = {"sha256": sha256} if say is None else {"say": say, "sha256": sha256}
    put(folder / INDEX, (json.dumps(index, indent=1, sort_keys=True) + "\n").encode())
    return index


def put(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(6)}")  # two may write the same at once
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _checked(data: Any) -> Index:
    """Raises ValueError for an index of another shape."""
    try:
        return {
            str(language): {str(name): _entry(entry) for name, entry in clips.items()} for language, clips in data.items()
        }
    except (AttributeError, KeyError, TypeError):
        raise ValueError("its index has another shape") from None


def _entry(entry: dict[str, str]) -> dict[str, str]:
    sha256 = entry["sha256"]
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("its index names a file that is none")
    return {key: str(entry[key]) for key in ("say", "sha256") if key in entry}
