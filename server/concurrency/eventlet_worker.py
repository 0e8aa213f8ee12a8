"""Our gunicorn worker on eventlet. gunicorn removed its own in release 26."""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NoReturn

from gunicorn.workers.base_async import AsyncWorker

from server.concurrency import connections
from server.concurrency.modes import patch
from server.concurrency.reluctance import REFUSALS, Reluctance

#: How often the worker tells the master that it lives, and looks whether the master still does.
HEARTBEAT_S = 0.2
#: Pause after `accept` failed (no file descriptors left, for one), so that the loop is not filled with retries.
ACCEPT_PAUSE_S = 0.1
#: A worker that cannot get so much memory, or whose loop runs out of it, ends and is replaced; bytes.
RESERVE = 1_000_000
#: What the kernel holds of a connection before the server feels that its client is slow (Linux doubles it). Left to itself it grows to
#: megabytes: a screen on a bad link would then be shown old news for a minute, as if it were live.
SEND_BUFFER_BYTES = 65_536
#: What the worker leaves of the graceful timeout for its own leaving, before the master kills it.
MASTERS_SHARE_S = 1.0


class EventletWorker(connections.Bounded, AsyncWorker):
    """One green thread per connection; ends when told to, or when its master is gone."""

    #: Requests that are being answered; a websocket is not one of them.
    _answering = 0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._guests = connections.Guests()

    def init_process(self) -> None:
        patch("eventlet")
        from eventlet import Timeout
        from eventlet.greenio import GreenSocket

        self.within = Timeout
        self.sockets = [_green_listener(GreenSocket, listener) for listener in self.sockets]
        super().init_process()

    def load_wsgi(self) -> None:
        from eventlet import sleep

        super().load_wsgi()
        application, errors, reluctance = self.wsgi, _ErrorLines(self.log), Reluctance()

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            environ["wsgi.errors"] = errors
            status = ""

            def start(told: str, headers: Any, *failure: Any) -> Any:
                nonlocal status
                status = told[:3]
                return start_response(told, headers, *failure)

            answered = application(environ, start)
            if status in REFUSALS and (wait_s := reluctance.wait_s(environ["REMOTE_ADDR"])):
                sleep(wait_s)  # nothing of the answer has been sent yet
            return answered

        self.wsgi = answer

    def run(self) -> None:
        import eventlet

        _leave_when_starved(eventlet.hubs.get_hub())
        pool = eventlet.GreenPool(self.worker_connections)
        acceptors = [eventlet.spawn(self._accept, listener, pool) for listener in self.sockets]
        while self.alive:
            self.notify()
            _has_reserve()
            eventlet.sleep(HEARTBEAT_S)
        for acceptor, listener in zip(acceptors, self.sockets, strict=True):
            acceptor.kill()
            listener.close()
        # Only answers under way are waited for: screens never end by themselves and come back to the next server.
        with eventlet.Timeout(max(self.cfg.graceful_timeout - MASTERS_SHARE_S, HEARTBEAT_S), False):
            while self._answering:
                self.notify()
                eventlet.sleep(HEARTBEAT_S)

    def notify(self) -> None:
        super().notify()
        if self.ppid != os.getppid():
            self.log.info("master is gone, worker %s ends", self.pid)
            sys.exit(0)

    def timeout_ctx(self) -> AbstractContextManager[Any]:
        from eventlet import Timeout

        return Timeout(self.cfg.keepalive or None, False)

    def handle_request(self, listener_name: object, req: Any, sock: Any, addr: object) -> Any:
        if ("UPGRADE", "websocket") in req.headers:
            return super().handle_request(listener_name, req, sock, addr)
        sock.settimeout(connections.UNREAD_S)
        self._answering += 1
        try:
            answered = super().handle_request(listener_name, req, sock, addr)
            if connections.has_more(req):
                self._others_first()
            return answered
        except TimeoutError:
            raise StopIteration from None  # nobody takes the answer: the connection ends, the log stays quiet
        finally:
            self._answering -= 1
            sock.settimeout(None)

    def _others_first(self) -> None:
        """Who sends many requests at once gets one answer at a time, like everybody."""
        import eventlet

        eventlet.sleep(0)

    def is_already_handled(self, respiter: object) -> bool:
        from eventlet.wsgi import WSGI_LOCAL

        # Set by eventlet's websocket when it has used the connection up: there is nothing to answer.
        if getattr(WSGI_LOCAL, "already_handled", False):
            WSGI_LOCAL.already_handled = False
            raise StopIteration
        return super().is_already_handled(respiter)

    def handle_quit(self, sig: int, frame: object) -> None:
        # Runs inside the hub, where nothing may wait: the same orderly end as after SIGTERM.
        self.alive = False

    def _accept(self, listener: Any, pool: Any) -> None:
        import eventlet

        failing = False
        while self.alive:
            try:
                client, address = listener.accept()
            except OSError as problem:
                if not failing:
                    self.log.error("cannot accept connections: %s", problem)
                failing = True
                eventlet.sleep(ACCEPT_PAUSE_S)
                continue
            if failing:
                self.log.error("accepting connections again")
                failing = False
            if not self._guests.come(_who(address)):
                client.close()
                continue
            pool.spawn_n(self._serve, listener, client, address)

    def _serve(self, listener: Any, client: Any, address: Any) -> None:
        try:
            self.handle(listener, client, address)
        finally:
            self._guests.go(_who(address))


class _ErrorLines:
    """The `wsgi.errors` of a request: whole lines for the log."""

    #: eventlet reports each websocket that gunicorn closed first; that is every screen that goes.
    NOISE = "socket shutdown error"

    def __init__(self, log: Any) -> None:
        self._log = log

    def write(self, text: str) -> None:
        line = text.strip()
        if line and self.NOISE not in line:
            self._log.error("%s", line)

    def flush(self) -> None:
        """Each line is written at once."""


def _leave_when_starved(hub: Any) -> None:
    """Without memory the hub drops what it should have woken: a worker like that answers nobody and never gets well."""
    for name in ("squelch_timer_exception", "squelch_generic_exception", "squelch_exception"):
        setattr(hub, name, partial(_unless_starved, getattr(hub, name)))


def _unless_starved(go_on: Callable[..., None], *told: Any) -> None:
    if told[-1][0] is MemoryError:
        _starve()
    go_on(*told)


def _has_reserve() -> None:
    try:
        bytearray(RESERVE)
    except MemoryError:
        _starve()


def _starve() -> NoReturn:
    os.write(2, b"no memory left: this worker ends, the master starts another\n")
    os._exit(1)


def _who(address: Any) -> str:
    """The address without its port; empty for a socket that has none."""
    return str(address[0]) if address else ""


def _green_listener(green_socket: Any, listener: Any) -> Any:
    """Wrap a gunicorn listener made before the patch into a green socket of the same file descriptor.

    Every connection takes over its send buffer (socket(7)).
    """
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    return green_socket(listener.sock)
