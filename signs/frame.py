"""One frame for one sign, from a template that the signs' file gives. Pure.

    <02>{address:2}{text}<03>{xor}

`<hh>` is the byte of these two hex digits. `{address}` and `{text}` are written in ASCII, `{text}` as wide as the sign
is; `{address:2}` is filled with zeros to two signs. A check is over every byte before it: `{xor}` and `{sum}` are one
byte, `{xor:hex}` and `{sum:hex}` its two hex digits in capitals.
"""

from __future__ import annotations

import re

_PIECE = re.compile(r"<([0-9A-Fa-f]{2})>|\{(address|text|xor|sum)(?::(hex|[1-9]))?\}|([^<>{}])")
TEMPLATE_MAX = 200


def mistake_of(template: str) -> str | None:
    """What is wrong with a template, as an Indonesian sentence; None: nothing."""
    if len(template) > TEMPLATE_MAX:
        return f"bingkai terlalu panjang; paling banyak {TEMPLATE_MAX} huruf"
    at = 0
    while at < len(template):
        piece = _PIECE.match(template, at)
        if piece is None:
            return f"bagian bingkai {template[at : at + 12]!r} tidak dikenal; tulis <hh>, {{address}}, {{text}}, {{xor}} atau {{sum}}"
        name, how = piece.group(2), piece.group(3)
        if (how == "hex") is not (name in ("xor", "sum") and how is not None) or not (piece.group(4) or "a").isascii():
            return f"bagian bingkai {piece.group(0)!r} tidak dapat dipakai; {{address:2}} untuk alamat, {{xor:hex}} untuk pemeriksa"
        at = piece.end()
    return None if "{text}" in template else "bingkai tidak memuat {text}"


def frame(template: str, address: str, text: str) -> bytes:
    """The bytes of a frame; `template` has no mistake."""
    out = bytearray()
    for byte, name, how, plain in _PIECE.findall(template):
        if byte:
            out.append(int(byte, 16))
        elif name == "address":
            out += address.zfill(int(how or 0)).encode("ascii", "replace")
        elif name == "text":
            out += text.encode("ascii", "replace")
        elif name:
            check = _check(name, out)
            out += f"{check:02X}".encode() if how else bytes([check])
        else:
            out += plain.encode("ascii", "replace")
    return bytes(out)


def _check(name: str, before: bytes | bytearray) -> int:
    value = 0
    for byte in before:
        value = value ^ byte if name == "xor" else (value + byte) & 0xFF
    return value


def fitted(text: str, width: int, align: str) -> str:
    """The text as wide as the sign; of one that is too wide the end, where the digits are."""
    text = text[-width:]
    return {"left": text.ljust, "right": text.rjust, "center": text.center}[align](width)
