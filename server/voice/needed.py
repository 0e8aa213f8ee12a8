"""Every clip that a site's calls can need: what ships, what an office reads aloud, what a check looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.voice.pack import GONG, Pack, Part

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Places:
    """What a floor plan adds: the names of its gerai, the labels of its lokets."""

    gerai: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, plans: Iterable[Mapping[str, list[Mapping[str, str]]]]) -> Places:
        """The places of floor plans as data; what has no name is skipped."""
        kept = list(plans)
        return cls(
            tuple(dict.fromkeys(row["name"] for plan in kept for row in plan["gerai"])),
            tuple(dict.fromkeys(row["label"] for plan in kept for row in plan["counters"])),
        )


def needed(pack: Pack, names: Pack, places: Places) -> list[Part]:
    """The clips of one language, its chime first; names and unknown words where it says them itself."""
    parts = [Part(GONG, "", "", pack.code), *pack.parts()]
    if pack.code == names.code:
        words = [word for label in places.labels for word in _WORD.findall(label)]
        parts += [pack.word_part(word) for word in words]
        parts += [pack.name_part(name) for name in places.gerai]
    unique = {part.clip: part for part in reversed(parts)}
    return [part for part in dict.fromkeys(parts) if unique.pop(part.clip, None)]
