"""The grammar of calls, against phrases checked by hand (phrases.txt) and by reading back what it says.

Planted, each seen red: sebelas as "satu belas"; seribu as "satu ribu"; "and" left out after a hundred; an
abbreviation read as a word; leading zeros dropped in digits; a gerai's name in the short form; a recall that is
announced as the first; "sekali lagi" in the short form; an unsayable word kept; a comma left before nothing; a clip
used whatever it says; capitals that read as a word spelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.floor import FLOORS, read_floor
from config.voice import LANGUAGES, NUMBERS
from server.ops.voices import SHIPPED, packs_of
from server.voice import counting, grammar
from server.voice.bank import Bank, Folder
from server.voice.grammar import Call, NotALabel, Style
from server.voice.pack import Pack, Part, slug

PACKS = packs_of()
COUNTS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
SILENT_GONG = Style(gong=False)


def table() -> Iterator[tuple[str, str, str]]:
    """(section, written, said) of the hand-checked file."""
    section = ""
    for line in (Path(__file__).parent / "phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            written, _, said = line.partition(" = ")
            yield section, written.strip(), said


def names_of(pack: Pack) -> Pack:
    return PACKS[pack.names]


def said_of(section: str, written: str) -> str:
    language, kind, *numbers = section.split()
    pack = PACKS[language]
    style = Style(numbers[0] if numbers else "digits", gong=False)  # type: ignore[arg-type] # from the file
    if kind == "label":
        return grammar.spoken(tuple(grammar.label_parts(written, style, pack))).lower()
    if kind == "place":
        parts = grammar.place_parts(written, pack, names_of(pack), lambda part: True)
        return grammar.spoken(tuple(parts)).lower()
    return pack.read(written) if kind == "name" else called(written, style, pack)


def called(written: str, style: Style, pack: Pack) -> str:
    label, place, gerai, how = (cell.strip() for cell in written.split("|"))
    words = how.split()
    count = next((COUNTS[word] for word in words if word in COUNTS), 1)
    call = Call(label, place, gerai, count, "last" in words, "short" in words)
    wanted = Style(style.numbers, 2 if "twice" in words else 1, "nameless" not in words, gong=False)
    parts = grammar.announce(call, wanted, pack, names_of(pack), lambda part: "mute" not in words)
    return grammar.spoken(parts)


def test_the_hand_checked_phrases() -> None:
    rows = list(table())
    assert len(rows) >= 300
    assert len({(section, written) for section, written, _ in rows}) == len(rows)
    assert [(written, said_of(section, written), said) for section, written, said in rows if said_of(section, written) != said] == []


@cache
def read_back(language: str) -> dict[str, str]:
    """said -> key of the pack's numbers."""
    numbers = PACKS[language].numbers
    assert len(set(numbers.values())) == len(numbers)
    return {said: key for key, said in numbers.items()}


def value_of(words: list[str], language: str) -> int:
    """A number in words, read by another rule than the one that wrote it."""
    total = part = unit = 0
    for word in words:
        key = read_back(language)[word]
        if key.isdigit():
            part, unit = (part, int(key)) if int(key) < 10 else (part + int(key), 0)
        elif key == "belas":
            part, unit = part + 10 + unit, 0
        elif key == "puluh":
            part, unit = part + 10 * unit, 0
        elif key in ("ratus", "seratus"):
            part, unit = part + 100 * (unit or 1), 0
        elif key in ("ribu", "seribu"):
            total, part, unit = total + 1000 * (part + unit or 1), 0, 0
    return total + part + unit


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_reads_back_as_itself(language: str) -> None:
    pack = PACKS[language]
    wrong = []
    for number in range(10000):
        cardinal, digits = (
            [part.say for part in grammar.label_parts(f"{number:03d}", Style(style), pack)] for style in ("cardinal", "digits")  # type: ignore[arg-type] # both are styles
        )
        if value_of(cardinal, language) != number or "".join(read_back(language)[word] for word in digits) != f"{number:03d}":
            wrong.append(number)
    assert wrong == []


@pytest.mark.parametrize("name", sorted(counting.COUNTING))
def test_a_pack_must_have_just_the_words_that_are_counted_with(name: str) -> None:
    assert set(NUMBERS[name]) == counting.WORDS[name] | set("0123456789")
    with pytest.raises(ValueError, match="not from 0"):
        counting.COUNTING[name](10000)


def plans() -> list[dict[str, Any]]:
    return [read_floor(file).as_data() for file in sorted(FLOORS.glob("*.toml"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_of_both_floor_plans_has_a_text_and_its_clips_ship(language: str) -> None:
    pack, bank, lost = PACKS[language], Bank(Folder(SHIPPED)), set()
    for plan in plans():
        names = {row["code"]: row["name"] for row in plan["gerai"]}
        prefixes = [row["prefix"] for row in plan["series"]]
        for place, counter in enumerate(plan["counters"]):
            call = Call(f"{prefixes[place % len(prefixes)]}-{place:03d}", counter["label"], names[counter["gerai"]], 1 + place % 6, place % 7 == 6)
            parts = grammar.announce(call, Style("cardinal", 2), pack, names_of(pack))
            assert call.gerai in grammar.text(parts)
            assert f"{counter['label'].split()[0].lower() if language != 'en' else 'counter'} " in grammar.text(parts)
            lost |= {part.clip for part in parts if bank.find(part) is None}
    lost |= {part.clip for part in pack.parts() if bank.find(part) is None}
    assert lost == set()


@given(
    label=st.from_regex(r"[A-Z0-9]{1,4}-[0-9]{1,4}", fullmatch=True), place=st.text(max_size=30), gerai=st.text(max_size=60),
    count=st.integers(1, 20), last=st.booleans(), short=st.booleans(), mute=st.booleans(), language=st.sampled_from(LANGUAGES),
    numbers=st.sampled_from(["digits", "cardinal"]), repeat=st.integers(1, 2),
)  # fmt: skip
def test_whatever_is_written_a_call_is_sentences(
    label: str, place: str, gerai: str, count: int, last: bool, short: bool, mute: bool, language: str, numbers: Any, repeat: int
) -> None:
    pack = PACKS[language]
    parts = grammar.announce(Call(label, place, gerai, count, last, short), Style(numbers, repeat), pack, names_of(pack), lambda part: not mute)
    said = grammar.spoken(parts)
    assert said[0].isupper()
    assert said.endswith(".")
    assert all(part.say.strip(" ,.") for part in parts[0 if short else 1 :])
    assert (parts[0].clip == "gong") is not short
    assert not mute or all(part.known or part.clip == "gong" for part in parts)
    assert len(parts) < 600


@pytest.mark.parametrize("label", ["", "B", "b-1", "B-", "B-12345", "ABCDE-1", "B 1", "B-1 ", "Ä-1", "B-１"])
def test_a_label_that_is_none_is_refused(label: str) -> None:
    with pytest.raises(NotALabel):
        grammar.announce(Call(label, "Loket 1"), SILENT_GONG, PACKS["id"], PACKS["id"])


def test_the_text_is_written_as_people_write() -> None:
    parts = grammar.announce(Call("B-001", "Loket 1", "BPJS Kesehatan"), SILENT_GONG, PACKS["id"], PACKS["id"])
    assert grammar.text(parts) == "Nomor antrean B, nol nol satu, silakan menuju loket satu, BPJS Kesehatan."


def test_a_site_s_lexicon_goes_first() -> None:
    own = packs_of({"PLN": "listrik negara", "KPKNL": "kekayaan negara"})["id"]
    assert own.read("PLN dan KPKNL") == "listrik negara dan kekayaan negara"
    assert PACKS["id"].read("PLN") == "pe el en"


def test_capitals_that_read_as_a_word_are_said_as_one() -> None:
    words = ("DINAS", "IMIGRASI", "KEMENAG", "BAPPEDA", "BAPENDA", "BAWASLU", "KAPOLRI", "DISNAKER")
    assert [PACKS["id"].read(word) for word in words] == [word.lower() for word in words]
    for letters in ("KPKNL", "BKPSDM", "DPUPR", "BPKAD", "DPRD", "PUPR", "UPTSA", "DLHK"):
        assert PACKS["id"].read(letters) == " ".join(PACKS["id"].letters[letter] for letter in letters)


def test_a_clip_said_otherwise_is_not_used() -> None:
    """A site that reads PLN otherwise does not hear the clip of `pe el en`."""
    bank = Bank(Folder(SHIPPED))
    name = PACKS["id"].name_part("PLN")
    assert bank.find(name) is not None
    assert bank.find(packs_of({"PLN": "listrik negara"})["id"].name_part("PLN")) is None
    assert isinstance(name, Part)
    assert name.clip == f"gerai-{slug('PLN')}"
