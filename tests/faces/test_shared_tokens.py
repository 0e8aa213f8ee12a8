"""The tokens: contrast in both sets, text large enough at an arm's length, the shipped font, no colour past the tokens.

Planted, each seen red and taken out: --ink-soft #8a9aa2; --good of high contrast #228844; the
arm's large --t1 at 2.4vmin; the font's file renamed; a literal colour in staff.css.
"""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.faces.stage import ROOT, Stage

STATIC = ROOT / "server" / "shared" / "static"
TOKENS = (STATIC / "tokens.css").read_text("utf-8")
HEX = re.compile(r"(--[a-z0-9-]+):\s*(#[0-9a-f]{6});")
#: text and what it stands on
READ = [
    *((ink, ground) for ink in ("ink", "ink-soft", "primary", "good", "warn", "bad", "mark") for ground in ("page", "surface")),
    ("on-primary", "primary"), ("on-primary-soft", "primary"), ("on-bad", "bad"), ("good", "good-soft"), ("warn", "warn-soft"),
    ("bad", "bad-soft"), ("mark", "mark-soft"), ("primary", "primary-soft"), ("ink", "primary-soft"), ("on-primary", "primary-dark"),
]  # fmt: skip
#: lines, edges and rings and what they stand on
SEEN = [("line-strong", "surface"), ("line-strong", "page"), ("focus", "page"), ("focus", "surface"), ("focus-on-primary", "primary")]
#: millimetres of a pixel on a standing 27-inch screen of 1080 x 1920, and the least height of a capital (0.7 degrees at 60 cm)
PIXEL_MM, CAPITAL_MM, CAPITAL_EM = 0.3114, 7.3, 0.668


def colours(block: str) -> dict[str, str]:
    """The hex colours of one block of tokens.css, by name without dashes."""
    start = TOKENS.index(f"\n{block} {{")
    return {name.removeprefix("--"): value for name, value in HEX.findall(TOKENS[start : TOKENS.index("\n}", start)])}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("block", "text", "line"), [(":root", 4.5, 3.0), ('[data-contrast="high"]', 7.0, 4.5)])
def test_colours_contrast(block: str, text: float, line: float) -> None:
    held = colours(block)
    pale = {(ink, on): contrast(held[ink], held[on]) for ink, on in READ if contrast(held[ink], held[on]) < text}
    faint = {(edge, on): contrast(held[edge], held[on]) for edge, on in SEEN if contrast(held[edge], held[on]) < line}
    assert (pale, faint) == ({}, {})


def test_high_contrast_says_every_colour_anew() -> None:
    assert colours('[data-contrast="high"]').keys() == colours(":root").keys()


@pytest.mark.parametrize("plan", ["kota-kupang", "lampung-timur"])
def test_a_zones_name_reads_on_its_colour_and_the_colour_stands_out(plan: str) -> None:
    with (ROOT / "config" / "floors" / f"{plan}.toml").open("rb") as file:
        zones = tomllib.load(file)["zone"]
    light = colours(":root")
    for zone in zones:
        assert max(contrast(zone["color"], "#000000"), contrast(zone["color"], "#ffffff")) >= 4.5, zone["code"]
        assert contrast(zone["color"], light["surface"]) >= 3, zone["code"]
    assert len({zone["color"] for zone in zones}) == len(zones)


@pytest.mark.parametrize("name", ["base.css", "staff.css"])
def test_components_take_their_colours_from_the_tokens(name: str) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*\})|rgba?\(", (STATIC / name).read_text("utf-8")) == []


def test_large_text_at_an_arms_length(stage: Stage) -> None:
    """On the standing screen every size of large text, and each is larger than before."""
    stage.open("/shared-parts")
    sizes = """() => ["--t1", "--t2", "--t3", "--t4", "--t5", "--t-number"].map((name) => {
      const node = document.createElement("p"); document.body.append(node); node.style.fontSize = `var(${name})`;
      return parseFloat(getComputedStyle(node).fontSize); })"""
    stage.page.evaluate("document.body.className = 'arm'")
    before = stage.page.evaluate(sizes)
    stage.page.evaluate("document.documentElement.dataset.text = 'large'")
    after = stage.page.evaluate(sizes)
    assert all(large > usual for usual, large in zip(before, after, strict=True))
    assert min(after) * CAPITAL_EM * PIXEL_MM >= CAPITAL_MM


def test_low_reach_frees_the_upper_part_of_a_standing_screen(stage: Stage) -> None:
    stage.open("/shared-parts")
    free = """() => { const node = document.createElement("div"); document.body.append(node);
      node.style.height = "var(--reach-free)"; return node.getBoundingClientRect().height; }"""
    assert stage.page.evaluate(free) == 0
    stage.page.evaluate("document.documentElement.dataset.reach = 'low'")
    assert stage.page.evaluate(free) > 1920 * 0.4
    stage.page.set_viewport_size({"width": 1366, "height": 768})
    assert stage.page.evaluate(free) == 0


def test_every_computer_shows_the_same_letters(stage: Stage) -> None:
    stage.open("/shared-parts")
    loaded = stage.page.evaluate("document.fonts.ready.then((fonts) => [...fonts].map((one) => one.status))")
    assert loaded == ["loaded"]
    assert "SIL Open Font License" in (STATIC / "fonts" / "OFL.txt").read_text("utf-8")


def test_a_pictogram_is_drawn_from_the_one_file(stage: Stage) -> None:
    stage.open("/shared-parts")
    stage.page.evaluate("import('/shared/pictogram.js').then((m) => document.body.append(m.pictogram('bank')))")
    stage.page.wait_for_function("() => document.querySelector('use')?.getBoundingClientRect().width > 20")
