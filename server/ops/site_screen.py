"""The displays' layout as the settings name it: a ready one, or a file whose mistakes the supervisor is told."""

from __future__ import annotations

import logging
from pathlib import Path

from config import layouts
from config import texts as texts_of
from config.mistakes import system_said
from config.settings import Settings
from server.app.showing import Screen
from server.app.views.screens import in_words
from server.domain.layout import TEXT_MAX, parse

log = logging.getLogger("mpp.house")


def site_screen(settings: Settings) -> tuple[Screen, str]:
    """What a display shows that nobody has set, and one Indonesian sentence if the settings' layout cannot be used."""
    display = settings.display
    ready = layouts.load().get(display.layout)
    text, fault = (ready, "") if ready is not None else _of_file(Path(display.layout))
    if fault:
        log.error("display.layout: %s", fault)
    return Screen(text=text, distance_m=display.distance_m, diagonal_in=display.diagonal_in), fault


def _of_file(path: Path) -> tuple[str | None, str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(4 * TEXT_MAX)
    except OSError as problem:
        return None, f"{path}: berkas tidak dapat dibaca ({system_said(problem)}); periksa nama dan izinnya."
    except UnicodeDecodeError:
        return None, f"{path}: berkas bukan teks UTF-8; simpan ulang sebagai UTF-8."
    wrong = parse(text).mistakes
    return (None, f"{path}: {in_words(texts_of.load('id'), wrong[0])}") if wrong else (text, "")
