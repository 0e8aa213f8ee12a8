"""`python -m signs --url URL --config FILE`: the LED signs of one serial line, until told to stop."""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from signs.driver import Driver
from signs.follow import Follower
from signs.settings import Settings, SignsError, load

EVERY_S = 1.0
_PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM. Exit codes: 0 stopped, 2 bad arguments or a mistake in the signs' file."""
    try:
        options = _parse(argv)
        settings = load(Path(options.config))
        token = _token(settings)
    except SignsError as mistakes:
        print(mistakes, file=sys.stderr)
        return 2
    try:
        from signs.line import Line
    except ImportError:
        print("Papan loket memerlukan pyserial, yang belum terpasang.", file=sys.stderr)
        return 2
    if options.die_with_parent is not None and not _die_with_parent(options.die_with_parent):
        return 0
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    line = Line(settings.device, settings.baud, settings.parity, settings.gap_ms)
    driver = Driver(settings, Follower(options.url, settings.display, token), line, time.monotonic)
    stop = _stop_on_signals()
    while not stop.is_set():
        driver.turn()
        stop.wait(EVERY_S)
    line.close()
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """In the user's language; argparse names in English what `--help` shows."""
        raise SignsError("mpp signs: argumen salah atau kurang; lihat `mpp signs --help`.")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser("mpp signs", allow_abbrev=False, description="Jalankan papan LED di atas loket pada satu jalur serial.")
    parser.add_argument("--url", required=True, help="alamat server, misalnya http://192.168.1.10:8080")
    parser.add_argument("--config", required=True, metavar="BERKAS", help="berkas papan loket (docs/signs.md)")
    parser.add_argument("--die-with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if not re.match(r"https?://[^/\s]", options.url):
        raise SignsError(f"Alamat server tidak benar: {options.url!r}; misalnya http://192.168.1.10:8080.")
    return options


def _token(settings: Settings) -> str:
    """From the environment, else from the file; never from the command line."""
    if os.environ.get("MPP_TOKEN"):
        return os.environ["MPP_TOKEN"].strip()
    try:
        return Path(settings.token_file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SignsError(f"Berkas token {settings.token_file} tidak dapat dibaca.") from problem


def _die_with_parent(parent_pid: int) -> bool:
    """Ask the kernel for SIGKILL when the parent ends; False if it has ended already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return os.getppid() == parent_pid


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


if __name__ == "__main__":
    sys.exit(main())
