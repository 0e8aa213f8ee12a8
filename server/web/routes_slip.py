"""The rows about what stands on a slip."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal

from flask import request
from pydantic import Field, StringConstraints

from server.app import branding, slip_template
from server.app.ask import Answer
from server.web.errors import WebRefusal, language
from server.web.fields import Body, Version
from server.web.roles import ADMINS
from server.web.route import Asked, Route, get

#: more than a template may have, so that the printing room says itself what is too long
SOURCE_MAX_CHARS = 8000
_GIVES = "`{template, own, standard, version, help}`; `help` is how to write it, in sentences"
#: `slip_help.` of the texts
_HELP = ("parts", "fields", "styles", "marks")

Source = Annotated[str, StringConstraints(max_length=SOURCE_MAX_CHARS)]


class NewTemplate(Body):
    """`template`: the lines of a slip (docs/printers.md), or null for the house's own; `version`: as it was when it was read."""

    template: Source | None
    version: Version | None = None


class Preview(Body):
    """`template` null: the one in use; `width_mm` of the paper; `copy` 0: the first slip."""

    template: Source | None = None
    width_mm: Literal[58, 80] = 80
    language: Literal["id", "en"] = "id"
    copy_number: Annotated[int, Field(ge=0, le=999, alias="copy")] = 0


def _read(asked: Asked) -> dict[str, Any]:
    return _told(asked, asked.read(slip_template.template))


def _told(asked: Asked, found: Any) -> dict[str, Any]:
    standard, texts = _press(asked).standard, asked.gate.house.texts(language(request))
    return {
        "template": found["own"] or standard,
        "own": found["own"] is not None,
        "standard": standard,
        "version": found["version"],
        "help": [texts[f"slip_help.{name}"] for name in _HELP],
    }


def _set(asked: Asked) -> Answer:
    """Checked before the act: a mistake leaves the old template in use."""
    given = asked.given["template"]
    if given is not None:
        _check(asked, given)
    answer = asked.act(slip_template.set_template, template=given, version=asked.given.get("version"))
    return Answer(answer.status, _told(asked, answer.body), answer.replayed)


def _picture(asked: Asked) -> dict[str, Any]:
    given = asked.given
    template = given.get("template")
    if template is None:
        template = asked.read(slip_template.template)["own"]
    else:
        _check(asked, template)
    slip = asked.read(
        slip_template.sample,
        now=asked.gate.house.now(),
        language=given.get("language", "id"),
        copy=given.get("copy_number", 0),
    )
    png = _press(asked).picture(template, slip, {"width_mm": given.get("width_mm", 80)}, asked.read(branding.logo_in_use))
    if png is None:
        raise WebRefusal("no_preview")
    return {"png": base64.b64encode(png).decode(), "qr": slip["qr"] is not None}


def _check(asked: Asked, template: str) -> None:
    mistakes = _press(asked).mistakes(template)
    if mistakes:
        raise WebRefusal("bad_template", errors=[{"field": "template", **one} for one in mistakes])


def _press(asked: Asked) -> Any:
    press = asked.gate.house.slip_press
    if press is None:
        raise WebRefusal("no_preview")
    return press


ROUTES: tuple[Route, ...] = (
    get("/slip-template", ADMINS, "What stands on a slip, line by line.", _read, gives=_GIVES, codes=("no_preview",)),
    Route(
        "POST",
        "/slip-template",
        ADMINS,
        "Print slips by these lines; null: by the house's own. Every mistake is told with its line, and the old lines stay.",
        run=_set,
        takes=NewTemplate,
        gives=_GIVES,
        codes=("bad_template", "changed_meanwhile", "no_preview"),
    ),
    Route(
        "POST",
        "/slip-template/preview",
        ADMINS,
        "A slip of nobody's as a picture: by these lines, or by those in use. Nothing is printed.",
        run=_picture,
        takes=Preview,
        gives="`{png, qr}`: the picture in base64, and whether this site's slips have a QR code",
        codes=("bad_template", "no_preview"),
    ),
)
