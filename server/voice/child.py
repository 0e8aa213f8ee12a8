"""The process that speaks: `python -m server.voice.child` with a socket as its standard input.

It says once whether it can ("1" or ""), then answers each wish (JSON: text, language) with a WAV, or
with nothing when that text cannot be said. It ends when the socket does.
"""

from __future__ import annotations

import json
import logging
import socket

from server.voice import espeak, frames


def main() -> None:
    with socket.socket(fileno=0) as link:
        link.setblocking(True)  # the server's end may have made it otherwise
        try:
            serve(link, espeak.engine())
        except ConnectionError:
            return  # the server has ended


def serve(link: socket.socket, speak: espeak.Engine | None) -> None:
    frames.send(link, b"1" if speak else b"")
    while speak:
        frames.send(link, _answer(speak, json.loads(frames.receive(link))))


def _answer(speak: espeak.Engine, wish: dict[str, str]) -> bytes:
    try:
        return speak(wish["text"], wish["language"])
    except Exception:  # whatever it was, the next text may do
        logging.exception("a text could not be said")
        return b""


if __name__ == "__main__":
    main()
