"""How displays are set: a ready layout or a text of their own, how far away they are read, where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.app.showing import Screen
from server.app.views.screens import in_words
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.layout import missing, parse

_CHANGES = ("DisplaySet",)


def layouts(reads: Work) -> list[dict[str, str]]:
    """The ready layouts: `name`, the words for it, and the text that may be taken over and changed."""
    texts = reads.around.texts["id"]
    return [
        {"name": name, "title": texts.get(f"layout.ready.{name}", name), "text": text}
        for name, text in reads.around.layouts.items()
    ]


def screens(reads: Work) -> list[dict[str, Any]]:
    """Every display with how it is set (null: as the settings say) and the version of that."""
    known = reads.screens.screens()
    return [
        told(row["code"], known.get(row["code"], Screen()))
        for row in reads.devices.devices()
        if row["kind"] == "display" and row["revoked_at"] is None
    ]


def told(code: str, screen: Screen) -> dict[str, Any]:
    return {"display": code, **asdict(screen), "version": version_of(asdict(screen))}


def set_screen(work: Work, ask: Ask, *, display: str, version: str | None = None, **given: Any) -> Answer:
    """Give a display another layout, distance, size or place; null: as the settings say.

    Raises changed_meanwhile, unknown_display, invalid (layout, gerai, counter), and bad_layout with every mistake, its
    line and the remedy: then the layout before stays.
    """
    row = work.devices.device(display)
    if row is None or row["kind"] != "display" or row["revoked_at"] is not None:
        raise RuleBroken("unknown_display", display=display[:60])
    before = work.screens.screens().get(display, Screen())
    unchanged(work, asdict(before), version, lambda event: event.data["code"] == display, _CHANGES)
    after = replace(before, **given)
    _check(work, after)
    changed = {name: value for name, value in asdict(after).items() if asdict(before)[name] != value}
    if changed:
        work.screens.save(display, None if after == Screen() else after)
        data = {"code": display, "name": row["name"], "changed": changed}
        work.log.record(Event("DisplaySet", ask.now, ask.actor, device=ask.device, data=data))
    return Answer(200, told(display, after))


def _check(work: Work, screen: Screen) -> None:
    """Raises invalid, bad_layout."""
    floor, ready = work.floors.current(), work.around.layouts
    if screen.layout is not None and screen.layout not in ready:
        raise RuleBroken("invalid", field="layout")
    if screen.gerai is not None and screen.gerai not in floor.gerai:
        raise RuleBroken("invalid", field="gerai", why="unknown_gerai")
    if screen.counter is not None and screen.counter not in floor.counters:
        raise RuleBroken("invalid", field="counter", why="unknown_counter")
    text = screen.text or ready.get(screen.layout or "", "")
    if not text:
        return
    layout = parse(text)
    wrong = sorted((*layout.mistakes, *missing(layout, floor, screen.counter)), key=lambda one: one.line)
    if wrong:
        raise RuleBroken("bad_layout", errors=_sentences(work.around.texts["id"], wrong, screen))


def _sentences(texts: Mapping[str, str], wrong: Any, screen: Screen) -> list[dict[str, Any]]:
    """Beside the field that can mend it: a sign's loket where only that is missing."""
    return [
        {"field": "counter" if one.code == "no_counter" else "text" if screen.text else "layout", "line": one.line, "message": in_words(texts, one)}
        for one in wrong
    ]
