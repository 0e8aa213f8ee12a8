"""Slips to bytes, beside the same words written by python-escpos and Pillow alone.

The floor does what any program with these libraries would do: no wrapping, no allow-list, no choice of font, no
limit. What is drawn is another text each time, so that nothing comes from a memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from printers.faces import FONTS
from printers.layout import build
from printers.profile import Profile
from printers.slip import Slip
from printers.writer import load_escpos

from server.ops.bench.figures import Round

WIDTHS = (80, 58)
KINDS = ("text", "drawn")
_LINK = "http://mpp.kupang.lan/t/Zk3vT0pQ9sX1aB7cD5eF2g"
_TEXT = {
    "site_name": "Mal Pelayanan Publik Kota Kupang", "service": "Perekaman KTP-el", "place": "Zona A · Loket 1, 2",
    "gerai": "Dinas Kependudukan dan Pencatatan Sipil", "issued_text": "Sel, 3 Nov 2026 08.15 WITA",
    "ahead_text": "5 orang di depan Anda", "estimate_text": "Perkiraan menunggu 10-20 menit",
    "priority_text": "Prioritas: lansia", "qr": _LINK, "qr_caption": "Pindai untuk memantau antrean",
    "wifi_lines": ["Wi-Fi tamu: MPP-TAMU", "Kata sandi: kupang2026"], "footer": ["Simpan nomor ini sampai layanan selesai."],
}  # fmt: skip
#: two lines of a site's own in other scripts; a QR code as a picture comes with them
_DRAWN = ("欢迎来到公共服务中心", "مرحبا بكم في مركز الخدمة")
_EM = 24


def name_of(kind: str, width_mm: int) -> str:
    return f"slip {width_mm} mm {kind}"


def floor_of(kind: str, width_mm: int) -> str:
    return f"bare {width_mm} mm {kind}"


def makers() -> dict[str, Callable[[int], bytes]]:
    """What to measure, by its name in the table: the bytes of the slip with this running number."""
    made: dict[str, Callable[[int], bytes]] = {}
    for width_mm in WIDTHS:
        for kind in KINDS:
            made[floor_of(kind, width_mm)] = _bare(kind, Profile.from_dict({"width_mm": width_mm}))
            made[name_of(kind, width_mm)] = _ours(kind, width_mm)
    return made


def measure(make: Callable[[int], bytes], duration_s: float) -> Round:
    """As many slips as go into the time, one after the other."""
    make(0)
    began = time.perf_counter()
    took: list[float] = []
    while (at := time.perf_counter()) < began + duration_s:
        make(len(took) + 1)
        took.append(time.perf_counter() - at)
    return Round(tuple(took), time.perf_counter() - began)


def _lines(number: int) -> list[str]:
    return [f"{text} {number}" for text in _DRAWN]


def _ours(kind: str, width_mm: int) -> Callable[[int], bytes]:
    drawn = kind == "drawn"
    profile = Profile.from_dict({"width_mm": width_mm, "native_qr": not drawn})

    def make(number: int) -> bytes:
        notes = _lines(number) if drawn else []
        return build(Slip.from_dict({"number": f"A-{number:03d}", "notes": notes, **_TEXT}), profile)

    return make


def _bare(kind: str, profile: Profile) -> Callable[[int], bytes]:
    escpos = load_escpos()

    def make(number: int) -> bytes:
        printer = escpos.printer(profile=escpos.profile(columns=profile.chars))
        printer.set(align="center", custom_size=True, width=7, height=8)
        printer.textln(f"A-{number:03d}")
        printer.set(align="center", normal_textsize=True)
        if kind == "text":
            printer.qr(_LINK, native=True, size=6)
        else:
            printer.image(_qr_picture(), impl="bitImageRaster")
            for text in _lines(number):
                printer.image(_picture(text, profile.dots), impl="bitImageRaster")
        for value in _TEXT.values():
            for line in [value] if isinstance(value, str) else value:
                printer.textln(line.replace("·", "-"))
        printer.cut()
        return bytes(printer.output)

    return make


def _picture(text: str, dots: int) -> Image.Image:
    font: Any = ImageFont.truetype(FONTS / "DroidSansFallback.ttf", _EM)
    picture = Image.new("1", (min(dots, round(font.getlength(text))), _EM * 6 // 5), 1)
    ImageDraw.Draw(picture).text((0, 0), text, fill=0, font=font)
    return picture


def _qr_picture() -> Image.Image:
    import qrcode

    code = qrcode.QRCode(box_size=6, border=0)
    code.add_data(_LINK)
    return code.make_image().get_image()
