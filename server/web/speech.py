"""What a kiosk's page reads aloud, as sound: `GET /speech?lang=id&text=...`.

An <audio> element sends no header of ours, so the proof is the browser's cookie: a browser that holds
a kiosk may ask (a program may show the kiosk's token). Nothing of a visitor is kept beyond memory.
"""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Flask, Request, Response, request
from pydantic import BaseModel, StringConstraints, ValidationError

from server.web.auth import Gate
from server.web.errors import WebRefusal, problem
from server.web.mistakes import in_words
from server.web.roles import ANYONE, KIOSK

PATH = "/speech"
TEXT_MAX = 600
#: the same text sounds the same for as long as nobody changes the voice
KEEP = "private, max-age=86400"


class Wanted(BaseModel):
    lang: Literal["id", "en"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX)]


def install(app: Flask, gate: Gate) -> None:
    def speech() -> Response:
        try:
            _check_kiosk(gate, request)
            return Response(_sound(gate, _wanted(gate, request)), mimetype="audio/wav", headers={"Cache-Control": KEEP})
        except WebRefusal as broken:  # a program's answer: nobody looks at the page of a sound
            return problem(gate.house, broken.code, broken.facts)

    app.add_url_rule(PATH, "speech", speech, methods=["GET"])


def _check_kiosk(gate: Gate, asked: Request) -> None:
    """Raises unauthenticated, forbidden."""
    if "Authorization" in asked.headers:
        caller = gate.caller(asked)
        if caller.role == KIOSK:
            return
        raise WebRefusal("unauthenticated" if caller.role == ANYONE else "forbidden")
    browser_id = gate.cookies.browser(asked)
    browser = gate.house.vault.browser(browser_id) if browser_id else None
    held = {device.kind for device in browser.devices.values()} if browser else set()
    if KIOSK not in held:
        raise WebRefusal("forbidden" if held or gate.person(asked).role != ANYONE else "unauthenticated")


def _wanted(gate: Gate, asked: Request) -> Wanted:
    try:
        return Wanted.model_validate(asked.args.to_dict())
    except ValidationError as mistakes:
        raise WebRefusal("invalid", errors=in_words(gate.house, asked, mistakes)) from None


def _sound(gate: Gate, wanted: Wanted) -> bytes:
    voice = gate.house.voice
    sound = voice.speak(wanted.text, wanted.lang) if voice is not None else None
    if sound is None:
        raise WebRefusal("no_voice")
    return sound
