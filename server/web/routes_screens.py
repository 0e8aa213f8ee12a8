"""The rows about what displays show: their layouts and the playlist; and the media's own addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request

from server.app import media, screens
from server.app.ask import Answer
from server.domain.errors import RuleBroken
from server.web import bodies_screens as bodies
from server.web import wire
from server.web.auth import Gate
from server.web.containers import Unusable
from server.web.errors import WebRefusal
from server.web.media_files import NAME, PIECE_BYTES, Found, Incoming, Limits, read_piece
from server.web.roles import ADMINS, ANYONE, DISPLAY, OVERSEERS
from server.web.route import Asked, Route, get, post

MB = 1_000_000
#: the name of a file says all that is in it
KEEP = "private, max-age=31536000, immutable"
_EDITED = ("changed_meanwhile", "invalid")


def folder_of(house: Any) -> Path:
    return Path(house.settings.server.data) / "media"


def _layouts(asked: Asked) -> Any:
    display = asked.gate.house.settings.display
    standard = {"layout": display.layout, "distance_m": display.distance_m, "diagonal_in": display.diagonal_in}
    return {"items": asked.read(screens.layouts), "next": None, "standard": standard}


def _screens(asked: Asked) -> Any:
    return {"items": asked.read(screens.screens), "next": None}


def _media(asked: Asked) -> Any:
    limits = asked.gate.house.settings.media.model_dump()
    return {"items": asked.read(media.media), "next": None, "limits": limits}


def _change_medium(asked: Asked) -> Answer:
    return asked.act(media.change_medium, medium=asked.args["medium"], **bodies.as_minutes(asked.given))


def _remove_medium(asked: Asked) -> Answer:
    """The file goes when its row has gone."""
    house = asked.gate.house
    answer = asked.act(media.remove_medium, medium=asked.args["medium"])
    name = str((answer.body or {})["url"]).rpartition("/")[2]
    if name not in asked.read(media.files):
        house.slow(partial(Path.unlink, missing_ok=True), folder_of(house) / name)
    return answer


def _add_medium(asked: Asked) -> Answer:
    """Take the file in, look at it, then write its row; refused, nothing of it stays."""
    found, is_new = _taken_in(asked)
    house, name = asked.gate.house, found.name
    mark = wire.fingerprint("POST", request.path, {**asked.given, "sha": found.sha}) if asked.key else None
    try:
        return replace(asked, fingerprint=mark).act(
            media.add_medium, found=found.facts(), room_bytes=house.settings.media.room_mb * MB, **asked.given
        )
    except RuleBroken:
        if is_new:
            house.slow((folder_of(house) / name).unlink)
        raise


def _taken_in(asked: Asked) -> tuple[Found, bool]:
    """Piece by piece: read here, where waiting is cooperative, and written where it may block."""
    house, limits = asked.gate.house, _limits(asked)
    request.max_content_length = max(limits.image_bytes, limits.video_bytes)
    stream = request.stream  # ends with 413 where the limit does, whether or not the length was told
    coming: Incoming = house.slow(Incoming, folder_of(house), asked.read(media.files))
    try:
        while piece := stream.read(PIECE_BYTES):
            house.slow(coming.write, piece)
        if not coming.bytes:
            raise Unusable("empty")
        taken: tuple[Found, bool] = house.slow(coming.settle, limits)
        return taken
    except Unusable as unusable:
        sentence = house.texts("id").get(f"medium.{unusable.why}", unusable.why).format_map(unusable.facts)
        raise WebRefusal("bad_medium", errors=[{"field": "file", "message": sentence}]) from None
    except OSError:
        raise WebRefusal("storage_unavailable") from None
    finally:
        house.slow(coming.drop)


def _limits(asked: Asked) -> Limits:
    given = asked.gate.house.settings.media
    return Limits(given.image_max_mb * MB, given.image_max_mp * MB, given.video_max_mb * MB, given.video_max_s * 1000)


def install(app: Flask, gate: Gate) -> None:
    """The files' own addresses, for enrolled displays and for who oversees them; by Range, to be kept for ever."""

    @app.get("/media/<name>")
    def medium(name: str) -> Response:
        _check_viewer(gate, request)
        types = gate.house.read(media.files) if NAME.fullmatch(name) else {}
        path = folder_of(gate.house) / name
        if name not in types or not path.is_file():
            raise WebRefusal("not_found")
        return _ranged(gate, path, types[name])


def _check_viewer(gate: Gate, asked: Request) -> None:
    """An <img> or <video> sends no header of ours: the browser's cookie is the proof. Raises unauthenticated, forbidden."""
    if "Authorization" in asked.headers:
        roles = {gate.caller(asked).role}
    else:
        browser_id = gate.cookies.browser(asked)
        browser = gate.house.vault.browser(browser_id) if browser_id else None
        roles = {gate.person(asked).role, *(device.kind for device in (browser.devices.values() if browser else ()))}
    if not roles & {DISPLAY, *OVERSEERS}:
        raise WebRefusal("unauthenticated" if roles <= {ANYONE} else "forbidden")


def _ranged(gate: Gate, path: Path, mime: str) -> Response:
    size, tag = path.stat().st_size, path.name.partition(".")[0]
    wanted = request.range.range_for_length(size) if request.range else None  # one range, or all
    start, stop = wanted or (0, size)
    response = Response(_pieces(gate, path, start, stop), 206 if wanted else 200, mimetype=mime)
    response.headers["Cache-Control"] = KEEP
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(stop - start)
    response.set_etag(tag)
    if tag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{tag}"', "Cache-Control": KEEP})
    if wanted:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    elif request.range and request.range.units == "bytes" and len(request.range.ranges) == 1:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    return response


def _pieces(gate: Gate, path: Path, start: int, stop: int) -> Iterator[bytes]:
    while start < stop:
        piece = gate.house.slow(read_piece, path, start, min(PIECE_BYTES, stop - start))
        if not piece:
            return
        start += len(piece)
        yield piece


ROUTES: tuple[Route, ...] = (
    get("/layouts", OVERSEERS, "The ready layouts of displays, and what the settings say.", _layouts, gives="`{items, standard}`"),
    get("/screens", OVERSEERS, "How each display is set, with its version.", _screens, gives="`{items, next}`"),
    post(
        "/screens/<code:display>",
        ADMINS,
        "Give a display a ready layout or a text of its own, its distance, size and place; mistakes with line and remedy.",
        screens.set_screen,
        takes=bodies.SetScreen,
        gives="the display's row with its new version",
        codes=(*_EDITED, "bad_layout", "unknown_display"),
    ),
    get("/media", OVERSEERS, "The playlist of the displays, and the limits of a file.", _media, gives="`{items, limits}`"),
    Route(
        "POST",
        "/media",
        ADMINS,
        "Put a picture or video at the end of the playlist; the body is the file itself.",
        run=_add_medium,
        takes=bodies.NewMedium,
        gives="the medium",
        status=(201,),
        codes=("already_exists", "bad_medium", "media_full", "too_large", "too_many_media"),
        streams=True,
    ),
    Route(
        "POST",
        "/media/<id:medium>",
        ADMINS,
        "Change a medium's name, schedule, sound or place in the playlist.",
        run=_change_medium,
        takes=bodies.EditMedium,
        gives="the medium with its new version",
        codes=(*_EDITED, "already_ended", "unknown_medium"),
    ),
    Route(
        "POST",
        "/media/<id:medium>/remove",
        ADMINS,
        "Take a medium off the playlist.",
        run=_remove_medium,
        gives="the medium",
        codes=("already_ended", "unknown_medium"),
    ),
    post(
        "/media/<id:medium>/shown",
        frozenset({DISPLAY}),
        "A display could not show a medium (`cause`), or shows it again (null).",
        media.tell_medium,
        takes=bodies.Shown,
        status=(204,),
        codes=("already_ended", "unknown_medium"),
    ),
)
