"""The words people read, by language: flat keys such as ``error.closed`` or ``state.waiting``."""

import json
from functools import cache
from pathlib import Path

LANGUAGES = ("id", "en")

_FOLDER = Path(__file__).parent / "texts"


def load(lang: str) -> dict[str, str]:
    """Every text of one language, as a new dict; raises ValueError for an unknown language."""
    if lang not in LANGUAGES:
        raise ValueError(f"bahasa {lang!r} tidak dikenal; pilih {' atau '.join(LANGUAGES)}")
    return dict(_read(lang))


@cache
def _read(lang: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((_FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return texts
