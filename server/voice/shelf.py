"""Announcements that have been made, as files named by their content, at most so many bytes of them."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path

from server.voice.bank import put

KEEP_BYTES = 64 << 20


class Shelf:
    """The folder that `/audio/{sha}.wav` is served from. Every method may raise OSError."""

    def __init__(self, folder: Path, keep_bytes: int = KEEP_BYTES) -> None:
        self.folder = folder
        self.keep_bytes = keep_bytes
        self._turn = threading.Lock()
        self._sizes: OrderedDict[str, int] | None = None

    def file(self, sha256: str) -> Path:
        return self.folder / f"{sha256}.wav"

    def has(self, sha256: str) -> bool:
        """Whether it is there; what is asked for is kept longest."""
        with self._turn:
            return self._has(sha256)

    def put(self, sound: bytes) -> str:
        """Keep `sound`, let go of what was asked for longest ago, and give its sha256."""
        sha256 = hashlib.sha256(sound).hexdigest()
        with self._turn:
            if not self._has(sha256):
                self.folder.mkdir(parents=True, exist_ok=True)
                put(self.file(sha256), sound)
                self._known()[sha256] = len(sound)
                self._shorten()
        return sha256

    def _has(self, sha256: str) -> bool:
        if not self.file(sha256).is_file():
            return False
        self._known().setdefault(sha256, self.file(sha256).stat().st_size)
        self._known().move_to_end(sha256)
        return True

    def _shorten(self) -> None:
        sizes = self._known()
        total = sum(sizes.values())
        while total > self.keep_bytes and len(sizes) > 1:
            oldest, size = sizes.popitem(last=False)
            self.file(oldest).unlink(missing_ok=True)
            total -= size

    def _known(self) -> OrderedDict[str, int]:
        """What is in the folder, by age; read at the first wish, for it outlives the server."""
        if self._sizes is None:
            found = [(entry.stat(), entry.name) for entry in os.scandir(self.folder)] if self.folder.is_dir() else []
            files = sorted((state.st_mtime_ns, name.removesuffix(".wav"), state.st_size) for state, name in found if name.endswith(".wav"))
            self._sizes = OrderedDict((name, size) for _, name, size in files)
        return self._sizes
