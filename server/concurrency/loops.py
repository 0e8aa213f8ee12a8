"""Cooperative primitives, the same few in every mode: spawn, sleep, an event, and a bell for native threads."""

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from server.concurrency.modes import mode_now


class Happening(Protocol):
    """Something one task waits for and another one announces; the standard library's Event has this shape."""

    def set(self) -> None: ...
    def clear(self) -> None: ...
    def is_set(self) -> bool: ...
    def wait(self, timeout: float | None = None) -> bool: ...


class Task(Protocol):
    """What `Loop.spawn` gives back."""

    def kill(self) -> None: ...


class Doorbell(Protocol):
    """Calls a function in the loop whenever a native thread rings. Several rings may become one call."""

    def ring(self) -> None: ...
    def close(self) -> None: ...


class Loop:
    """The primitives of the mode this process was patched for. Make it after `patch`, use it in the loop's thread."""

    def __init__(self) -> None:
        self.mode = mode_now()

    def spawn(self, function: Callable[..., object], *args: object) -> Task:
        """Run `function(*args)` beside the caller; its result is dropped. `kill` ends it (not in threading mode)."""
        if self.mode == "eventlet":
            import eventlet

            return eventlet.spawn(function, *args)
        if self.mode == "gevent":
            import gevent

            return gevent.spawn(function, *args)
        return _ThreadTask(function, args)

    def sleep(self, duration_s: float) -> None:
        """Let the others run for `duration_s` seconds (0: just once)."""
        time.sleep(duration_s)

    def event(self) -> Happening:
        """Make an event whose `wait(timeout_s)` lets the others run. Only the loop's thread may touch it."""
        return _EventletHappening() if self.mode == "eventlet" else threading.Event()

    def doorbell(self, answer: Callable[[], None]) -> Doorbell:
        """Make a bell that native threads may ring; `answer` runs in the loop and must not block."""
        kind = {"eventlet": _EventletBell, "gevent": _GeventBell, "threading": _DirectBell}[self.mode]
        return kind(answer)


class _ThreadTask:
    def __init__(self, function: Callable[..., object], args: tuple[object, ...]) -> None:
        threading.Thread(target=function, args=args, daemon=True).start()

    def kill(self) -> None:
        """A thread cannot be killed from outside; it ends with its process."""


class _EventletHappening:
    """eventlet's own event made repeatable; the patched `threading.Event` costs several times as much."""

    def __init__(self) -> None:
        from eventlet.event import Event

        self._new_event: Callable[[], Any] = Event
        self._event = Event()
        self._is_set = False

    def set(self) -> None:
        if not self._is_set:
            self._is_set = True
            self._event.send()

    def clear(self) -> None:
        if self._is_set:
            self._is_set = False
            self._event = self._new_event()

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        if self._is_set:
            return True
        event = self._event
        event.wait(timeout)
        return self._is_set or event.ready()


class _EventletBell:
    """A socket pair watched by one green thread; a full pair means that unread rings are waiting already."""

    def __init__(self, answer: Callable[[], None]) -> None:
        import eventlet
        from eventlet import patcher
        from eventlet.greenio import GreenSocket

        native_socket = patcher.original("socket")
        inner, self._outer = native_socket.socketpair()
        self._outer.setblocking(False)
        self._inner = GreenSocket(inner)
        self._watcher = eventlet.spawn(self._watch, answer)

    def ring(self) -> None:
        try:
            self._outer.send(b"\0")
        except OSError:
            return  # full: the watcher will come anyway; closed: nobody listens any more

    def close(self) -> None:
        self._watcher.kill()
        self._inner.close()
        self._outer.close()

    def _watch(self, answer: Callable[[], None]) -> None:
        while self._inner.recv(4096):
            answer()


class _GeventBell:
    """gevent's own thread-safe wake-up of its loop."""

    def __init__(self, answer: Callable[[], None]) -> None:
        import gevent

        # ref=False: the bell alone must not keep a loop alive that has nothing else to do.
        self._watcher = gevent.get_hub().loop.async_(ref=False)
        self._watcher.start(answer)

    def ring(self) -> None:
        self._watcher.send_ignoring_arg(None)

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()


class _DirectBell:
    """Without a loop the ringing thread answers itself."""

    def __init__(self, answer: Callable[[], None]) -> None:
        self._answer: Callable[[], None] | None = answer

    def ring(self) -> None:
        answer = self._answer
        if answer is not None:
            answer()

    def close(self) -> None:
        self._answer = None
