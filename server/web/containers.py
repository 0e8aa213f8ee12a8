"""What a video file really is: MP4 and WebM looked into by their content, without decoding.

A file is refused here for what a display would only find while it plays: cut off, no picture, no length, a codec that
browsers do not play. ISO/IEC 14496-12 (boxes) and RFC 8794, RFC 9559 (EBML, Matroska). Blocking: outside the event loop.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: a table of contents is far smaller; more is not read into memory
TABLE_MAX_BYTES = 16_000_000
#: boxes or elements looked at on one level
PIECES_MAX = 20_000
SIDE_MAX_PX = 4096
#: codecs that the browsers of displays play -> shown to people
PLAYED = {b"avc1", b"avc3", b"vp09", b"av01"}
PLAYED_WEBM = {"V_VP8", "V_VP9", "V_AV1"}


class Unusable(Exception):
    """Why this file cannot be shown; `why` names the sentence `medium.<why>`."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


@dataclass(frozen=True)
class Video:
    mime: str
    width: int
    height: int
    length_ms: int


def is_video(head: bytes) -> bool:
    """Whether the first bytes are of an MP4 or of a Matroska file (WebM is one kind of that)."""
    return head[4:8] == b"ftyp" or head[:4] == b"\x1aE\xdf\xa3"


def video(path: Path) -> Video:
    """The video in this file; raises Unusable."""
    try:
        with path.open("rb") as file:
            found = _mp4(file) if file.read(8)[4:8] == b"ftyp" else _webm(file)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Unusable("corrupt") from None
    if not (0 < found.width <= SIDE_MAX_PX and 0 < found.height <= SIDE_MAX_PX):
        raise Unusable("video_side", most=SIDE_MAX_PX)
    if found.length_ms <= 0:
        raise Unusable("no_length")
    return found


# MP4


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of each box from here to `end`; raises Unusable when cut off."""
    for _ in range(PIECES_MAX):
        at = file.tell()
        if at == end:
            return
        size, kind = struct.unpack(">I4s", file.read(8))
        begins = at + 8
        if size == 1:
            size, begins = struct.unpack(">Q", file.read(8))[0], at + 16
        ends = end if size == 0 else at + size
        if ends < begins or ends > end:
            raise Unusable("cut_off")
        yield kind, begins, ends
        file.seek(ends)
    raise Unusable("corrupt")


def _child(file: BinaryIO, begins: int, ends: int, *path: bytes) -> bytes:
    """The content of the first box at `path` below; b"" when there is none."""
    file.seek(begins)
    for kind, inner, inner_end in _boxes(file, ends):
        if kind == path[0]:
            if len(path) > 1:
                return _child(file, inner, inner_end, *path[1:])
            if inner_end - inner > TABLE_MAX_BYTES:
                raise Unusable("corrupt")
            file.seek(inner)
            return file.read(inner_end - inner)
    return b""


def _mp4(file: BinaryIO) -> Video:
    end = file.seek(0, 2)
    file.seek(0)
    tops = list(_boxes(file, end))
    moov = next(((begins, ends) for kind, begins, ends in tops if kind == b"moov"), None)
    if moov is None:
        raise Unusable("cut_off")
    scale, length = _times(_child(file, *moov, b"mvhd"))
    file.seek(moov[0])
    tracks = [(begins, ends) for kind, begins, ends in _boxes(file, moov[1]) if kind == b"trak"]
    for begins, ends in tracks:
        if _child(file, begins, ends, b"mdia", b"hdlr")[8:12] == b"vide":
            codec = _child(file, begins, ends, b"mdia", b"minf", b"stbl", b"stsd")[12:16]
            if codec not in PLAYED:
                raise Unusable("codec", codec=codec.decode("ascii", "replace"))
            width, height = struct.unpack(">II", _child(file, begins, ends, b"tkhd")[-8:])
            return Video("video/mp4", width >> 16, height >> 16, length * 1000 // scale if scale else 0)
    raise Unusable("no_picture")


def _times(mvhd: bytes) -> tuple[int, int]:
    """Units in a second, and the length in them."""
    if mvhd[0] == 1:
        scale, length = struct.unpack(">IQ", mvhd[20:32])
    else:
        scale, length = struct.unpack(">II", mvhd[12:20])
    return scale, length


# WebM

_EBML, _DOCTYPE, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _TYPE, _CODEC, _VIDEO, _WIDTH, _HEIGHT = 0x1654AE6B, 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA


def _vint(file: BinaryIO, keep_mark: bool) -> int:
    """A number of EBML; -1 for a size that nobody knew when it was written."""
    first = file.read(1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise Unusable("corrupt")
    value = int.from_bytes(bytes([first]) + file.read(length - 1))
    if keep_mark:
        return value
    mask = (1 << (7 * length)) - 1
    return -1 if value & mask == mask else value & mask


def _elements(file: BinaryIO, end: int) -> Iterator[tuple[int, int, int]]:
    """(id, where its content begins, where it ends) of each element from here to `end`."""
    for _ in range(PIECES_MAX):
        if file.tell() == end:
            return
        kind, size = _vint(file, keep_mark=True), _vint(file, keep_mark=False)
        begins = file.tell()
        if size < 0:
            raise Unusable("no_length")
        if begins + size > end:
            raise Unusable("cut_off")
        yield kind, begins, begins + size
        file.seek(begins + size)
    raise Unusable("corrupt")


def _inside(file: BinaryIO, begins: int, ends: int) -> dict[int, list[bytes]]:
    """What stands in an element, by id."""
    if ends - begins > TABLE_MAX_BYTES:
        raise Unusable("corrupt")
    file.seek(begins)
    found: dict[int, list[bytes]] = {}
    for kind, inner, inner_end in list(_elements(file, ends)):
        file.seek(inner)
        found.setdefault(kind, []).append(file.read(inner_end - inner))
    return found


def _webm(file: BinaryIO) -> Video:
    end = file.seek(0, 2)
    file.seek(0)
    tops = {kind: (begins, ends) for kind, begins, ends in _elements(file, end)}
    if _EBML not in tops or _inside(file, *tops[_EBML]).get(_DOCTYPE) != [b"webm"] or _SEGMENT not in tops:
        raise Unusable("kind")
    begins, ends = tops[_SEGMENT]
    file.seek(begins)
    parts: dict[int, tuple[int, int]] = {}
    for kind, inner, inner_end in _elements(file, ends):
        parts.setdefault(kind, (inner, inner_end))
    if not {_INFO, _TRACKS, _CLUSTER} <= parts.keys():
        raise Unusable("cut_off")
    info = _inside(file, *parts[_INFO])
    scale_ns = int.from_bytes(info.get(_SCALE, [b"\x0f\x42\x40"])[0])
    length = info.get(_DURATION, [b"\0\0\0\0"])[0]
    units = struct.unpack(">d" if len(length) == 8 else ">f", length)[0]
    width, height = _picture(file, parts[_TRACKS])
    if not 0 <= units < 1e15:
        raise Unusable("corrupt")
    return Video("video/webm", width, height, int(units * scale_ns / 1e6))


def _picture(file: BinaryIO, tracks: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the first video track; raises Unusable (no_picture, codec)."""
    file.seek(tracks[0])
    for kind, begins, ends in list(_elements(file, tracks[1])):
        if kind != _TRACK:
            continue
        track = _inside(file, begins, ends)
        if track.get(_TYPE) != [b"\x01"]:
            continue
        codec = track.get(_CODEC, [b""])[0].rstrip(b"\0").decode("ascii")
        if codec not in PLAYED_WEBM:
            raise Unusable("codec", codec=codec)
        file.seek(begins)
        inner = next((one for one in _elements(file, ends) if one[0] == _VIDEO), None)
        sides = _inside(file, inner[1], inner[2]) if inner else {}
        return int.from_bytes(sides.get(_WIDTH, [b""])[0]), int.from_bytes(sides.get(_HEIGHT, [b""])[0])
    raise Unusable("no_picture")
