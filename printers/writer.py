"""python-escpos made quiet: our own profile, nothing left behind by its import, nothing printed."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from printers.charset import printable_characters
from printers.graphics import print_request
from printers.profile import CODEPAGE_SLOTS, Profile
from printers.raster import harmless

_CAPABILITIES = {
    "profiles": {
        "default": {
            "name": "antrian",
            "vendor": "",
            "notes": "",
            "codePages": {str(slot): name.upper() for name, slot in CODEPAGE_SLOTS.items()},
            "colors": {"0": "black"},
            "features": {"paperFullCut": True, "paperPartCut": True, "qrCode": True},
            "fonts": {"0": {"columns": 48, "name": "Font A"}, "1": {"columns": 64, "name": "Font B"}},
            "media": {"dpi": 203, "width": {"mm": 80, "pixels": 576}},
        }
    },
    "encodings": {name.upper(): {"name": name.upper(), "python_encode": name} for name in CODEPAGE_SLOTS},
}


@contextmanager
def _contained_import() -> Iterator[None]:
    """Undo what importing escpos does to the process.

    Its import calls logging.basicConfig(), parses a 0.2 s capability database and leaves a
    temporary folder with a pickle for each process (python-escpos 3.1, capabilities.py). Here it
    reads our small profile from a private folder that is removed when the import is over.
    """
    names = ("ESCPOS_CAPABILITIES_PICKLE_DIR", "ESCPOS_CAPABILITIES_FILE")
    environment = {name: os.environ.get(name) for name in names}
    handlers, temporary = logging.root.handlers[:], tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="mpp-escpos-") as folder:
        capabilities = Path(folder, "capabilities.json")
        capabilities.write_text(json.dumps(_CAPABILITIES), encoding="utf-8")
        os.environ.update(zip(names, (folder, str(capabilities)), strict=True))
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = temporary
            logging.root.handlers[:] = handlers
            for name, value in environment.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


class _Escpos(NamedTuple):
    """The three things of python-escpos that are used here."""

    printer: Any
    profile: Any
    error_correction_m: int


_loading = threading.Lock()


@lru_cache(maxsize=1)
def _load() -> _Escpos:
    with _contained_import():
        from escpos.capabilities import Profile as EscposProfile
        from escpos.constants import QR_ECLEVEL_M
        from escpos.printer import Dummy
    return _Escpos(Dummy, EscposProfile, QR_ECLEVEL_M)


def load_escpos() -> _Escpos:
    """Import python-escpos (0.2 s the first time). A process calls it before it starts threads."""
    with _loading:
        return _load()


class SlipWriter:
    """Collects the bytes of one slip. Sizes are multiples of font A's 12 x 24 dots, 1 to 8."""

    def __init__(self, profile: Profile) -> None:
        self._allowed = printable_characters(profile.codepage)
        escpos = load_escpos()
        self._error_correction = escpos.error_correction_m
        self._escpos = escpos.printer(profile=escpos.profile(columns=profile.chars))
        self._style = (1, 1, False, False)
        self._escpos.hw("INIT")
        self._escpos.magic.force_encoding(profile.codepage.upper())

    @property
    def data(self) -> bytes:
        """Everything written so far."""
        return self._escpos.output

    def style(self, *, width: int = 1, height: int = 1, bold: bool = False, invert: bool = False) -> None:
        """The look of the lines that follow."""
        wanted = (width, height, bold, invert)
        if wanted != self._style:
            self._escpos.set(custom_size=True, width=width, height=height, bold=bold, invert=invert)
            self._style = wanted

    def align(self, where: str) -> None:
        """`left`, `center` or `right`, from the next line on."""
        self._escpos.set(align=where)

    def line(self, text: str = "") -> None:
        """One line; whatever is not a character of the printer's code page becomes `?`."""
        self._escpos.textln("".join(char if char in self._allowed else "?" for char in text))

    def feed(self, lines: int) -> None:
        """Empty lines of 1/6 inch."""
        self._escpos.print_and_feed(lines)

    def native_qr(self, text: str, dots_per_module: int) -> None:
        """A QR code drawn by the printer (error correction M)."""
        self._escpos.qr(text, ec=self._error_correction, size=dots_per_module, native=True)

    def image(self, picture: Image.Image) -> None:
        """A black and white picture, at most as wide as the paper, on a line of its own."""
        self._escpos.image(harmless(picture), impl="bitImageRaster")

    def kept_image(self, key: bytes) -> None:
        """The picture that the printer itself keeps under the two characters `key` (GS ( L, function 69)."""
        self._escpos._raw(print_request(key))

    def cut(self) -> None:
        """Feed to the cutter and cut (GS V 66 0, "function B" of the command reference)."""
        self._escpos.cut(feed=False)

