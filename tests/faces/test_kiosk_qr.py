"""The QR on the result is read by a phone, in both contrasts, and is absent where no phone could come.

Planted, each seen red and taken out: no quiet zone on a dark page; a picture asked for without a
public address.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from flask import Response
from PIL import Image
from playwright.sync_api import expect

from kiosk.qr import drawing
from tests.faces import hall
from tests.faces.stage import Stage
from tests.faces.test_fit import fits, in_sight

URL = "https://antrean.kupangkota.go.id/t/" + "t" * 22


def take(stage: Stage, **changes: Any) -> None:
    stage.set("kiosk:K1", hall.kiosk())
    stage.answer = lambda *_: (201, {**hall.issued(), **changes})
    stage.app.view_functions["kiosk.qr"] = lambda code, token: Response(drawing(URL), mimetype="image/svg+xml")
    stage.open("/kiosk/K1")
    stage.page.locator(".popular .tile").first.click()
    stage.page.locator("#take").click()
    expect(stage.page.locator("#number")).to_be_visible()


@pytest.mark.parametrize("size", [(1080, 1920), (1366, 768), (1280, 800)])
@pytest.mark.parametrize("contrast", ["", "high"])
def test_a_phone_reads_the_code_on_the_result(stage: Stage, size: tuple[int, int], contrast: str) -> None:
    stage.page.set_viewport_size({"width": size[0], "height": size[1]})
    take(stage, url=URL)
    if contrast:
        stage.page.locator('[data-wish="contrast"]').click()
    picture = stage.page.locator(".qr img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    fits(stage.page)
    for part in ("#number", ".paper", ".go-to", ".qr", "#done"):
        in_sight(stage.page, part)
    seen = Image.open(io.BytesIO(stage.page.screenshot()))
    assert [found.text for found in zxingcpp.read_barcodes(seen)] == [URL]


def test_without_a_public_address_there_is_no_code(stage: Stage) -> None:
    take(stage, url=None)
    expect(stage.page.locator(".qr")).to_have_count(0)
