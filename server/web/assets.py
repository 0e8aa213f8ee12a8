"""The files that pages are made of, as they are sent: joined, packed, once and for long.

`asset(url)` of a template gives the address with `?v=` and a hash of what will be sent there.
Under that address a script or sheet comes joined with all it imports (joined.py), packed with
gzip, to be kept for ever. Without `?v=` the same address gives the file as it was written, to be
asked again each time; a page opened with `?sources` uses only these, for whoever looks for a fault.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from server.web import joined

log = logging.getLogger(__name__)

FOR_EVER = "public, max-age=31536000, immutable"
#: worth packing; pictures and fonts are packed already
PACKED = {".js", ".css", ".svg", ".json", ".txt"}
#: below this a packed answer saves no packet on the wire
SMALL_BYTES = 1000


@dataclass(frozen=True)
class Sent:
    """A file as it is sent. `packed` is None where packing does not pay."""

    version: str
    mimetype: str
    plain: bytes
    packed: bytes | None


def install(app: Flask) -> Assets:
    """Answer the addresses that `asset(url)` gives, and pack the pages that name them."""
    assets = Assets(app)

    def before() -> Response | None:
        found = assets.known.get(request.path) if request.query_string else None
        if found is None or request.method != "GET" or found.version != request.args.get("v"):
            return None
        return _answer(found)

    app.before_request(before)
    app.after_request(_pack_page)
    return assets


def _answer(found: Sent) -> Response:
    packed = found.packed if _takes_gzip() else None
    response = Response(found.plain if packed is None else packed, mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOR_EVER
    if found.packed is not None:
        response.vary.add("Accept-Encoding")
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _pack_page(response: Response) -> Response:
    """Pages go packed: they carry the texts of all languages. (No page repeats what a stranger wrote
    beside a secret, and cookies are SameSite=Strict, so that the length of a page tells nothing.)"""
    if response.mimetype != "text/html" or response.is_streamed or not _takes_gzip():
        return response
    body = response.get_data()
    if len(body) >= SMALL_BYTES:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


class Assets:
    """`asset(url)`: the address under which this server sends the file `url`, made ready once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.known: dict[str, Sent] = {}
        self._plain: set[str] = set()

    def __call__(self, url: str, beside: str | None = None) -> str:
        """`beside`: the page's script, for one that the page loads only when it is needed."""
        if "sources" in request.args or self._file(url) is None:
            return url
        return self.versioned(url, beside)

    def plain(self, url: str) -> str:
        """The address of a script written in ES5, joined as a plain script: for browsers that know no modules."""
        self._plain.add(url)
        return self.versioned(url)

    def versioned(self, url: str, beside: str | None = None) -> str:
        """The address of the file as it is sent."""
        if url not in self.known:
            path = self._file(url)
            if path is None:
                return url
            self.known[url] = self._made(url, path, beside)
        return f"{url}?v={self.known[url].version}"

    def _made(self, url: str, path: Path, beside: str | None) -> Sent:
        plain = self._joined(url, path, beside)
        packed = gzip.compress(plain, 9, mtime=0) if path.suffix in PACKED and len(plain) >= SMALL_BYTES else None
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
        return Sent(hashlib.sha256(plain).hexdigest()[:12], kind or "application/octet-stream", plain, packed)

    def _joined(self, url: str, path: Path, beside: str | None) -> bytes:
        if path.suffix not in {".js", ".css"} or "/vendor/" in url:
            return path.read_bytes()
        try:
            if path.suffix == ".css":
                return joined.sheet(url, self._text, self.versioned).encode()
            return joined.script(url, self._text, self.versioned, beside, is_plain=url in self._plain).encode()
        except joined.Unjoinable as refused:
            log.warning("%s is sent file by file: %s", url, refused)
            return path.read_bytes()

    def _text(self, url: str) -> str:
        path = self._file(url)
        if path is None:
            raise joined.Unjoinable(f"{url} is no file of a page")
        return path.read_text("utf-8")

    def _file(self, url: str) -> Path | None:
        """The file that the static route of this address would send."""
        try:
            endpoint, args = self._app.url_map.bind("localhost").match(url)
        except (HTTPException, RequestRedirect):
            return None
        blueprint = self._app.blueprints.get(endpoint.rpartition(".")[0])
        folder = blueprint.static_folder if blueprint else None
        path = Path(folder) / args["filename"] if folder and "filename" in args else None
        return path if path is not None and path.is_file() else None
