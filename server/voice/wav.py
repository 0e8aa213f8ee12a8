"""Sound as a WAV file: one channel, 16 bits."""

from __future__ import annotations

import struct

_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")


def wav(samples: bytes, rate_hz: int) -> bytes:
    """`samples`: signed 16 bit, little endian."""
    head = _HEAD.pack(
        b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16, b"data", len(samples)
    )
    return head + samples


def silence(length_s: float, rate_hz: int = 22050) -> bytes:
    """Nothing, for as long: what is heard of a text that has no words."""
    return wav(bytes(2 * int(length_s * rate_hz)), rate_hz)
