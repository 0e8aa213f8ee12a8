"""The virtual printer's own small page and JSON: its paper, its errors, ways to misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from printers.virtual.listener import Listener
from printers.virtual.machine import ANSWERS, Behaviour, Machine, Mode
from printers.virtual.store import SlipStore

BODY_MAX_BYTES = 4096
BYTES_MAX = 1_000_000
LATE_MAX_S = 60
_STATIC = Path(__file__).parent / "static"
_FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Refused(Exception):
    """An answer with a status, a stable code and an Indonesian sentence."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status, self.code, self.title = status, code, title


class PrinterWeb(ThreadingHTTPServer):
    """Serves in threads; a slow browser holds nothing else up."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], machine: Machine, store: SlipStore, listener: Listener
    ) -> None:
        self.machine, self.store, self.listener = machine, store, listener
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without HTTPServer's name look-up, which can wait long on a LAN without DNS."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    server: PrinterWeb
    server_version = "VirtualPrinter"
    sys_version = ""
    timeout = 10  # seconds for one request to arrive

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not news."""

    def _answer(self, act: Callable[[str], None]) -> None:
        try:
            act(self.path.partition("?")[0])
        except Refused as refusal:
            problem = {"title": refusal.title, "status": refusal.status, "code": refusal.code}
            self._send(refusal.status, _json(problem), "application/problem+json")
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def _get(self, path: str) -> None:
        if path in _FILES:
            name, kind = _FILES[path]
            self._send(200, (_STATIC / name).read_bytes(), kind)
        elif path == "/healthz":
            self._send(200, _json({"status": "ok"}))
        elif path == "/control":
            self._send(200, _json(self.server.machine.facts()))
        elif path == "/slips":
            self._send(200, _json([slip.facts() for slip in self.server.store.newest_first()]))
        else:
            self._send(200, self._picture(path), "image/png")

    def _picture(self, path: str) -> bytes:
        name = path.removeprefix("/slips/").removesuffix(".png")
        if path == f"/slips/{name}.png" and name.isascii() and name.isdigit() and len(name) < 10:
            if slip := self.server.store.find(int(name)):
                return slip.png
        raise Refused(404, "not_found", "Tidak ada di sini.")

    def _post(self, path: str) -> None:
        if path != "/control":
            raise Refused(404, "not_found", "Tidak ada di sini.")
        self._check_origin()
        wish = self._body()
        if isinstance(wish, dict) and wish.get("power") == "lost":
            self.server.machine.lose_power()
            self._send(200, _json(self.server.machine.facts()))
            return
        if isinstance(wish, dict) and wish.get("graphics") == "lost":
            self.server.machine.lose_graphics()
            self._send(200, _json(self.server.machine.facts()))
            return
        behaviour = _behaviour(wish)
        if not self.server.listener.behave(behaviour):
            raise Refused(503, "not_applied", "Pencetak maya tidak menanggapi.")
        self._send(200, _json(self.server.machine.facts()))

    def _check_origin(self) -> None:
        """Another site's page in the same browser may not push these buttons."""
        origin = self.headers.get("Origin")
        if origin and origin.partition("://")[2] != self.headers.get("Host"):
            raise Refused(403, "forbidden", "Permintaan dari halaman lain ditolak.")
        if self.headers.get_content_type() != "application/json":
            raise Refused(415, "unsupported_media_type", "Kirim sebagai JSON.")

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > BODY_MAX_BYTES:
            raise Refused(413, "too_large", "Isi permintaan terlalu besar.")
        try:
            return json.loads(self.rfile.read(int(length)))
        except ValueError:
            raise Refused(400, "bad_json", "JSON tidak dapat dibaca.") from None

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _behaviour(data: Any) -> Behaviour:
    modes = [mode.value for mode in Mode]
    if not isinstance(data, dict) or data.get("mode") not in modes:
        raise Refused(422, "invalid", f"Pilih mode: {', '.join(modes)}.")
    count = data.get("bytes", 0)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= BYTES_MAX:
        raise Refused(422, "invalid", f"Jumlah bita harus 0 sampai {BYTES_MAX}.")
    answers, late_s, lies = data.get("answers", sorted(ANSWERS)), data.get("late_s", 0), data.get("lies", False)
    if not isinstance(answers, list) or not set(map(str, answers)) <= ANSWERS:
        raise Refused(422, "invalid", f"Pilih jawaban: {', '.join(sorted(ANSWERS))}.")
    if isinstance(late_s, bool) or not isinstance(late_s, int | float) or not 0 <= late_s <= LATE_MAX_S:
        raise Refused(422, "invalid", f"Keterlambatan harus 0 sampai {LATE_MAX_S} detik.")
    return Behaviour(Mode(data["mode"]), count, frozenset(answers), float(late_s), lies is True)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()
