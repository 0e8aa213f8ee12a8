"""The printing mechanism: carries out parsed commands on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import qrcode
from PIL import Image

from printers.virtual.paper import Cells, Paper, Style
from printers.virtual.parser import Text, Token, Unknown

# ESC t: page number -> Python codec (command reference, "ESC t", character code tables).
CODEPAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
}  # fmt: skip
LINE_DOTS = 30
_EC = {48: 1, 49: 0, 50: 3, 51: 2}  # GS ( k 69: L M Q H -> the constants of the QR standard

class Mechanism:
    """`on_slip(paper, cut)` gets each finished piece, `on_error(sentence)` each mistake found."""

    def __init__(
        self, width_mm: int, on_slip: Callable[[Paper, bool], None], on_error: Callable[[str], None]
    ) -> None:
        self._width_mm = width_mm
        self._on_slip = on_slip
        self._on_error = on_error
        self._paper = Paper(width_mm)
        self._initialise()

    def execute(self, token: Token) -> None:
        """Carry out one token."""
        if isinstance(token, Text):
            self._print_text(token.raw)
        elif isinstance(token, Unknown):
            self._on_error(f"Bita tidak dikenal pada posisi {token.offset}: {token.raw[:16].hex(' ')}")
        elif handler := self._SIMPLE.get(token.name):
            handler(self, token.args)
        elif token.name not in self._WITHOUT_EFFECT:
            self._on_error(f"Perintah {token.name} belum ditiru.")

    def print_kept(self, picture: Image.Image | None) -> None:
        """GS ( L function 69: works at the beginning of a line only."""
        if self._cells:
            self._on_error("GS ( L di tengah baris tidak berlaku.")
        elif picture is None:
            self._on_error("Gambar itu tidak ada dalam ingatan.")
        else:
            self._paper.print_image(picture, self._align)

    def tear_off(self) -> None:
        """The job ended without a cut: whoever waits takes what there is."""
        self._cells.clear()
        self._finish(cut=False)

    def _initialise(self, _args: bytes = b"") -> None:
        """ESC @: modes as at power-on; what stands in the line buffer is lost, paper is not."""
        self._cells: Cells = []
        self._style = Style()
        self._align = 0
        self._line_dots = LINE_DOTS
        self._codec = CODEPAGES[0]
        self._qr = {"size": 3, "ec": 48, "data": b""}

    def _print_text(self, raw: bytes) -> None:
        for char in raw.decode(self._codec, errors="replace"):
            used = sum(style.dots[0] for _, style in self._cells)
            if used + self._style.dots[0] > self._paper.dots and self._cells:
                self._new_line()
            self._cells.append((char, self._style))

    def _new_line(self, _args: bytes = b"") -> None:
        self._paper.print_line(self._cells, self._align, self._line_dots)
        self._cells = []

    def _feed_lines(self, args: bytes) -> None:
        if self._cells:
            self._new_line()
        self._paper.feed(args[0] * self._line_dots)

    def _feed_dots(self, args: bytes) -> None:
        if self._cells:
            self._new_line()
        self._paper.feed(args[0])

    def _cut(self, args: bytes) -> None:
        if self._cells:
            self._new_line()
        self._paper.feed(args[1] if len(args) > 1 else 0)
        self._finish(cut=True)

    def _finish(self, cut: bool) -> None:
        paper, self._paper = self._paper, Paper(self._width_mm)
        if not paper.blank:
            self._on_slip(paper, cut)

    def _modes(self, args: bytes) -> None:
        """ESC !: bit 0 font B, 3 bold, 4 double height, 5 double width, 7 underline."""
        bits = args[0]
        self._style = replace(
            self._style, font=bits & 1, bold=bool(bits & 8), height=2 if bits & 16 else 1,
            width=2 if bits & 32 else 1, underline=1 if bits & 128 else 0,
        )  # fmt: skip

    def _size(self, args: bytes) -> None:
        """GS !: width multiplier in bits 4-6, height in bits 0-2."""
        self._style = replace(self._style, width=(args[0] >> 4) + 1, height=(args[0] & 7) + 1)

    def _bold(self, args: bytes) -> None:
        self._style = replace(self._style, bold=bool(args[0] & 1))

    def _invert(self, args: bytes) -> None:
        self._style = replace(self._style, invert=bool(args[0] & 1))

    def _underline(self, args: bytes) -> None:
        self._style = replace(self._style, underline=args[0] % 48)

    def _choose_font(self, args: bytes) -> None:
        self._style = replace(self._style, font=args[0] % 48)

    def _justify(self, args: bytes) -> None:
        """ESC a works at the beginning of a line only."""
        if self._cells:
            self._on_error("ESC a di tengah baris tidak berlaku.")
        else:
            self._align = args[0] % 48

    def _codepage(self, args: bytes) -> None:
        if args[0] in CODEPAGES:
            self._codec = CODEPAGES[args[0]]
        else:
            self._on_error(f"Tabel karakter {args[0]} tidak dikenal.")

    def _default_spacing(self, _args: bytes) -> None:
        self._line_dots = LINE_DOTS

    def _spacing(self, args: bytes) -> None:
        self._line_dots = args[0]

    def _raster(self, args: bytes) -> None:
        """GS v 0: one bit per dot, 1 is black; m doubles width (1), height (2) or both (3)."""
        width, height = (args[1] + args[2] * 256) * 8, args[3] + args[4] * 256
        image = Image.frombytes("1", (width, height), bytes(byte ^ 0xFF for byte in args[5:]))
        mode = args[0] % 48
        wide, tall = width * (2 if mode & 1 else 1), height * (2 if mode & 2 else 1)
        if wide > self._paper.dots + 7:
            self._on_error(f"Gambar {wide} titik lebih lebar daripada kertas.")
        self._paper.print_image(image.resize((wide, tall)), self._align)

    def _two_dimensional(self, args: bytes) -> None:
        """GS ( k pL pH cn fn ...; cn 49 is QR code."""
        code, function, rest = args[2], args[3] if len(args) > 3 else 0, args[4:]
        if code != 49:
            self._on_error(f"Kode dua dimensi {code} belum ditiru.")
        elif function == 67 and len(rest) == 1 and 1 <= rest[0] <= 16:
            self._qr["size"] = rest[0]
        elif function == 69 and len(rest) == 1 and rest[0] in _EC:
            self._qr["ec"] = rest[0]
        elif function == 80 and len(rest) > 1 and rest[0] == 48:
            self._qr["data"] = rest[1:]
        elif function == 81 and rest == b"0":
            self._print_qr()
        elif not (function == 65 and len(rest) == 2 and rest[0] in (49, 50)):
            self._on_error(f"GS ( k fungsi {function} tidak benar.")

    def _print_qr(self) -> None:
        if not self._qr["data"]:
            self._on_error("Kode QR tanpa isi.")
            return
        code = qrcode.QRCode(error_correction=_EC[self._qr["ec"]], box_size=self._qr["size"], border=0)
        code.add_data(self._qr["data"])
        try:
            image = code.make_image().get_image()
        except ValueError:
            self._on_error("Isi kode QR terlalu panjang.")
            return
        self._paper.print_image(image, self._align)
        payload = self._qr["data"].decode("utf-8", errors="replace")
        self._paper.codes.append(payload)
        self._paper.lines.append(f"[QR] {payload}")

    _SIMPLE: dict[str, Callable[[Mechanism, bytes], None]] = {
        "LF": _new_line, "ESC @": _initialise, "ESC !": _modes, "GS !": _size, "ESC E": _bold,
        "ESC G": _bold, "GS B": _invert, "ESC -": _underline, "ESC M": _choose_font,
        "ESC a": _justify, "ESC t": _codepage, "ESC 2": _default_spacing, "ESC 3": _spacing,
        "ESC d": _feed_lines, "ESC J": _feed_dots, "GS V": _cut, "GS v 0": _raster,
        "GS ( k": _two_dimensional,
    }  # fmt: skip
    # CR is ignored by a printer that feeds on LF; status is answered on arrival; smoothing is on.
    _WITHOUT_EFFECT = frozenset({"CR", "DLE EOT", "FS .", "GS b"})

