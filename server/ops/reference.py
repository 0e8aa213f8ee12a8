"""docs/reference.md, made from the code: every setting, event, error code and route.

`python -m server.ops.reference` prints it; a test holds the file to what this prints.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from config import texts as texts_of
from server.cli.main import COMMANDS
from server.domain.events import EVENTS
from server.web.errors import STATUS
from server.web.routes import ROUTES

DEFAULTS = Path(__file__).resolve().parents[2] / "config" / "default.toml"


def reference() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Reference",
        "",
        "Made by `python -m server.ops.reference > docs/reference.md`; do not edit by hand.",
        *_section("Commands", ("command", "does"), sorted((n, s) for n, (_, s) in COMMANDS.items())),
        *_section("Settings", ("key", "default", "meaning"), settings()),
        *_section("Events", ("event", "meaning and data", "rooms"), _events()),
        *_section("Error codes", ("code", "status", "sentence"), _codes()),
        *_section("Routes", ("route", "who", "does"), _routes()),
    ]
    return "\n".join(parts) + "\n"


def _section(title: str, heads: tuple[str, ...], rows: object) -> list[str]:
    lines = ["", f"## {title}", "", _row(heads), _row(["---"] * len(heads))]
    return lines + [_row([str(cell) for cell in row]) for row in rows]  # type: ignore[attr-defined] # rows of any kind


def _row(cells: object) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"  # type: ignore[attr-defined] # likewise


def settings() -> Iterator[tuple[str, str, str]]:
    """(key, default, the comment above it) of config/default.toml, in its order."""
    section, comment = "", []
    for line in DEFAULTS.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("#"):
            comment.append(text.lstrip("# "))
        elif text.startswith("["):
            section, comment = text.strip("[]") + ".", []
        elif "=" in text:
            key, _, _ = text.partition("=")
            value = next(iter(tomllib.loads(text).values()))
            yield f"{section}{key.strip()}", f"`{value!r}`", " ".join(comment)
            comment = []
        else:
            comment = []


def _events() -> Iterator[tuple[str, str, str]]:
    for name, (text, rooms) in EVENTS.items():
        yield name, text, " ".join(rooms)


def _codes() -> Iterator[tuple[str, int, str]]:
    titles = texts_of.load("id")
    for code, status in sorted(STATUS.items()):
        yield code, status, titles.get(f"error.{code}", "")


def _routes() -> Iterator[tuple[str, str, str]]:
    for route in ROUTES:
        yield f"{route.method} {route.path}", ", ".join(sorted(route.who)), route.says


if __name__ == "__main__":
    print(reference(), end="")
