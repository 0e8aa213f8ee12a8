"""Every script on paper: fonts that come along, letters that join, lines that stay on the paper.

Planted, each seen red: a font's coverage that claims a letter more; Arabic drawn letter by letter (the basic layout);
runs of a right-to-left line in reading order; a line without its limit of height; `_pieces` that never tears;
`harmless` that leaves the picture as it is; the box of an unknown letter left out.
"""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers.charset import without_controls
from printers.drawing import draw, lines_of
from printers.faces import Face, clusters, faces, opened, runs
from printers.layout import build
from printers.profile import Profile
from printers.raster import harmless, raster_bytes
from printers.sheet import DRAWN_LINES_MAX
from printers.slip import Slip
from printers.virtual.parser import Command, tokenise
from tests.printers.rendering import printed
from tests.printers.samples import SCRIPTS, slip

EM = 24
REAL_TIME = [bytes((0x10, code)) for code in (0x04, 0x05, 0x14)]
NOBODY_HAS = "\U0001f9ff"
LINES = [
    "欢迎来到古邦市公共服务中心，请等候叫号（第3号柜台）。", "مرحبا بكم في مركز الخدمة رقم 5 Loket 2",
    "Łódź café Ñandú ő şğ", "สำนักงานบริการสาธารณะ", "ꦥꦼꦭꦪꦤꦤ꧀ꦥꦸꦧ꧀ꦭꦶꦏ꧀", "ᬧᭂᬮᬬᬦᬦ᭄", "a" * 200, "مرحبا 你好 abc",
]  # fmt: skip


def ink(picture: Image.Image) -> int:
    return picture.convert("L").histogram()[0]


def mask_of(face: Face, char: str) -> tuple[tuple[int, int], bytes]:
    mask = opened(face.file, 32).getmask(char, mode="L")
    return mask.size, bytes(mask)


@pytest.mark.parametrize("face", faces(), ids=lambda face: face.file)
def test_a_font_has_what_its_coverage_says(face: Face) -> None:
    """Its first, last and some letters between differ from what it shows for a letter that it lacks."""
    lacking = mask_of(face, "\ue123")
    middles = [(first + last) // 2 for first, last in zip(face.starts, face.ends, strict=True)]
    step = len(middles) // 24 + 1
    letters = map(chr, (*face.starts[::step], *middles[::step], *face.ends[::step], face.ends[-1]))
    shown = [char for char in letters if char.isalnum()]
    assert shown and [char for char in shown if mask_of(face, char) == lacking] == []


@pytest.mark.fribidi
def test_arabic_letters_join() -> None:
    """Joined, the word is narrower than its letters side by side, and its first letter stands at the right."""
    word = "بيت"
    apart = sum(draw(letter, EM * 4, 576).width for letter in word)
    assert draw(word, EM * 4, 576).width < apart * 0.9


@pytest.mark.fribidi
def test_a_mark_behind_latin_letters_stands_where_the_lines_direction_says() -> None:
    assert draw("abc.", EM, 576).tobytes() != draw("abc.", EM, 576, rtl=True).tobytes()


@pytest.mark.fribidi
def test_a_right_to_left_line_with_two_fonts_runs_from_the_right() -> None:
    line = draw("مرحبا 你", EM * 4, 576)
    chinese = draw("你", EM * 4, 576)
    assert line.crop((0, 0, chinese.width, line.height)).getbbox() is not None
    left = line.crop((0, line.height - chinese.height, chinese.width, line.height))
    assert ImageChops.difference(left.convert("L"), chinese.convert("L")).histogram()[255] < chinese.width * chinese.height / 20


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("dots", [384, 576])
def test_lines_fit_the_paper_and_lose_nothing(text: str, dots: int) -> None:
    lines = lines_of(text, EM * 2, dots)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        picture = draw(line, EM * 2, dots)
        assert picture.width <= dots and ink(picture) > 0
    assert len(lines) > 4 or len(text) < 200
    # as few as can be: all but the last are not half empty
    assert len(lines) < 3 or all(draw(line, EM * 2, dots).width > dots * 0.4 for line in lines[:-1])


def test_closing_marks_begin_no_line() -> None:
    for dots in range(100, 400, 12):
        lines = lines_of(LINES[0], EM, dots)
        assert not any(line[0] in "，）。" or line[-1] == "（" for line in lines)


def test_a_letter_that_no_font_has_is_a_box_and_nothing_else_is() -> None:
    (run,) = runs(NOBODY_HAS)
    assert run.face is None
    box = draw(NOBODY_HAS, EM * 2, 576)
    assert box.width > EM and ink(box) > EM
    assert ink(draw("A" + NOBODY_HAS, EM * 2, 576)) > ink(draw("A", EM * 2, 576))
    assert all(run.face for text in LINES for run in runs(text))
    assert all(run.face for run in runs("م\u0302")), "no font has both, two fonts have one each"


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\u0301\u0e38\u06d6\u200d\ufe0f你م")), max_size=40))
def test_any_line_is_bounded(text: str) -> None:
    clean = without_controls(text)
    for line in lines_of(clean, EM, 384):
        picture = draw(line, EM, 384)
        assert picture.mode == "1" and picture.width <= 384 and picture.height <= 3 * EM


@pytest.mark.fribidi
def test_a_heap_of_marks_is_cut_off() -> None:
    heap = draw("ก" + "\u0e48" * 150, 48, 576)
    assert 2 * 48 < heap.height <= 3 * 48 and len(list(clusters("x\u0302\u0301y"))) == 2


@settings(deadline=None, max_examples=200)
@given(data=st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x00, 0xFF]), min_size=1, max_size=60), width=st.integers(1, 40))
def test_no_picture_holds_a_real_time_command(data: list[int], width: int) -> None:
    row = (width + 7) // 8
    whole = bytes(data[: len(data) // row * row]) or bytes(row)
    picture = Image.frombytes("1", (row * 8, len(whole) // row), bytes(byte ^ 0xFF for byte in whole))
    picture = picture.crop((0, 0, width, picture.height))
    clean = raster_bytes(harmless(picture))
    assert not any(pair in clean for pair in REAL_TIME)
    before = raster_bytes(picture)
    assert len(clean) == len(before)
    assert all(old == new or (old, new) == (0x10, 0x18) for old, new in zip(before, clean, strict=True))


@pytest.mark.parametrize("width_mm", [58, 80])
def test_a_sites_lines_in_other_scripts_never_become_question_marks(width_mm: int) -> None:
    """Text mode for what the code page carries, pictures for the rest, nothing lost between them."""
    profile = Profile.from_dict({"width_mm": width_mm})
    with_lines = build(Slip.from_dict(slip(**SCRIPTS)), profile)
    text = printed(with_lines, width_mm).text()
    pictures = [token for token in tokenise(with_lines) if isinstance(token, Command) and token.name == "GS v 0"]
    assert "?" not in text and "Siapkan KK asli." in text and "Kependudukan" not in text
    assert len(pictures) >= 7


def test_a_slip_full_of_drawn_lines_ends_somewhere() -> None:
    """Planted: no DRAWN_LINES_MAX -> red (a megabyte, five seconds)."""
    endless = ["你" * 200] * 12
    stream = build(Slip.from_dict(slip(wifi_lines=endless, notes=endless, footer=endless)), Profile())
    pictures = [token for token in tokenise(stream) if isinstance(token, Command) and token.name == "GS v 0"]
    assert len(pictures) == DRAWN_LINES_MAX and len(stream) < 100_000


def test_a_font_that_cannot_be_opened_is_told_and_replaced(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "printers"):
        assert opened("gone.ttf", 24).getlength("A") > 0
    assert "gone.ttf" in caplog.text
