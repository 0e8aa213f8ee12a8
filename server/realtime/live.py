"""The namespace `/live`: screens enter a room, hear its views, and say nothing.

`auth` is {room, token?, device?} beside the cookies. Whatever a client sends after that is
dropped before it is read, and counted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from flask import Flask
from flask_socketio import ConnectionRefusedError, Namespace, SocketIO

from server.app.views.wire import Encoded, View
from server.domain.errors import RuleBroken
from server.realtime.flips import Flips
from server.realtime.registry import Guest, Registry
from server.realtime.sources import Loop

NAMESPACE = "/live"
#: Largest message a client may send, bytes; its greeting is far smaller.
MESSAGE_MAX_BYTES = 16 * 1024
#: Messages a screen may leave unread before it is dropped; it comes back to a whole view.
BACKLOG_MAX = 64


def make_socketio(
    app: Flask, async_mode: str, ping_interval_s: float, ping_timeout_s: float, json: ModuleType
) -> SocketIO:
    """Socket.IO on `app`: same origin only, websockets only, events handled in order, small messages.

    The libraries log through ours and only what is an error: at INFO they tell every greeting, token and all, and
    handlers of their own would let a client's text begin a line.
    """
    return SocketIO(
        app,
        async_mode=async_mode,
        ping_interval=ping_interval_s,
        ping_timeout=ping_timeout_s,
        max_http_buffer_size=MESSAGE_MAX_BYTES,
        cors_allowed_origins=None,
        transports=["websocket"],
        logger=_quiet("socketio.server"),
        engineio_logger=_quiet("engineio.server"),
        manage_session=False,
        async_handlers=False,
        json=json,
    )


def _quiet(name: str) -> logging.Logger:
    """Only what broke here, with its trace: what a client did wrong would be told in the client's own words."""
    log = logging.getLogger(name)
    log.setLevel(logging.ERROR)
    log.filters = [lambda record: record.exc_info is not None]
    return log


@dataclass(frozen=True)
class Door:
    """Who may come in, and who wants to know of it; all of it is called in the loop.

    who(auth, environ): the guest that the credentials prove, or None. may_join(guest,
    room). greet(room): the room's view; raises RuleBroken for a room that does not exist.
    on_up, on_down(kind, code, sid): a guest's screen came or went.
    """

    who: Callable[[Mapping[str, Any], Mapping[str, Any]], Guest | None]
    may_join: Callable[[Guest, str], bool]
    greet: Callable[[str], View]
    on_up: Callable[[str, str, str], object]
    on_down: Callable[[str, str, str], object]


class Live(Namespace):
    """The door and the audience. Make it, then `attach` it to a SocketIO."""

    def __init__(self, loop: Loop) -> None:
        super().__init__(NAMESPACE)
        self._loop = loop
        self._door: Door | None = None
        self._flips = Flips(logging.getLogger(__name__))
        self.registry = Registry()
        #: messages of clients that were dropped unread
        self.ignored = 0
        #: screens dropped because they did not read
        self.dropped_slow = 0

    def attach(self, socketio: SocketIO, door: Door) -> None:
        """Begin to let screens in."""
        self._door = door
        socketio.on_namespace(self)
        self._guard(socketio)

    def _guard(self, socketio: SocketIO) -> None:
        """Let through one greeting per connection, and farewells; drop all else unread.

        The library would parse events, keep binary parts, and hand a forged `disconnect`
        event to the same handler as a real one.
        """
        eio, manager = socketio.server.eio, socketio.server.manager
        pass_on = eio.handlers["message"]

        def receive(eio_sid: str, data: Any) -> None:
            kind = data[:1] if isinstance(data, str) else ""
            known = manager.sid_from_eio_sid(eio_sid, NAMESPACE) is not None
            if kind == "1" and known or kind == "0" and not known:
                try:
                    pass_on(eio_sid, data)
                    return
                except (ValueError, TypeError, AttributeError, RecursionError):
                    pass  # a greeting that is not JSON, or not of the right shape
            self.ignored += 1

        eio.on("message", receive)

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Only the library's own connect and disconnect mean anything."""
        if event == "connect":
            return self._connect(*args)
        if event == "disconnect":
            return self._disconnect(args[0])
        self.ignored += 1
        return None

    def _connect(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        """Raises ConnectionRefusedError with a code: invalid, unauthenticated, forbidden, ..."""
        room = auth.get("room") if isinstance(auth, dict) else None
        if self._door is None or not isinstance(room, str):
            raise ConnectionRefusedError("invalid")
        try:
            guest = self._door.who(auth, environ)
            allowed = guest is not None and self._door.may_join(guest, room)
        except RuleBroken as refusal:
            raise ConnectionRefusedError(refusal.code) from None
        except Exception:
            self._flips.bad("the door", "cannot tell who comes")
            raise ConnectionRefusedError("storage_unavailable") from None
        self._flips.good("the door")
        if guest is None or not allowed:
            raise ConnectionRefusedError("forbidden" if guest else "unauthenticated")
        self.registry.add(sid, guest, room)
        # In the room before its view is made: no change can fall between the two.
        self.enter_room(sid, room)
        try:
            view = self._door.greet(room)
        except RuleBroken as refusal:
            self.registry.remove(sid)
            raise ConnectionRefusedError(refusal.code) from None
        except Exception:
            # It stays, silent: the relay sends the view as soon as there is one.
            self._flips.bad("a first view", "cannot be made")
        else:
            self._flips.good("a first view")
            self._loop.spawn(self._give, sid, Encoded(view.body.decode()))
        self._door.on_up(guest.kind, guest.code, sid)

    def _give(self, sid: str, view: Encoded) -> None:
        """Send a first view; spawned, so that it follows the answer to the greeting."""
        if self.registry.holds(sid):
            self.emit("view", view, room=sid)

    def _disconnect(self, sid: str) -> None:
        guest = self.registry.remove(sid)
        if guest is not None and self._door is not None:
            self._door.on_down(guest.kind, guest.code, sid)

    def watched(self) -> Collection[str]:
        """Rooms with at least one screen."""
        return self.registry.rooms()

    def send(self, name: str, message: Encoded, room: str) -> None:
        """To every screen of the room, waiting for none; one that does not read is dropped."""
        for sid in self.registry.of_room(room):
            socket = self._socket(sid)
            if socket is not None and socket.queue.qsize() >= BACKLOG_MAX:
                self.dropped_slow += 1
                self._close(sid)
        self.emit(name, message, room=room)

    def close_room(self, room: str) -> None:
        """Close the screens of a room that exists no more; they may ask again and be told."""
        for sid in self.registry.of_room(room):
            self._close(sid)

    def drop(self, key: str) -> int:
        """Close every screen of a credential that has ended, before this returns; how many.

        To be called in the loop's thread.
        """
        ended = self.registry.of_key(key)
        for sid in ended:
            self._close(sid)
        return len(ended)

    def _socket(self, sid: str) -> Any:
        server = self.socketio.server
        eio_sid = server.manager.eio_sid_from_sid(sid, NAMESPACE)
        return server.eio.sockets.get(eio_sid)

    def _close(self, sid: str) -> None:
        """End the connection at once, without waiting for its last bytes to be read."""
        socket = self._socket(sid)
        if socket is not None:
            socket.close(wait=False)
        self._disconnect(sid)
