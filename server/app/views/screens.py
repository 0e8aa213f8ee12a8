"""How a display is laid out: its rows and parts, each with what it shows of the hall."""

from __future__ import annotations

from typing import Any

from server.app.showing import Medium, Screen
from server.app.raised import Alert
from server.app.snapshot import DeviceRow, SiteFacts
from server.app.views.hall import Hall
from server.domain.layout import Layout, Mistake, Part, missing, parse
from server.domain.tickets import State

#: the ready layout of a small screen above a loket, the only one without the call
SIGN = "loket"
NOTHING = Screen()


def screen_of(hall: Hall, code: str) -> Screen:
    """How the display is set; NOTHING when nobody has set it."""
    return hall.snap.screens.get(code, NOTHING)


def is_silent(screen: Screen) -> bool:
    """It hangs among the displays of its group and never speaks for them, for it does not show the call."""
    return not parse(screen.text).shows_calls if screen.text else screen.layout == SIGN


def text_of(screen: Screen, site: SiteFacts) -> str:
    """The layout's text: its own, a ready one, the settings', the house's."""
    ready = site.layouts.get(screen.layout or "", "")
    return screen.text or ready or site.screen.text or next(iter(site.layouts.values()), "")


def layout_of(screen: Screen, site: SiteFacts) -> Layout:
    """What is shown: a layout with mistakes is not used, the house's own stands in for it."""
    chosen = parse(text_of(screen, site))
    return parse(next(iter(site.layouts.values()), "")) if chosen.mistakes else chosen


def screen_view(hall: Hall, device: DeviceRow) -> dict[str, Any]:
    """The rows of a display with what their boards, waiting counts and signs show, how far it is read, its media."""
    screen, house = screen_of(hall, device.code), hall.site.screen
    layout = layout_of(screen, hall.site)
    shows_media = any(part.name == "media" for part in layout.parts)
    return {
        "layout": {
            "distance_m": screen.distance_m or house.distance_m or 0,
            "diagonal_in": screen.diagonal_in or house.diagonal_in or 0,
            "gerai": screen.gerai,
            "rows": [
                {"kind": row.kind, "share": row.share, "parts": [_part(hall, screen, part) for part in row.parts]}
                for row in layout.rows
            ],
        },
        "media": [_medium(one) for one in hall.snap.media if _plays(hall, one, device)] if shows_media else [],
    }


def _part(hall: Hall, screen: Screen, part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"part": part.name, "share": part.share}
    if part.name == "board":
        told["distance_m"] = part.distance_m
        told["rows"] = [counter_row(hall, code) for gerai in _chosen(hall, screen, part) for code in hall.counters_of.get(gerai, ())]
    elif part.name == "waiting" and (part.gerai or part.zone or screen.gerai):
        told["rows"] = [
            {"gerai": code, "gerai_name": hall.floor.gerai[code].name, "waiting": hall.in_line_count(code)}
            for code in _chosen(hall, screen, part)
        ]
    elif part.name == "counter":
        code = part.counter or screen.counter or ""
        told["row"] = counter_row(hall, code) if code in hall.floor.counters else None
    elif part.name == "ticker":
        told["words"] = part.words
    return told


def _chosen(hall: Hall, screen: Screen, part: Part) -> list[str]:
    """Codes of the gerai a part shows, in the plan's order; those the plan no longer has are left out."""
    wanted = part.gerai or ((screen.gerai,) if screen.gerai and not part.zone else ())
    return [
        gerai.code
        for gerai in hall.floor.gerai.values()
        if (not wanted or gerai.code in wanted) and (part.zone is None or gerai.zone == part.zone)
    ]


def counter_row(hall: Hall, code: str) -> dict[str, Any]:
    """A loket as the hall sees it. `state`: called, serving (both with the number), open, paused, closed."""
    floor = hall.floor
    counter, session, stop = floor.counters[code], hall.sessions.get(code), hall.active.get(code)
    gerai = floor.gerai[counter.gerai]
    zone = floor.zones[gerai.zone]
    state = "closed" if session is None else "paused" if session.paused_since else "open"
    if stop:
        state = "called" if stop[1].state is State.CALLED else "serving"
    return {
        "counter": code,
        "label": counter.label,
        "gerai": gerai.code,
        "gerai_name": gerai.name,
        "gerai_short": gerai.short,
        "zone_name": zone.name,
        "zone_color": zone.color,
        "state": state,
        "number": stop[0].label if stop else None,
    }


def _plays(hall: Hall, one: Medium, device: DeviceRow) -> bool:
    day = hall.snap.business_date
    starts, ends = one.date_from or day, one.date_to or day
    return starts <= day <= ends and (one.zone is None or device.zone is None or one.zone == device.zone)


def _medium(one: Medium) -> dict[str, Any]:
    """As the page plays it; days and minutes are of the site's time."""
    return {
        "id": one.id,
        "kind": one.kind,
        "url": f"/media/{one.file}",
        "seconds": one.seconds,
        "sound": one.sound,
        "days": one.days,
        "from_min": one.from_min,
        "to_min": one.to_min,
    }


def in_words(texts: Any, mistake: Mistake) -> str:
    """'Baris 3: ...', with the remedy."""
    words = texts.get(f"layout.{mistake.code}", mistake.code).format_map(dict(mistake.facts))
    return f"{texts.get('layout.line', '{line}').format(line=mistake.line)} {words}"


def screen_alerts(hall: Hall) -> list[Alert]:
    """Layouts that name what the plan does not have, layout and voice of the settings when wrong, media that cannot be shown."""
    found = []
    site, texts = hall.site, hall.site.texts
    if site.layout_fault:
        found.append(Alert("layout_settings", None, {"what": site.layout_fault}))
    if site.voice_faults:
        # One alert for all of them: the first is where to begin.
        found.append(Alert("voice_settings", None, {"what": site.voice_faults[0], "n": len(site.voice_faults)}))
    for device in hall.snap.devices:
        if device.kind != "display" or device.revoked:
            continue
        screen = screen_of(hall, device.code)
        mistakes = parse(text_of(screen, site)).mistakes if screen.text else ()
        lost = mistakes or missing(layout_of(screen, site), hall.floor, screen.counter)
        facts = {"name": device.name, "what": in_words(texts, lost[0])} if lost else {}
        if screen.gerai and screen.gerai not in hall.floor.gerai:
            facts = {"name": device.name, "what": texts.get("layout.own_gerai", "{what}").format(what=screen.gerai)}
        if facts:
            found.append(Alert("layout_missing", None, facts))
    return found + [Alert(f"medium_{one.trouble}", None, {"name": one.name}) for one in hall.snap.media if one.trouble]
