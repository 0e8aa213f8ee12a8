"""Slips as the server composes them."""

from __future__ import annotations

from typing import Any

LINK = "http://mpp.kupang.lan/t/Zk3vT0pQ9sX1aB7cD5eF2g"


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
