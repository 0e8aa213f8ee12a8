"""The server as the signs see it: one display's view, asked once a second, by its ETag."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT_S = 5.0
BODY_MAX_BYTES = 4_000_000


class Away(Exception):
    """No usable answer; `why` in few Indonesian words."""


@dataclass
class Follower:
    """`look()` gives the view's data, the last one again when nothing changed; raises Away."""

    url: str
    display: str
    token: str
    _tag: str = ""
    _data: dict[str, Any] = field(default_factory=dict)

    def look(self) -> dict[str, Any]:
        try:
            status, tag, raw = self._asked()
            if status == 304:
                return self._data
            if status != 200:
                raise Away(f"server menjawab {status}; periksa token dan kode layar" if status in (401, 403, 404) else f"server menjawab {status}")
            self._data, self._tag = json.loads(raw)["data"], tag
        except (OSError, http.client.HTTPException) as problem:
            raise Away(f"server tidak menjawab ({type(problem).__name__})") from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise Away("jawaban server tidak dapat dibaca") from problem
        return self._data

    def _asked(self) -> tuple[int, str, bytes]:
        address = urlsplit(self.url)
        host, port = address.hostname or "", address.port
        if address.scheme == "https":
            link: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        else:
            link = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
            if self._tag:
                headers["If-None-Match"] = self._tag
            link.request("GET", f"{address.path.rstrip('/')}/api/v1/views/display:{quote(self.display, safe='')}", headers=headers)
            answer = link.getresponse()
            return answer.status, answer.headers.get("ETag", ""), answer.read(BODY_MAX_BYTES)
        finally:
            link.close()
