"""Small videos, made here: a WebM that really plays (a VP8 picture, as a WebP file holds one) and the boxes of an MP4."""

from __future__ import annotations

import io
import struct

from PIL import Image


def _size(length: int) -> bytes:
    return (length | 1 << 56).to_bytes(8)


def element(kind: int, content: bytes) -> bytes:
    return kind.to_bytes((kind.bit_length() + 7) // 8) + _size(len(content)) + content


def _number(kind: int, value: int) -> bytes:
    return element(kind, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def vp8(width: int, height: int, color: str) -> bytes:
    """One key frame."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "WEBP", quality=50)
    data = out.getvalue()
    at = data.index(b"VP8 ")
    return data[at + 8 : at + 8 + struct.unpack("<I", data[at + 4 : at + 8])[0]]


def webm(width: int = 64, height: int = 36, seconds: float = 1.0, codec: str = "V_VP8", doctype: bytes = b"webm", color: str = "navy") -> bytes:
    """A still picture of so many seconds."""
    frame = vp8(width, height, color)
    head = element(0x1A45DFA3, _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
                   + element(0x4282, doctype) + _number(0x4287, 2) + _number(0x4285, 2))  # fmt: skip
    info = element(0x1549A966, _number(0x2AD7B1, 1_000_000) + element(0x4489, struct.pack(">d", seconds * 1000))
                   + element(0x4D80, b"mpp") + element(0x5741, b"mpp"))  # fmt: skip
    sides = element(0xE0, _number(0xB0, width) + _number(0xBA, height))
    track = element(0xAE, _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + element(0x86, codec.encode()) + sides)
    blocks = b"".join(element(0xA3, b"\x81" + struct.pack(">h", int(at)) + b"\x80" + frame) for at in (0, seconds * 500, seconds * 999))
    cluster = element(0x1F43B675, _number(0xE7, 0) + blocks)
    return head + element(0x18538067, info + element(0x1654AE6B, track) + cluster)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mp4(width: int = 640, height: int = 360, seconds: float = 5.0, codec: bytes = b"avc1", handler: bytes = b"vide") -> bytes:
    """The table of contents of a video and some bytes in the place of its pictures."""
    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80))
    tkhd = box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12))
    stsd = box(b"stsd", bytes(4) + struct.pack(">I", 1) + box(codec, bytes(70)))
    mdia = box(b"mdia", hdlr + box(b"minf", box(b"stbl", stsd)))
    return box(b"ftyp", b"isom\0\0\2\0isomavc1") + box(b"moov", mvhd + box(b"trak", tkhd + mdia)) + box(b"mdat", bytes(5000))
