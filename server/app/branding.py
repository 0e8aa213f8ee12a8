"""How the hall looks: one colour that stays readable, and a logo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.snapshot import Brand
from server.domain.contrast import TEXT_RATIO, mixed, ratio
from server.domain.errors import RuleBroken
from server.domain.events import Event

BLACK, WHITE, PAGE = "#000000", "#ffffff", "#f4f7f7"
#: how much white is in the soft tone
SOFT = 0.92


def told(brand: Brand) -> dict[str, Any]:
    """The look as pages use it: `color` with its darker and softer tone, `logo` an address."""
    color = brand.color
    return {
        "color": color,
        "dark": mixed(color, BLACK, 0.25) if color else None,
        "soft": mixed(color, WHITE, SOFT) if color else None,
        "logo": f"/brand/{brand.logo_sha}.png" if brand.logo_sha else None,
    }


def branding(reads: Work) -> dict[str, Any]:
    return told(reads.look.brand())


def logo(reads: Work, sha: str) -> bytes | None:
    """The logo with this SHA-256, if it is the one in use."""
    return reads.look.logo(sha)


def readable(color: str) -> float:
    """The least contrast of text in this colour on any of its grounds, and of white on it."""
    return min(ratio(color, ground) for ground in (WHITE, PAGE, mixed(color, WHITE, SOFT)))


def set_color(work: Work, ask: Ask, *, color: str | None = None) -> Answer:
    """Use another main colour, or the house's own (None).

    Raises low_contrast with `ratio` and `least` when text would be hard to read.
    """
    if color is not None:
        found = readable(color)
        if found < TEXT_RATIO:
            # Rounded down: what is refused never reads as good enough.
            raise RuleBroken("low_contrast", ratio=int(found * 100) / 100, least=TEXT_RATIO)
        color = color.lower()
    return _save(work, ask, {"color": color}, {"color": color})


def set_logo(work: Work, ask: Ask, *, png: bytes) -> Answer:
    """Use this PNG, which has been checked and made anew."""
    sha = hashlib.sha256(png).hexdigest()
    return _save(work, ask, {"logo": png, "logo_sha": sha}, {"logo": sha})


def remove_logo(work: Work, ask: Ask) -> Answer:
    return _save(work, ask, {"logo": None, "logo_sha": None}, {"logo": None})


def _save(work: Work, ask: Ask, values: Mapping[str, Any], said: Mapping[str, Any]) -> Answer:
    work.look.save_brand(values)
    work.log.record(Event("BrandingSet", ask.now, ask.actor, data={"changed": dict(said)}))
    return Answer(200, branding(work))
