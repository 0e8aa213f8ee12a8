"""What a connection may ask of the server's patience, so that nobody who stalls takes the hall from the others.

gunicorn bounds a request's head by its keep-alive time and its sizes; here stand the bounds of bodies, of answers
and of connections from one address.
"""

from __future__ import annotations

import errno
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from gunicorn.http.errors import ParseException

#: Seconds a body may be late in all, beside what it needs at the slowest rate.
LATE_S = 15.0
#: Bytes a second that a body must bring.
SLOWEST_B_PER_S = 10_000
#: Seconds in which a reader must take something of its answer.
UNREAD_S = 30.0
#: Connections of one address at a time, of the 2,000 there are. A proxy on this computer stands for many.
PER_ADDRESS = 500
TRUSTED = frozenset({"127.0.0.1", "::1", ""})

#: What Engine.IO raises for a message that is no packet of its protocol.
NO_PACKET = (ValueError, TypeError, IndexError)

Within = Callable[[float, BaseException], AbstractContextManager[Any]]


class Arriving:
    """The reader of a request's body. One that is malformed, cut off or too slow ends with an OSError: the frameworks
    above take that for a client that has gone (400), and gunicorn does not use the connection again.

    `within(seconds, error)`: a block of which this error is raised when it takes longer.
    """

    def __init__(self, reader: Any, length: int | None, within: Within) -> None:
        self._reader, self._length, self._within = reader, length, within
        self._patience_s, self._came = LATE_S, 0

    def read(self, size: int) -> bytes:
        if self._length is not None and self._came >= self._length:
            return b""
        began_s = time.monotonic()
        try:
            with self._within(self._patience_s + size / SLOWEST_B_PER_S, TimeoutError("the body comes too slowly")):
                data: bytes = self._reader.read(size)
        except ParseException as broken:
            raise ConnectionError(errno.ECONNRESET, "the body is malformed") from broken
        self._came += len(data)
        if size and not data and self._came < (self._length or 0):
            raise ConnectionError(errno.ECONNRESET, "the body was cut off")
        late_s = time.monotonic() - began_s - len(data) / SLOWEST_B_PER_S
        self._patience_s = min(LATE_S, max(0.0, self._patience_s - late_s))
        return data


class Bounded:
    """Goes before a gunicorn worker class: bounds bodies, and lets a websocket that talks no sense end quietly."""

    within: Within

    def handle_request(self, listener_name: object, req: Any, sock: Any, addr: object) -> Any:
        handle = super().handle_request  # type: ignore[misc] # of the worker class behind this one
        if ("UPGRADE", "websocket") not in req.headers:
            framing = {name: value for name, value in req.headers if name in ("CONTENT-LENGTH", "TRANSFER-ENCODING")}
            if framing:  # without either there is no body
                length = framing.get("CONTENT-LENGTH")
                req.body.reader = Arriving(req.body.reader, None if length is None else int(length), self.within)
            return handle(listener_name, req, sock, addr)
        try:
            return handle(listener_name, req, sock, addr)
        except NO_PACKET:
            raise StopIteration from None


def has_more(request: Any) -> bool:
    """Whether the connection's next request has come with this one, so that nothing would be waited for before it."""
    return bool(request.unreader.buf.tell())


class Guests:
    """Who is connected, by address."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def come(self, address: str) -> bool:
        """Whether there is room for one more of this address; if so it is counted."""
        if self._of[address] >= PER_ADDRESS and address not in TRUSTED:
            return False
        self._of[address] += 1
        return True

    def go(self, address: str) -> None:
        self._of[address] -= 1
        if not self._of[address]:
            del self._of[address]
