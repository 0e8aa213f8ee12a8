"""`mpp serve`: looks whether it can serve, prepares the data, then becomes the server (serving.py) in this very process."""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from config.settings import Settings
from server.cli.faults import FAILED, Stop
from server.cli.logs import log_to_stderr
from server.cli.places import home, load_settings
from server.cli.words import Parser
from server.ops import handover, port
from server.ops.data_folder import DataLock, open_data_folder

log = logging.getLogger("mpp.serve")


def run(argv: Sequence[str]) -> NoReturn:
    """Serve until told to stop: exit code 0 after SIGTERM or Ctrl-C, the others as faults.py names them."""
    signal.signal(signal.SIGTERM, _leave)
    settings = _settings(argv)
    log_to_stderr(settings.server.log_level)
    data, server = Path(settings.server.data), settings.server
    open_data_folder(data)
    lock = DataLock(data, server.start_wait_s)
    listener = port.listen(server.host, server.port, server.start_wait_s)
    _virtual_ports_are_free(settings)
    is_first = _prepare(settings)
    _become_server(_handover(settings, listener.detach(), lock.fd, is_first))


def _settings(argv: Sequence[str]) -> Settings:
    parser = Parser("serve", "Jalankan server antrean beserta pencetakannya.")
    parser.add_argument("--host", help="alamat tempat server mendengarkan, misalnya 0.0.0.0")
    parser.add_argument("--port", help="nomor port, misalnya 8080")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    parser.add_argument("--floor", metavar="BERKAS", help="denah yang dimuat bila data masih kosong")
    parser.add_argument("--settings", metavar="BERKAS", help="berkas pengaturan situs (TOML)")
    said = parser.parse_args(argv)
    return load_settings(said.settings, {f"server.{key}": getattr(said, key) for key in ("host", "port", "data", "floor")})


def _virtual_ports_are_free(settings: Settings) -> None:
    """Without them there would be no paper, and only the log would say so."""
    printing = settings.printing
    if not printing.virtual:
        return
    for number, name in ((printing.virtual_tcp_port, "TCP"), (printing.virtual_http_port, "HTTP")):
        by = f"MPP_PRINTING_VIRTUAL_{name}_PORT"
        port.listen("127.0.0.1", number, settings.server.start_wait_s, by).close()


def _prepare(settings: Settings) -> bool:
    """Migrate, load the floor plan into an empty database; whether this was the first run."""
    # Not by way of bootstrap: the doors and pages it loads as well cost a second, and the worker loads its own.
    from server.ops.first_run import prepare

    try:
        return prepare(settings) is not None
    except Stop:
        raise
    except Exception as problem:
        log.exception("preparing %s", settings.server.data)
        raise Stop(f"Server tidak dijalankan: data di {settings.server.data} tidak dapat disiapkan.", FAILED) from problem


def _handover(settings: Settings, listener_fd: int, lock_fd: int, is_first: bool) -> handover.Handover:
    server, printing = settings.server, settings.printing
    return handover.Handover(
        settings=settings.model_dump_json(), data=server.data, home=str(home()), host=server.host, port=server.port,
        async_mode=server.async_mode, graceful_timeout_s=server.graceful_timeout_s, log_level=server.log_level,
        virtual_ports=(printing.virtual_tcp_port, printing.virtual_http_port) if printing.virtual else None,
        signs=settings.signs.config, is_first_run=is_first, listener_fd=listener_fd, lock_fd=lock_fd,
    )


def _become_server(what: handover.Handover) -> NoReturn:
    fd = handover.write(what)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "server.cli.serving", str(fd)])


def _leave(number: int, frame: object) -> NoReturn:
    """SIGTERM before the server is up: nothing has been promised to anybody yet."""
    sys.exit(0)
