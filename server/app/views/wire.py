"""Views as bytes: one JSON text for HTTP and for the socket.

The module itself has `dumps` and `loads`, so it can be handed to Flask-SocketIO as its
`json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.app.present import instant


#: what a pulse, and the header MPP-Storage of an answer, say while nothing can be written
STUCK = "failing"


class Encoded(str):
    """JSON text that is ready: `dumps` puts it in verbatim, so it is encoded only once."""

    __slots__ = ()


def dumps(value: Any, **_ignored: Any) -> str:
    """Compact JSON in the keys' own order; an Encoded at the first two levels stays as it is.

    Options of other JSON modules (separators) are accepted and ignored.
    """
    if isinstance(value, Encoded):
        return str(value)
    if isinstance(value, list) and any(isinstance(part, Encoded) for part in value):
        return f"[{','.join(dumps(part) for part in value)}]"
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class Encoder:
    """Encodes the rooms of one snapshot; a part that several rooms share only once."""

    def __init__(self) -> None:
        #: id of a part -> (the part, so that its id stays its own; its text)
        self._known: dict[int, tuple[Any, str]] = {}

    def encode(self, data: Mapping[str, Any]) -> Encoded:
        """The same text as `dumps(data)`."""
        parts = [f"{dumps(name)}:{self._part(part)}" for name, part in data.items()]
        return Encoded(f"{{{','.join(parts)}}}")

    def _part(self, part: Any) -> str:
        if not isinstance(part, list | dict):
            return dumps(part)
        known = self._known.get(id(part))
        if known is None:
            known = self._known[id(part)] = (part, dumps(part))
        return known[1]


def loads(text: str | bytes, **options: Any) -> Any:
    """The inverse of dumps; options go to the standard library's `json.loads`."""
    return json.loads(text, **options)


def encode(value: Any) -> bytes:
    """UTF-8 of `dumps`; a lone surrogate (not a character) becomes '?'."""
    return dumps(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class View:
    """A room as it is sent. `body` is the whole message, `at` the instant it was made."""

    room: str
    epoch: str
    version: int
    at: datetime
    body: bytes


def view_of(room: str, epoch: str, version: int, at: datetime, data: Encoded) -> View:
    """The view around `data`, the encoded data of the room."""
    head = dumps({"room": room, "epoch": epoch, "version": version, "at": instant(at)})
    body = f'{head[:-1]},"data":{data}}}'.encode("utf-8", "replace")
    return View(room, epoch, version, at, body)


def pulse_of(room: str, epoch: str, version: int, at: datetime, stuck: bool = False) -> Encoded:
    """The sign of life of a room, ready to send. `stuck`: nothing can be written now."""
    told = {"room": room, "epoch": epoch, "version": version, "at": instant(at)}
    return Encoded(dumps({**told, "storage": STUCK} if stuck else told))
