"""One kiosk or officer as a process of its own, over HTTP: `python -m tests.promises.racer kiosk|officer N PORT COUNT`.

It says `ready`, waits for a line on its standard input, and then acts COUNT times, or until the next line when COUNT
is 0. What was not answered is asked again under the same key until it is. One JSON line for each answer.
"""

from __future__ import annotations

import http.client
import json
import select
import sys
from collections.abc import Iterator
from typing import Any

SIZE = 8
SERVICE = "DKC-KTP"
#: 60 s of a server that does not answer
TRIES_MAX, PAUSE_S = 600, 0.1


def token_of(n: int) -> str:
    """The bearer token of kiosk Kn."""
    return f"token-of-kiosk-{n}-{'t' * 24}"


def session_of(n: int) -> str:
    """The session cookie of officer petugas-n."""
    return f"session-of-officer-{n}-{'s' * 24}"


def csrf_of(n: int) -> str:
    return f"csrf-of-officer-{n}"


class Unanswered(Exception):
    """Refused, cut off, or told to come again: what happened is not known."""


class Client:
    """One connection to the server, opened again after each failure."""

    def __init__(self, kind: str, n: int, port: int) -> None:
        self.kind, self.n, self.port = kind, n, port
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """(status, body). Raises Unanswered; 503 is one, for it asks to come again."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.kind == "kiosk":
            headers["Authorization"] = f"Bearer {token_of(self.n)}"
        else:
            headers |= {"Cookie": f"mpp_session={session_of(self.n)}", "X-CSRF-Token": csrf_of(self.n)}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self._connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise Unanswered(repr(problem)) from problem
        if answer.status == 503:
            raise Unanswered(text.decode())
        return answer.status, json.loads(text) if text else {}

    def until_answered(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any], int]:
        """(status, body, tries): the same key each time."""
        for tries in range(1, TRIES_MAX + 1):
            try:
                return *self.ask(path, body, key), tries
            except Unanswered:
                select.select([], [], [], PAUSE_S)
        raise SystemExit(f"{path} was not answered {TRIES_MAX} times")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def rounds(count: int) -> Iterator[int]:
    """1 to `count`, or until something comes on standard input."""
    n = 0
    while (n < count) if count else not select.select([sys.stdin], [], [], 0)[0]:
        n += 1
        yield n


def touch_and_touch(client: Client, count: int, life: str) -> None:
    for n in rounds(count):
        key = f"{life}-touch-{n}"
        status, body, tries = client.until_answered("/tickets", {"service": SERVICE}, key)
        if status != 201:
            raise SystemExit(f"{status} {body}")
        say(key=key, id=body["id"], number=body["number"], tries=tries)


def call_and_finish(client: Client, count: int, life: str) -> None:
    counter = f"/counters/DKC-{client.n}"
    client.until_answered(f"{counter}/open", {}, f"{life}-open")
    for n in rounds(count):
        status, body, tries = client.until_answered(f"{counter}/next", {}, f"{life}-next-{n}")
        if status == 204:
            select.select([], [], [], PAUSE_S / 5)
            continue
        if status != 200:
            raise SystemExit(f"{status} {body}")
        ticket = body["ticket"]
        status, body, more = client.until_answered(f"{counter}/finish", {}, f"{life}-finish-{n}")
        if status != 200 or body["leg"]["state"] != "finished" or body["ticket"] != ticket:
            raise SystemExit(f"{status} {body}")
        say(called=ticket["id"], number=ticket["number"], tries=max(tries, more))


def main(kind: str, n: str, port: str, count: str, life: str = "1") -> None:
    client = Client(kind, int(n), int(port))
    print("ready", flush=True)
    sys.stdin.readline()
    (touch_and_touch if kind == "kiosk" else call_and_finish)(client, int(count), life)
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
