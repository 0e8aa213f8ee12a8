"""The shipped files themselves: sizes, pictograms, the vendored client, the texts the pages use.

Planted, each seen red and taken out: a pictogram deleted; a script in a pictogram; a module of
151 lines; a text key misspelt in a module; an inline style in a template.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.pictograms import PICTOGRAMS
from tests.faces.stage import ROOT, texts

FOLDERS = ("server/shared", "kiosk", "display")
PICTURES = ElementTree.parse(ROOT / "server" / "shared" / "static" / "pictograms.svg").getroot()
OWN = [
    path
    for folder in FOLDERS
    for kind in ("static/*.js", "static/*.css", "templates/**/*.html")
    for path in sorted((ROOT / folder).glob(kind))
]
PICTURED = re.compile(r"""pictogram\([^()]*?["']([a-z-]+)["']""")
KEY = re.compile(r"""["'`]((?:kiosk|display|common)\.[a-z_]+)["'`]""")
SHAPES = {"symbol", "path", "rect", "circle"}
#: what a drawing may say of itself: base.css gives line and colour, so that all have one stroke
SAYS = {"id", "viewBox", "d", "x", "y", "width", "height", "rx", "cx", "cy", "r", "fill"}


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_150_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 150


def test_every_pictogram_of_the_plans_is_drawn() -> None:
    drawn = [node.get("id") for node in PICTURES]
    assert set(PICTOGRAMS) <= set(drawn)
    assert sorted(set(drawn)) == drawn


def test_every_pictogram_a_module_names_is_drawn() -> None:
    drawn = {node.get("id") for node in PICTURES}
    scripts = (path.read_text("utf-8") for path in sorted(ROOT.glob("**/static/*.js")) if ".venv" not in str(path))
    named = {name for script in scripts for name in PICTURED.findall(script)}
    assert named <= drawn


@pytest.mark.parametrize("node", list(PICTURES), ids=lambda node: node.get("id"))
def test_a_pictogram_is_a_plain_drawing(node: ElementTree.Element) -> None:
    assert node.get("viewBox") == "0 0 24 24"
    assert {part.tag.rpartition("}")[2] for part in node.iter()} <= SHAPES
    assert {name for part in node.iter() for name in part.attrib} <= SAYS
    assert {part.get("fill") for part in node.iter()} <= {None, "currentColor"}


def test_every_text_the_modules_name_is_written() -> None:
    known = texts("id")
    named = {key for path in OWN for key in KEY.findall(path.read_text("utf-8"))}
    assert len(named) > 40
    assert named <= known.keys()


def test_every_reason_a_service_can_have_is_said_to_visitors() -> None:
    known = texts("id")
    reasons = {key.removeprefix("reason.") for key in known if key.startswith("reason.")}
    assert {f"kiosk.reason.{reason}" for reason in reasons} <= known.keys()


def test_templates_hold_nothing_inline() -> None:
    for path in OWN:
        if path.suffix == ".html":
            html = path.read_text("utf-8")
            assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(src=|application/json))", html), path


def test_the_vendored_client_is_the_pinned_one_with_its_licence() -> None:
    vendor = ROOT / "server" / "shared" / "static" / "vendor"
    head = (vendor / "socket.io.min.js").read_text("utf-8")[:200]
    assert "Socket.IO v4.8.4" in head
    assert "MIT" in (vendor / "socket.io.LICENSE.txt").read_text("utf-8")


def test_own_texts_are_in_both_languages() -> None:
    for lang in ("id", "en"):
        own = [key for key in json.loads((ROOT / "config/texts" / f"{lang}.json").read_text()) if key.startswith("kiosk.")]
        assert len(own) > 50
