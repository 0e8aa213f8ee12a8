"""The site's logo at one printer: kept in the printer's own memory where it can, drawn on each slip otherwise.

The printer is asked which pictures it has; only one that it lacks is stored, a few times at most, for its memory
wears. It is asked again when it comes back from being out of order or away: it may be another printer.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from pathlib import Path

from PIL import Image

from printers.errors import PrinterError
from printers.graphics import ACK, LIST_REQUEST, KeyList, delete_request, store_request
from printers.link import Driver, Link
from printers.logo import Logo, LogoUnusable, key_of, picture_of
from printers.profile import Profile
from printers.raster import raster_bytes

log = logging.getLogger("printers")

#: the list comes within milliseconds; writing the memory takes a printer up to some seconds
LIST_S, STORE_S = 2.0, 10.0
STORES_MAX = 3
_CHUNK_BYTES = 1024
_BLOCKS_MAX = 8
#: a logo that takes a serial line longer than this is left out of slips, and so is not their end
_LINE_S, _BITS_A_BYTE = 2.0, 10


def listed(link: Link, driver: Driver, wait_s: float = LIST_S) -> set[bytes] | None:
    """The keys of the pictures that the printer keeps; None: it keeps none or cannot say. Raises PrinterError."""
    answer = KeyList()
    link.write(LIST_REQUEST, driver.write_timeout_s)
    deadline = time.monotonic() + wait_s
    for _ in range(_BLOCKS_MAX):
        while not answer.owes_ack and (left_s := deadline - time.monotonic()) > 0:
            answer.feed(link.read(left_s))
        if not answer.owes_ack:
            return None
        link.write(ACK, driver.write_timeout_s)
        answer.owes_ack = False
        if answer.complete:
            return answer.keys
    return None


class Keeper:
    """One printer's. `png` may be set from outside at any time; everything else is its worker's."""

    def __init__(self, folder: Path, printer: str) -> None:
        self.png: bytes | None = None
        self._memory = folder / f"{printer}.logo"
        self._printer = printer
        self._unusable: bytes | None = None
        self._kept = b""
        self._given_up = b""
        self._stores: dict[bytes, int] = {}

    def logo(self, driver: Driver, profile: Profile) -> Logo | None:
        """What goes on the next slip."""
        picture = self._picture(profile)
        if picture is None:
            return None
        if self._kept == key_of(picture):
            return Logo(picture, self._kept)
        baud = getattr(driver, "baud", None)  # of serial drivers alone
        too_slow = baud and len(raster_bytes(picture)) * _BITS_A_BYTE / baud > _LINE_S
        return None if too_slow else Logo(picture)

    def tend(self, driver: Driver, profile: Profile, in_order: bool) -> None:
        """Between slips: see that the printer has the logo. `in_order`: it keeps pictures and can be asked now."""
        picture = self._picture(profile)
        if picture is None or not in_order:
            self._kept = self._given_up = b""
            return
        key = key_of(picture)
        if key in (self._kept, self._given_up):
            return
        try:
            with closing(driver.open()) as link:
                there = self._ensure(link, driver, key, picture)
                link.finish(driver.write_timeout_s)
        except PrinterError as error:
            there = False
            log.warning("%s: logo not kept: %s", self._printer, error)
        self._kept, self._given_up = (key, b"") if there else (b"", key)
        if not there:
            log.warning("%s: keeps no logo; it is drawn on each slip", self._printer)

    def _ensure(self, link: Link, driver: Driver, key: bytes, picture: Image.Image) -> bool:
        keys = listed(link, driver)
        if keys is None or key in keys:
            return keys is not None
        if self._stores.get(key, 0) >= STORES_MAX:
            return False
        self._stores[key] = self._stores.get(key, 0) + 1
        old = self._remembered()
        _write(link, driver, (delete_request(old) if old in keys else b"") + store_request(key, picture))
        self._remember(key)
        return key in (listed(link, driver, STORE_S) or set())

    def _picture(self, profile: Profile) -> Image.Image | None:
        png = self.png
        if png is None or png == self._unusable:
            return None
        try:
            return picture_of(png, profile.dots)
        except LogoUnusable as error:
            self._unusable = png
            log.error("%s: %s", self._printer, error)
            return None

    def _remembered(self) -> bytes:
        """The key that was stored last, to make room for the next; b"" when that is not known."""
        try:
            return bytes.fromhex(self._memory.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return b""

    def _remember(self, key: bytes) -> None:
        try:
            self._memory.write_text(key.hex(), encoding="ascii")
        except OSError as error:
            log.error("%s: logo's key not written down: %s", self._printer, error)


def _write(link: Link, driver: Driver, data: bytes) -> None:
    """In pieces, so that a slow line has the time limit for each."""
    for at in range(0, len(data), _CHUNK_BYTES):
        link.write(data[at : at + _CHUNK_BYTES], driver.write_timeout_s)
