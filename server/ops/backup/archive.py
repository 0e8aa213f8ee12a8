"""One backup in one file: a line with the SHA-256 of all that follows, then a tar, compressed with gzip.

`tail -n +2 FILE | tar xz` opens it without this program. The first member is `manifest.json`, which names every other
with size and SHA-256. No byte stands outside a checksum, so a file with any byte changed, cut off or added is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from config.mistakes import system_said

FORMAT = 1
MAGIC = b"ANTRIAN-MPP-BACKUP-1 "
LINE_BYTES = len(MAGIC) + 64 + 1
DATABASE = "mpp.sqlite3"
#: names inside; each part begins with a letter or digit, so none leads out of the folder
NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*){0,2}")
#: the quickest: the best level takes seven times as long for an eighth less
GZIP_LEVEL = 1
_PIECE = 1 << 20
_MANIFEST = "manifest.json"
_MANIFEST_MAX = 16 << 20
_BROKEN = (OSError, EOFError, ValueError, KeyError, TypeError, tarfile.TarError, gzip.zlib.error)  # type: ignore[attr-defined] # its own import


class Unfit(Exception):
    """A file that is no whole backup; the text says why, in Indonesian."""


def looks_like_one(file: Path) -> bool:
    """By its first bytes alone; so does an empty file, of which nothing is lost."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as begin:
            return begin.read(len(MAGIC)) in (MAGIC, b"")
    except OSError:
        return False


class _Summing(io.RawIOBase):
    """Writes through to a file and sums up what went."""

    def __init__(self, file: BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._file.write(data)


def write(part: Path, facts: Mapping[str, Any], members: Mapping[str, Path]) -> dict[str, Any]:
    """Write a backup to `part` (new, mode 0600) and flush it to the disk; its manifest. Raises OSError."""
    files = {name: {"bytes": path.stat().st_size, "sha256": sum_of(path)} for name, path in members.items()}
    manifest = {**facts, "format": FORMAT, "files": files}
    fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(b" " * LINE_BYTES)
        summing = _Summing(file)
        with gzip.GzipFile(filename="", fileobj=summing, mode="wb", compresslevel=GZIP_LEVEL, mtime=0) as packed:
            _fill(packed, json.dumps(manifest, ensure_ascii=False, indent=1).encode(), members)
        file.seek(0)
        file.write(MAGIC + summing.digest.hexdigest().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _fill(packed: gzip.GzipFile, manifest: bytes, members: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(_entry(_MANIFEST, len(manifest)), io.BytesIO(manifest))
        for name, path in members.items():
            with path.open("rb") as file:
                tar.addfile(_entry(name, path.stat().st_size), file)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def read(file: Path, into: Path | None = None) -> dict[str, Any]:
    """The manifest of a whole backup; with `into` its files too, each into this folder.

    Raises Unfit for anything that is not byte for byte what was written, and for files that cannot be read.
    """
    return _looked(file, lambda tar, manifest: _check_files(tar, manifest["files"], into))


def glance(file: Path) -> dict[str, Any]:
    """The manifest of a file whose checksum holds; nothing else of it is unpacked. Raises Unfit as `read` does."""
    return _looked(file, lambda _tar, _manifest: None)


def _looked(file: Path, further: Callable[[tarfile.TarFile, dict[str, Any]], None]) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            _check_sum(opened)
            with _members(opened) as tar:
                manifest = _manifest(tar)
                further(tar, manifest)
        return manifest
    except FileNotFoundError as gone:
        raise Unfit("berkas itu tidak ada") from gone
    except IsADirectoryError as folder:
        raise Unfit("itu sebuah folder; sebutkan berkasnya") from folder
    except PermissionError as closed:
        raise Unfit("berkas itu tidak boleh dibaca; periksa izinnya") from closed
    except OSError as problem:
        raise Unfit(f"tidak dapat dibaca atau dibuka ({system_said(problem)})") from problem
    except _BROKEN as problem:
        raise Unfit("isinya rusak") from problem


def peek(file: Path) -> dict[str, Any]:
    """The manifest alone, of a file that is believed. Raises Unfit."""
    try:
        with file.open("rb") as opened:
            opened.seek(LINE_BYTES)
            with _members(opened) as tar:
                return _manifest(tar)
    except _BROKEN as problem:
        raise Unfit("isinya rusak") from problem


def _check_sum(file: BinaryIO) -> None:
    line = file.read(LINE_BYTES)
    if not line.startswith(MAGIC) or not line.endswith(b"\n"):
        raise Unfit("bukan berkas cadangan Antrian MPP, atau awalnya rusak")
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    if digest.hexdigest().encode() != line[len(MAGIC):-1]:
        raise Unfit("rusak atau terpotong (jumlah periksanya tidak cocok); pakai cadangan lain")
    file.seek(LINE_BYTES)


@contextmanager
def _members(file: BinaryIO) -> Iterator[tarfile.TarFile]:
    with gzip.GzipFile(fileobj=file, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        yield tar


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    entry = tar.next()
    if entry is None or entry.name != _MANIFEST or entry.size > _MANIFEST_MAX:
        raise Unfit("isinya rusak")
    told: dict[str, Any] = json.loads(tar.extractfile(entry).read())  # type: ignore[union-attr] # a regular file
    if told["format"] != FORMAT:
        raise Unfit("dibuat oleh versi yang lebih baru; pasang versi itu dahulu")
    return told


def _check_files(tar: tarfile.TarFile, files: Mapping[str, Any], into: Path | None) -> None:
    left = dict(files)
    while (entry := tar.next()) is not None:
        told = left.pop(entry.name, None)
        if told is None or not entry.isreg() or not NAME.fullmatch(entry.name):
            raise Unfit("isinya rusak")
        digest = hashlib.sha256()
        with _target(into, entry.name) as out:
            body = tar.extractfile(entry)
            while piece := body.read(_PIECE):  # type: ignore[union-attr] # a regular file
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != told["sha256"]:
            raise Unfit("isinya rusak")
    if left or DATABASE not in files:
        raise Unfit("isinya tidak lengkap")


@contextmanager
def _target(into: Path | None, name: str) -> Iterator[BinaryIO]:
    """Where a member goes, flushed to the disk when it is all there; without a folder, nowhere."""
    path = Path(os.devnull) if into is None else into / name
    if into is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("wb") as out:
        yield out
        out.flush()
        if into is not None:
            os.fsync(out.fileno())


def sum_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Names made, moved or removed in this folder survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
