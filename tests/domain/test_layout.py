"""The layout language: what it says is read whole, what is wrong is told with its line.

Planted, each seen red and taken out: a line's number counted without remarks; a bar inside quotes taken as one between
parts; only the first mistake told; a part twice; shares over 100; the plan not asked for a zone; a board taken for a call;
a share read from `٣`; 100 beside a part that has none; a distance of which four digits are
read; a list of gerai that is a comma.
"""

from __future__ import annotations

import pytest

from config import layouts
from server.domain.layout import PARTS, Layout, missing, parse
from tests.app.halls import make_floor


def codes(layout: Layout) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in layout.mistakes]


def test_a_layout_is_read_whole() -> None:
    layout = parse(
        "# pilar\n\nbilah: logo | nama\nbaris 60: panggilan 70 | papan gerai=DKC,PJK jarak=2 30\n"
        'bilah: berjalan "Buka | tutup 15.00"\nbaris: menunggu zona=A\n'
    )
    assert layout.mistakes == ()
    assert [(row.kind, row.share, [part.name for part in row.parts]) for row in layout.rows] == [
        ("strip", None, ["logo", "name"]), ("area", 60, ["call", "board"]), ("strip", None, ["ticker"]), ("area", None, ["waiting"]),
    ]  # fmt: skip
    board, ticker = layout.rows[1].parts[1], layout.rows[2].parts[0]
    assert (board.share, board.gerai, board.distance_m, board.line) == (30, ("DKC", "PJK"), 2, 4)
    assert ticker.words == "Buka | tutup 15.00"
    assert layout.rows[3].parts[0].zone == "A"


@pytest.mark.parametrize("name", layouts.READY)
def test_the_ready_layouts_have_no_mistake(name: str) -> None:
    layout = parse(layouts.load()[name])
    assert codes(layout) == [] and layout.rows
    assert layout.shows_calls is (name != "loket")


WRONG = {
    "": [(1, "empty")],
    "# hanya catatan": [(1, "empty")],
    "panggilan": [(1, "no_colon")],
    "kotak: panggilan": [(1, "unknown_line")],
    "baris: pangilan": [(1, "unknown_part")],
    "baris: video": [(1, "unknown_part")],
    "baris: panggilan |": [(1, "no_part")],
    "baris: panggilan\nbaris: panggilan": [(2, "twice")],
    "bilah: panggilan": [(1, "needs_row")],
    "bilah 20: jam": [(1, "strip_share")],
    "baris 0: panggilan": [(1, "bad_share")],
    "baris: panggilan 3x": [(1, "bad_share")],
    "baris \u0663: panggilan": [(1, "bad_share")],
    "baris: panggilan 70 | riwayat 40": [(1, "over_100")],
    "baris 70: panggilan\nbaris 40: riwayat": [(2, "over_100")],
    "baris: panggilan 100 | papan": [(1, "over_100")],
    "baris 100: panggilan\nbaris: papan": [(2, "over_100")],
    "baris: panggilan gerai=DKC": [(1, "unknown_option")],
    "baris: papan jarak=0": [(1, "bad_distance")],
    "baris: papan gerai=": [(1, "unknown_option")],
    "baris: papan gerai=,": [(1, "unknown_option")],
    "baris: papan jarak=00101000": [(1, "bad_distance")],
    "bilah: berjalan": [(1, "no_words")],
    'bilah: berjalan "Buka': [(1, "open_quote")],
    f'bilah: berjalan "{"x" * 201}"': [(1, "words_too_long")],
    "baris: papan\n" * 9: [(9, "too_many_rows")],
    "bilah: " + " | ".join(["menunggu"] * 7): [(1, "too_many_parts")],
    "baris: papan # " + "x" * 2000: [(1, "too_long")],
    # All at once, in the order of their lines.
    "baris: panggilan\n\n# catatan\nbaris: vidio\nkotak: jam": [(4, "unknown_part"), (5, "unknown_line")],
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_mistake_is_told_with_its_line(text: str) -> None:
    assert codes(parse(text)) == WRONG[text]


def test_what_was_meant_is_proposed() -> None:
    assert parse("baris: pangilan").mistakes[0].facts == {"what": "pangilan", "meant": "panggilan"}
    assert parse("baris: xyz").mistakes[0].facts["meant"] == ", ".join(PARTS)


def test_what_the_plan_does_not_have_is_told() -> None:
    floor = make_floor()
    layout = parse("baris: papan gerai=DKC,LAMA\nbaris: menunggu zona=Z\nbaris: loket")
    assert [(one.line, one.code, one.facts.get("what")) for one in missing(layout, floor)] == [
        (1, "unknown_gerai", "LAMA"), (2, "unknown_zone", "Z"), (3, "no_counter", None),
    ]  # fmt: skip
    assert [one.code for one in missing(parse("baris: loket"), floor, "DKC-9")] == ["unknown_counter"]
    assert missing(parse("baris: loket kode=DKC-1 | papan gerai=PJK zona=A"), floor) == ()


def test_only_what_shows_the_call_speaks_it() -> None:
    assert parse("baris: loket kode=A-1 | panggilan").shows_calls
    assert not parse("baris: loket kode=A-1").shows_calls
    assert not parse("baris: papan").shows_calls
