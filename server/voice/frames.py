"""How server and child talk: each message is its length in four bytes, then itself."""

from __future__ import annotations

import socket
import struct

_LENGTH = struct.Struct("!I")
#: longest message either believes; two minutes of sound are 5 MB
MOST_BYTES = 16 << 20


def send(link: socket.socket, message: bytes) -> None:
    link.sendall(_LENGTH.pack(len(message)) + message)


def receive(link: socket.socket) -> bytes:
    """The next message; raises OSError when the other side is gone or talks nonsense."""
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    if length > MOST_BYTES:
        raise ConnectionAbortedError(f"a message of {length} bytes")
    return _exactly(link, length)


def _exactly(link: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = link.recv(min(size, 1 << 16))
        if not part:
            raise ConnectionResetError("the other side has ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
