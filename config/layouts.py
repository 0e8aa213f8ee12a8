"""The ready layouts of displays: a name each, and its text in the layout language (docs/displays.md)."""

from importlib.resources import files

#: in the order in which they are offered
READY = ("panggilan", "media", "papan", "pilar", "loket")
#: what a display shows whose own layout cannot be used
HOUSE = READY[0]


def load() -> dict[str, str]:
    """Name -> text of every ready layout."""
    folder = files("config").joinpath("layouts")
    return {name: folder.joinpath(f"{name}.txt").read_text(encoding="utf-8") for name in READY}
