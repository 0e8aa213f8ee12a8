"""How the hall looks: one colour that stays readable, and a logo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.app.slips import is_loopback
from server.app.snapshot import Brand
from server.domain.contrast import TEXT_RATIO, mixed, ratio
from server.domain.errors import RuleBroken
from server.domain.events import Event

_CHANGES = ("BrandingSet",)
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
    """The look with its version, for who changes it."""
    brand = reads.look.brand()
    return {**told(brand), "version": version_of(_row(brand))}


def _row(brand: Brand) -> dict[str, Any]:
    return {"color": brand.color, "logo": brand.logo_sha}


def address(reads: Work) -> str:
    """Where phones open the site: what an administrator gave, else the settings' public.url; "" for none."""
    return reads.look.address() or reads.around.public_url.rstrip("/")


def read_address(reads: Work) -> dict[str, Any]:
    """`url` is in force, `own` an administrator's, `settings` the file's; null where there is none."""
    own, settings = reads.look.address(), reads.around.public_url.rstrip("/")
    row = {"own": own or None}
    return {"url": own or settings or None, **row, "settings": settings or None, "version": version_of(row)}


def set_address(work: Work, ask: Ask, *, url: str | None, version: str | None = None) -> Answer:
    """Let phones open this address; None: the settings' one.

    Raises changed_meanwhile, and invalid (url) for an address of this computer alone: a code that leads
    nowhere is worse than none.
    """
    row = {"own": work.look.address() or None}
    unchanged(work, row, version, lambda event: "public_url" in event.data["changed"], _CHANGES)
    if url is not None and is_loopback(url):
        raise RuleBroken("invalid", field="url", why="loopback")
    work.look.save_address(url or "")
    work.log.record(Event("BrandingSet", ask.now, ask.actor, data={"changed": {"public_url": url}}))
    return Answer(200, read_address(work))


def logo(reads: Work, sha: str) -> bytes | None:
    """The logo with this SHA-256, if it is the one in use."""
    return reads.look.logo(sha)


def logo_in_use(reads: Work) -> bytes | None:
    """The logo as PNG, if there is one."""
    sha = reads.look.brand().logo_sha
    return reads.look.logo(sha) if sha else None


def readable(color: str) -> float:
    """The least contrast of text in this colour on any of its grounds, and of white on it."""
    return min(ratio(color, ground) for ground in (WHITE, PAGE, mixed(color, WHITE, SOFT)))


def _as_read(work: Work, version: str | None) -> None:
    unchanged(work, _row(work.look.brand()), version, lambda event: "public_url" not in event.data["changed"], _CHANGES)


def set_color(work: Work, ask: Ask, *, color: str | None = None, version: str | None = None) -> Answer:
    """Use another main colour, or the house's own (None).

    Raises changed_meanwhile, and low_contrast with `ratio` and `least` when text would be hard to read.
    """
    _as_read(work, version)
    if color is not None:
        found = readable(color)
        if found < TEXT_RATIO:
            # Rounded down: what is refused never reads as good enough.
            raise RuleBroken("low_contrast", ratio=int(found * 100) / 100, least=TEXT_RATIO)
        color = color.lower()
    return _save(work, ask, {"color": color}, {"color": color})


def set_logo(work: Work, ask: Ask, *, png: bytes, version: str | None = None) -> Answer:
    """Use this PNG, which has been checked and made anew. Raises changed_meanwhile."""
    _as_read(work, version)
    sha = hashlib.sha256(png).hexdigest()
    return _save(work, ask, {"logo": png, "logo_sha": sha}, {"logo": sha})


def remove_logo(work: Work, ask: Ask, *, version: str | None = None) -> Answer:
    """Use no logo. Raises changed_meanwhile."""
    _as_read(work, version)
    return _save(work, ask, {"logo": None, "logo_sha": None}, {"logo": None})


def _save(work: Work, ask: Ask, values: Mapping[str, Any], said: Mapping[str, Any]) -> Answer:
    work.look.save_brand(values)
    work.log.record(Event("BrandingSet", ask.now, ask.actor, data={"changed": dict(said)}))
    return Answer(200, branding(work))
