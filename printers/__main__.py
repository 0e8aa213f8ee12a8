"""`python -m printers --url URL [--state DIR]`: the printing process of one print host."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from printers.client import Client
from printers.drawing import can_join
from printers.host import Host, StateInUse, lock_state
from printers.lifetime import die_with_parent, stop_on_signals
from printers.writer import load_escpos

log = logging.getLogger("printers")

LAST_SLIP_WAIT_S = 0.7
DEFAULT_STATE = "~/.local/state/antrian-mpp/printers"


class BadArguments(Exception):
    """One Indonesian sentence for the person who typed the command."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise BadArguments(f"Argumen salah: {_in_indonesian(message)}.")


#: what argparse says -> the same in the user's language
_SAID = (
    ("the following arguments are required", "wajib diisi"),
    ("unrecognized arguments", "tidak dikenal"),
    ("expected one argument", "memerlukan satu nilai"),
    ("invalid choice", "pilihan tidak dikenal"),
    ("choose from", "pilih dari"),
    ("argument ", ""),
)


def _in_indonesian(message: str) -> str:
    for english, indonesian in _SAID:
        message = message.replace(english, indonesian)
    return message


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM. Exit codes: 0 stopped, 1 cannot run here, 2 bad arguments."""
    try:
        options = _parse(argv)
        client = Client(options.url, _token(options.token_file))
    except BadArguments as error:
        print(error, file=sys.stderr)
        return 2
    if options.die_with_parent is not None and not die_with_parent(options.die_with_parent):
        return 0
    stop = stop_on_signals()
    state = Path(options.state).expanduser()
    try:
        lock = lock_state(state)
    except StateInUse:
        print(f"Proses pencetak lain sudah memakai folder {state}.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Folder {state} tidak dapat ditulis: {error.strerror}.", file=sys.stderr)
        return 1
    with lock:
        return _run(Host(client, state, stop), stop)


def _run(host: Host, stop: threading.Event) -> int:
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    load_escpos()
    if not can_join():
        log.warning("libfribidi0 is missing (sudo apt install libfribidi0): Arabic and Javanese lines come out unjoined")
    threading.Thread(target=host.run, name="print-host", daemon=True).start()
    stop.wait()
    deadline = time.monotonic() + LAST_SLIP_WAIT_S
    while host.sending() and time.monotonic() < deadline:
        time.sleep(0.02)
    log.info("stopped by a signal")
    # Threads may sit in a long poll: leave without waiting for them. The journal is on disk.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="mpp printers", allow_abbrev=False, description="Proses pencetak karcis antrean.")
    parser.add_argument("--url", help="alamat server, misalnya http://mpp.lan:8080")
    parser.add_argument("--state", default=DEFAULT_STATE, help="folder catatan cetak")
    parser.add_argument("--token-file", help="berkas berisi token (selain itu: MPP_TOKEN)")
    parser.add_argument("--die-with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)  # an unknown argument is told before one that is missing
    if options.url is None:
        parser.error("the following arguments are required: --url")
    options.url = _checked_url(options.url)
    return options


def _checked_url(url: str) -> str:
    try:
        address = urlsplit(url)
        usable = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadArguments(f"Alamat server tidak benar: {url!r}.")
    return url


def _token(token_file: str | None) -> str:
    """From the file or MPP_TOKEN, never from the command line, where every user could read it."""
    if token_file:
        try:
            token = Path(token_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadArguments(f"Berkas token {token_file} tidak dapat dibaca.") from error
    else:
        token = os.environ.pop("MPP_TOKEN", "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise BadArguments("Token belum diberikan (MPP_TOKEN atau --token-file).")
    return token


if __name__ == "__main__":
    sys.exit(main())
