"""The sound of a call: `GET /audio/call/{id}.wav` leads to the file that is named by its content.

`{id}-short.wav` is the form without chime, repetition and gerai, for when more calls wait. The sound is made at
the first wish, so a display asks ahead of the call's turn. No proof is asked: it is what the hall hears anyway.
"""

from __future__ import annotations

from flask import Flask, Response, redirect

from server.app import reading
from server.web.auth import Gate
from server.web.errors import WebRefusal


def install(app: Flask, gate: Gate) -> None:
    @app.get("/audio/call/<int:call>.wav", defaults={"short": False})
    @app.get("/audio/call/<int:call>-short.wav", defaults={"short": True})
    def call_sound(call: int, short: bool) -> Response:
        house = gate.house
        said = house.read(reading.call_said, call=call, now=house.now())
        made = house.announcements.make(**said, short=short) if said and house.announcements else None
        if made is None:
            raise WebRefusal("not_found")
        answer = redirect(made.path)
        answer.headers["Cache-Control"] = "no-store"  # recordings may be replaced: the next call has the new ones
        return answer
