"""`python -m printers.virtual`: a printer in software, on TCP and in the browser."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from printers.lifetime import die_with_parent, stop_on_signals
from printers.virtual.listener import Listener
from printers.virtual.machine import Machine
from printers.virtual.paper import PAPER_DOTS
from printers.virtual.serial_port import SerialPort
from printers.virtual.store import SlipStore
from printers.virtual.web import PrinterWeb


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        print(f"Argumen salah: {message}.", file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM. Exit codes: 0 stopped, 1 a port or the folder cannot be used, 2 arguments."""
    options = _parse(argv)
    if options.die_with_parent is not None and not die_with_parent(options.die_with_parent):
        return 0
    stop = stop_on_signals()
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    try:
        store = SlipStore(Path(options.data).expanduser() if options.data else None)
        machine = Machine(options.width_mm, store)
        listener = Listener(machine, options.host, options.tcp_port)
        port = SerialPort(machine, Path(options.pty).expanduser()) if options.pty else None
        web = PrinterWeb((options.host, options.http_port), machine, store, listener)
    except OSError as error:
        print(f"Pencetak maya tidak dapat dimulai: {error.strerror}.", file=sys.stderr)
        return 1
    listener.start()
    if port:
        port.start()
    threading.Thread(target=web.serve_forever, name="virtual-web", daemon=True).start()
    host, tcp = listener.address
    page = f"http://{host}:{web.server_address[1]}/"
    serial = f", serial {port.path}" if port else ""
    print(f"Pencetak maya siap: TCP {host}:{tcp}{serial}, halaman {page}", flush=True)
    stop.wait()
    if port:
        port.close()
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m printers.virtual", allow_abbrev=False, description="Pencetak karcis maya.")
    parser.add_argument("--host", default="127.0.0.1", help="alamat untuk TCP dan halaman")
    parser.add_argument("--tcp-port", type=_port, default=9100, help="0: pilih sendiri")
    parser.add_argument("--http-port", type=_port, default=8090, help="0: pilih sendiri")
    parser.add_argument("--data", help="folder untuk menyimpan karcis terakhir")
    parser.add_argument("--pty", metavar="JALUR", help="juga sebagai perangkat serial di jalur ini, mis. /run/user/1000/pencetak")
    parser.add_argument("--width-mm", type=int, choices=sorted(PAPER_DOTS), default=80)
    parser.add_argument("--die-with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


if __name__ == "__main__":
    sys.exit(main())
