"""`/styleguide`: every token, component and pictogram of the faces, read from the files that hold them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask, render_template

_COLOUR = re.compile(r"--([a-z0-9-]+): #[0-9a-f]{6};")
_PICTOGRAM = re.compile(r'<symbol id="([a-z0-9-]+)"')
SIZES = ("t1", "t2", "t3", "t4", "t5", "t-number")
SPACES = tuple(f"s{step}" for step in range(1, 9))
#: colours that text stands on, with the colour of that text
GROUNDS = (
    ("page", "ink"), ("surface", "ink"), ("primary", "on-primary"), ("primary-dark", "on-primary"),
    ("primary-soft", "primary"), ("good-soft", "good"), ("warn-soft", "warn"), ("bad-soft", "bad"), ("mark-soft", "mark"),
    ("bad", "on-bad"),
)  # fmt: skip


def install(app: Flask, shared: Path) -> None:
    """`shared`: the folder of the shared static files."""
    shown = _shown(shared)

    @app.get("/styleguide")
    def styleguide() -> str:
        return render_template("web/styleguide.html", **shown)


def _shown(shared: Path) -> dict[str, Any]:
    tokens = (shared / "tokens.css").read_text("utf-8")
    colours = list(dict.fromkeys(_COLOUR.findall(tokens)))
    pictograms = _PICTOGRAM.findall((shared / "pictograms.svg").read_text("utf-8"))
    return {"colours": colours, "pictograms": pictograms, "sizes": SIZES, "spaces": SPACES, "grounds": GROUNDS}
