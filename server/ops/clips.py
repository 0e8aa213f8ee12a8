"""The clips that ship: `python -m server.ops.clips FOLDER` makes them anew with espeak-ng, offline.

docs/voice.md says which voice and why. Made again with the same espeak-ng they are the same files.
"""

from __future__ import annotations

import array
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from config import voice as voices
from config.floor import FLOORS, read_floor
from server.ops.voices import packs_of
from server.voice import levels
from server.voice.bank import store
from server.voice.espeak import SPEED, phoneme_engine
from server.voice.needed import Places, needed
from server.voice.pack import GONG, KINDS, NAME, Pack

#: the chime: Hz and start (s) of its notes, E5 and C5, like the one of server/shared/static/sound.js
NOTES = ((659.25, 0.0), (523.25, 0.45))
#: words a minute: a letter alone is the hardest to know, and slower it costs a call a tenth of a second
LETTER_SPEED = 110
NOTE_S, GONG_S, GONG_LEVEL = 0.9, 1.4, 0.28
_WORD = re.compile(r"[^\W_]+")


def main(argv: Sequence[str]) -> int:
    """Exit code 1 without an espeak-ng."""
    folder = Path(argv[0]).resolve()  # the library changes the folder of its process
    packs = packs_of()
    places = Places.of(read_floor(file).as_data() for file in sorted(FLOORS.glob("*.toml")))
    speak = phoneme_engine()
    if speak is None:
        print("no espeak-ng", file=sys.stderr)
        return 1
    speak = cache(speak)  # what two languages say alike is one file
    made = {code: dict(_clips(speak, pack, packs[pack.names], places)) for code, pack in packs.items()}
    index = store(folder, made)
    print(f"{sum(map(len, index.values()))} clips, {len(list(folder.glob('*.wav')))} files")
    return 0


def _clips(speak: Callable[..., bytes], pack: Pack, names: Pack, places: Places) -> Iterator[tuple[str, tuple[bytes, str]]]:
    sounds = voices.load(pack.code)["sounds"]
    for part in needed(pack, names, places):
        if part.clip == GONG:
            yield part.clip, (levels.as_wav(gong()), "")
            continue
        # A comma keeps the voice up for what follows; a gerai's name ends the sentence.
        end = "." if part.clip.startswith(NAME) else ","
        said = _WORD.sub(lambda word: f"[[{sounds[word[0]]}]]" if word[0] in sounds else word[0], part.say)
        speed = LETTER_SPEED if part.clip.startswith(KINDS["letters"]) else SPEED
        sound = levels.evened(levels.samples_of(speak(said + end, pack.synthesis, speed)))
        yield part.clip, (levels.as_wav(sound), part.say)


def gong() -> levels.Samples[int]:
    """Two soft notes that die away."""
    rate = levels.RATE_HZ
    sound = [0.0] * round(GONG_S * rate)
    for pitch, start_s in NOTES:
        begin = round(start_s * rate)
        for place in range(begin, min(len(sound), begin + round(NOTE_S * rate))):
            at = (place - begin) / rate
            swell = min(1.0, at / 0.01) * math.exp(-4 * at) * min(1.0, (NOTE_S - at) / 0.02)
            sound[place] += swell * math.sin(2 * math.pi * pitch * at)
    return array.array("h", [round(GONG_LEVEL * levels.FULL * one) for one in sound])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
