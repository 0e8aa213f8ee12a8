"""The files of the playlist: taken in by pieces, looked at, pictures made anew, kept under their SHA-256.

Everything here blocks and is called outside the event loop (`house.slow`); at no time is a file in memory as a whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from server.app.showing import ENDINGS
from server.web.containers import Unusable, is_video, video

PIECE_BYTES = 262_144
#: a display's picture: no sharper than the largest screen looked at
SIDE_MAX_PX = 1920
JPEG_QUALITY = 88
#: numbers are given as long as the disk has room: media never take the last of it
LEFT_FREE_BYTES = 500_000_000
NAME = re.compile(rf"[0-9a-f]{{64}}\.({'|'.join(ENDINGS.values())})")
#: a file that no medium names is left so long: its row may be about to be written
ORPHAN_S = 86_400
_PART = ".part"
_FORMATS = ("PNG", "JPEG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError, Warning, MemoryError)


@dataclass(frozen=True)
class Limits:
    image_bytes: int
    image_pixels: int
    video_bytes: int
    video_ms: int


@dataclass(frozen=True)
class Found:
    """A file as it is kept. `length_ms` of a picture is 0."""

    sha: str
    mime: str
    bytes: int
    width: int
    height: int
    length_ms: int

    @property
    def name(self) -> str:
        return f"{self.sha}.{ENDINGS[self.mime]}"

    def facts(self) -> dict[str, Any]:
        return asdict(self)


class Incoming:
    """A file on its way in, in `folder` under a name of its own until it is known what it is."""

    def __init__(self, folder: Path, wanted: Collection[str]) -> None:
        """`wanted`: the files of the playlist; of the others, those that are old are removed."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / f"{secrets.token_hex(8)}{_PART}"
        self._file = self.path.open("xb")
        self.bytes = 0
        _sweep(folder, self.path, wanted)

    def write(self, piece: bytes) -> None:
        """One more piece. Raises Unusable (no_room) before the disk is full."""
        if shutil.disk_usage(self.folder).free < LEFT_FREE_BYTES:
            raise Unusable("no_room")
        self._file.write(piece)
        self.bytes += len(piece)

    def settle(self, limits: Limits) -> tuple[Found, bool]:
        """What has come in, put where it stays, and whether it was not there before. Raises Unusable."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self.path.open("rb") as file:
            head = file.read(16)
        found = self._video(limits) if is_video(head) else self._picture(limits)
        place = self.folder / found.name
        is_new = not place.exists()
        os.replace(self.path, place)
        return found, is_new

    def drop(self) -> None:
        """Nothing of it stays, unless it has been settled."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _video(self, limits: Limits) -> Found:
        if self.bytes > limits.video_bytes:
            raise Unusable("video_large", most=limits.video_bytes // 1_000_000)
        one = video(self.path)
        if one.length_ms > limits.video_ms:
            raise Unusable("video_long", most=limits.video_ms // 1000)
        return Found(sha_of(self.path), one.mime, self.bytes, one.width, one.height, one.length_ms)

    def _picture(self, limits: Limits) -> Found:
        """Made anew as a JPEG, so that only a picture stays: no place, no camera, nothing behind it."""
        if self.bytes > limits.image_bytes:
            raise Unusable("image_large", most=limits.image_bytes // 1_000_000)
        try:
            picture = _opened(self.path, limits.image_pixels)
        # Pillow tells of broken files by many exceptions; whichever it is, this is no picture.
        except (*_BROKEN, Image.DecompressionBombError):
            raise Unusable("kind") from None
        with self.path.open("wb") as file:
            picture.save(file, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)
        return Found(sha_of(self.path), "image/jpeg", self.path.stat().st_size, picture.width, picture.height, 0)


def _opened(path: Path, pixels_max: int) -> Image.Image:
    with Image.open(path, formats=_FORMATS) as found:
        if found.width * found.height > pixels_max:
            raise Unusable("image_pixels", most=pixels_max // 1_000_000)
        found.draft("RGB", (SIDE_MAX_PX, SIDE_MAX_PX))  # a large JPEG is unfolded no further than it is shown
        picture = ImageOps.exif_transpose(found).convert("RGBA")
    picture.thumbnail((SIDE_MAX_PX, SIDE_MAX_PX))
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def sha_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sweep(folder: Path, own: Path, wanted: Collection[str]) -> None:
    """Remove what a power cut or a refusal left: no medium's, and a day older than the file that is coming in now."""
    long_ago = own.stat().st_mtime - ORPHAN_S
    for path in folder.glob("*"):
        is_ours = path.name.endswith(_PART) or NAME.fullmatch(path.name)
        if is_ours and path.name not in wanted and path.stat().st_mtime < long_ago:
            path.unlink(missing_ok=True)


def read_piece(path: Path, at: int, most: int) -> bytes:
    """Up to `most` bytes from `at`."""
    with path.open("rb") as file:
        file.seek(at)
        return file.read(most)
