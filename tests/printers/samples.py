"""Slips as the server composes them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

LINK = "http://mpp.kupang.lan/t/Zk3vT0pQ9sX1aB7cD5eF2g"


#: a site's own lines in other scripts
SCRIPTS = {
    "language": "mkn", "gerai": "Dinas Kependudukan (Łódź, José)", "place": "Zona A · 一号柜台 · Loket 1",
    "notes": ["ستة وثائق مطلوبة في المنضدة رقم 2", "ڤلاينن عوام كوت كوڤڠ", "Siapkan KK asli."],
    "site_name": "古邦市公共服务中心", "footer": ["ꦥꦼꦭꦪꦤꦤ꧀ꦥꦸꦧ꧀ꦭꦶꦏ꧀", "Nomor hanya berlaku hari ini."],
}  # fmt: skip
ENGLISH = {
    "language": "en", "service": "National identity card (KTP-el)", "gerai": "Civil Registry Office",
    "place": "Zone A · Counter 1, 2", "issued_text": "Tue, 3 Nov 2026 08:15 WITA",
    "ahead_text": "5 people are waiting before you", "estimate_text": "Estimated wait 10–20 minutes",
    "priority_text": "Priority: elderly", "qr_caption": "Scan to follow the queue",
    "wifi_lines": ["Guest Wi-Fi: MPP-TAMU", "Password: kupang2026"], "notes": ["Bring your family card."],
    "footer": ["Keep this number until you have been served."],
}  # fmt: skip


def png_of(image: Image.Image) -> bytes:
    """The picture as a PNG file."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def coat_of_arms(width: int = 200, height: int = 256, hue: str = "#123a7c") -> Image.Image:
    """A logo as a city has one: a shield in few colours on a clear ground."""
    large = Image.new("RGBA", (width * 4, height * 4))
    pen, right, low = ImageDraw.Draw(large), width * 4 - 1, height * 4 - 1
    pen.polygon([(0, 0), (right, 0), (right, low * 2 // 3), (right // 2, low), (0, low * 2 // 3)], fill=hue)
    pen.ellipse((right // 4, low // 8, right * 3 // 4, low // 2), fill="#f2c230")
    pen.polygon([(right // 2, low // 6), (right * 5 // 8, low * 5 // 12), (right * 3 // 8, low * 5 // 12)], fill="#c22020")
    pen.rectangle((right // 6, low * 9 // 16, right * 5 // 6, low * 5 // 8), fill="white")
    return large.resize((width, height), Image.Resampling.LANCZOS)


def slip(number: str = "A-001", **changes: Any) -> dict[str, Any]:
    """A complete slip as plain data."""
    return {
        "version": 1, "language": "id", "site_name": "Mal Pelayanan Publik Kota Kupang",
        "number": number, "copy": 0, "copy_mark": None, "service": "Perekaman KTP-el",
        "gerai": "Dinas Kependudukan dan Pencatatan Sipil", "place": "Zona A · Loket 1, 2",
        "issued_text": "Sel, 3 Nov 2026 08.15 WITA", "ahead_text": "5 orang di depan Anda",
        "estimate_text": "Perkiraan tunggu 10–20 menit", "priority_text": None, "qr": LINK,
        "qr_caption": "Pindai untuk memantau antrean",
        "wifi_lines": ["Wi-Fi: MPP-TAMU", "Kata sandi: kupang2026"], "notes": ["Siapkan KK asli."],
        "footer": ["Nomor hanya berlaku hari ini."], **changes,
    }  # fmt: skip
