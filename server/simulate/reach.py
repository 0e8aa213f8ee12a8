"""Is an Antrian MPP server there? Asked once before a day begins, so that a wrong address is told in one sentence."""

from __future__ import annotations

import errno
import http.client
import json
import socket
from urllib.parse import SplitResult, urlsplit

from server.simulate.options import CannotRun

TIMEOUT_S = 30.0
_PATH = "/openapi.json"
_TITLE = "Antrian MPP"
_MOST_BYTES = 4_000_000


def reach(url: str) -> None:
    """Raises CannotRun, naming the address and the reason, unless Antrian MPP answers at `url`."""
    body = _answer(url, _parts(url))
    try:
        title = str(json.loads(body)["info"]["title"])
    except (ValueError, KeyError, TypeError):
        title = ""
    if not title.startswith(_TITLE):
        raise CannotRun(f"Yang menjawab di {url} bukan server Antrian MPP; periksa alamat dan portnya.")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise CannotRun(f"Alamat {url!r} tidak benar; tulis misalnya http://mpp.lan:8080.")


def _answer(url: str, parts: SplitResult) -> bytes:
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT_S)
    try:
        connection.request("GET", _PATH)
        return connection.getresponse().read(_MOST_BYTES)
    except http.client.HTTPException:
        return b""
    except OSError as problem:
        raise CannotRun(f"Tidak ada server yang menjawab di {url}: {_why(problem)}.") from problem
    finally:
        connection.close()


def _why(problem: OSError) -> str:
    if isinstance(problem, socket.gaierror):
        return "nama komputernya tidak dikenal"
    if isinstance(problem, TimeoutError):
        return f"tidak ada jawaban dalam {TIMEOUT_S:.0f} detik"
    if problem.errno == errno.ECONNREFUSED:
        return "sambungan ditolak; jalankan dulu `mpp serve` atau periksa portnya"
    return "sambungan terputus; periksa alamat dan jaringannya"
