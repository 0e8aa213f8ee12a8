"""The stack without the hall: one Flask view and one broadcast, behind the server's own worker class.

Run as `gunicorn -k server.concurrency.EventletWorker server.ops.bench.bare:application`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_socketio import SocketIO

NAMESPACE = "/live"
PING_S = 5


def make(async_mode: str) -> Flask:
    """`GET /ok` answers at once; `POST /send` broadcasts its body, then answers."""
    app = Flask(__name__, static_folder=None)
    socketio = SocketIO(app, async_mode=async_mode, ping_interval=PING_S, ping_timeout=PING_S, async_handlers=False)

    def ok() -> Response:
        return Response(b'{"ok":true}', content_type="application/json")

    def send() -> Response:
        socketio.send(request.get_data(as_text=True), namespace=NAMESPACE)
        return Response(status=204)

    def enter(auth: Any = None) -> None:
        """Everybody may."""

    socketio.on_event("connect", enter, namespace=NAMESPACE)
    app.add_url_rule("/ok", "ok", ok)
    app.add_url_rule("/send", "send", send, methods=["POST"])
    return app


def __getattr__(name: str) -> Any:
    """`application` is made when it is asked for: importing this module makes nothing."""
    if name != "application":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from server.concurrency import mode_now

    return make(mode_now())
