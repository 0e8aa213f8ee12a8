"""The words people read, by language: flat keys such as ``error.closed`` or ``state.waiting``."""

import json
from functools import cache
from pathlib import Path

#: complete: every text, also on slips, in calls and on phones
LANGUAGES = ("id", "en")
#: ISO 639-3 -> a pack of the kiosk's texts only, Indonesian where it is silent. Kupang Malay
#: (mkn) is a draft that no speaker has checked; the page says so while it is shown.
PACKS = ("mkn",)

_FOLDER = Path(__file__).parent / "texts"


def load(lang: str) -> dict[str, str]:
    """Every text of one language or pack, as a new dict; raises ValueError for an unknown language."""
    known = (*LANGUAGES, *PACKS)
    if lang not in known:
        raise ValueError(f"bahasa {lang!r} tidak dikenal; pilih {' atau '.join(known)}")
    return dict(_read(lang))


@cache
def _read(lang: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((_FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return texts
