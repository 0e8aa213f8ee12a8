"""The site's voice, put together: packs, lexicon, clips, settings."""

from __future__ import annotations

import logging
from pathlib import Path

from config import voice as voices
from config.settings import Settings
from server.voice.announcements import Announcements, Speak
from server.voice.bank import Bank, Folder
from server.voice.grammar import Style
from server.voice.pack import Pack
from server.voice.shelf import Shelf

log = logging.getLogger("mpp.voice")

SHIPPED = voices.PACKS / "clips"


def own_folder(settings: Settings) -> Path:
    """Where a site's own recordings and lexicon are."""
    return Path(settings.server.data).resolve() / "voice"


def packs_of(lexicon: dict[str, str] | None = None) -> dict[str, Pack]:
    """The packs by language; `lexicon`: a site's own abbreviations, over those of each pack."""
    packs = {}
    for code in voices.LANGUAGES:
        data = voices.load(code)
        data.pop("sounds")
        data["lexicon"] = {**data["lexicon"], **(lexicon or {})}
        packs[code] = Pack(code=code, **data)
    return packs


def announcements_of(settings: Settings, speak: Speak) -> Announcements:
    """What the server calls with. A site's lexicon with mistakes is left out: a hall without three
    abbreviations is better than one without a voice (`voice_faults` tells the supervisor)."""
    said = settings.voice
    lexicon, _ = _lexicon(settings)
    style = Style(said.numbers, said.repeat, said.name_gerai, said.chime)
    bank = Bank(Folder(own_folder(settings)), Folder(SHIPPED))
    shelf = Shelf(Path(settings.server.data).resolve() / "audio")
    return Announcements(packs_of(lexicon), said.language, style, bank, shelf, speak)


def voice_faults(settings: Settings) -> tuple[str, ...]:
    """What of a site's own voice is not used, each as one Indonesian sentence with the remedy; nothing is raised."""
    _, mistakes = _lexicon(settings)
    found = [f"{voices.LEXICON.name} tidak dipakai: {one}." for one in mistakes]
    for name, why in Folder(own_folder(settings)).faults():
        found.append(f"Rekaman {name} tidak dapat dipakai ({why}); pasang lagi dengan `mpp voice check`.")
    for one in found:
        log.error("voice: %s", one)
    return tuple(found)


def _lexicon(settings: Settings) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        return voices.read_lexicon(own_folder(settings).parent / voices.LEXICON), ()
    except voices.VoiceError as wrong:
        return {}, wrong.mistakes
