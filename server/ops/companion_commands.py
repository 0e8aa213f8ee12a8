"""How the print host, the virtual printer and the LED signs of a server are started."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from server.ops.companions import Companion, Companions
from server.ops.presence import write_private

TOKEN = "print-host.token"
FIRST_RUN = "first-run.json"


def companions_of(data: Path, url: str, home: Path, virtual_ports: tuple[int, int] | None, signs: str = "") -> Companions:
    """The companions of a server at `url`; nothing is started yet. `virtual_ports`: TCP and HTTP, None for none;
    `signs`: the file of this computer's LED signs, "" for none."""
    environment = {name: value for name, value in os.environ.items() if name != "MPP_TOKEN"}
    companions = Companions()
    companions.add(Companion("print host", lambda: _print_host(data, url), home, environment))
    if virtual_ports:
        companions.add(Companion("virtual printer", lambda: _virtual_printer(data, *virtual_ports), home, environment))
    if signs:
        companions.add(Companion("signs", lambda: _signs(signs, url), home, environment))
    return companions


def _signs(config: str, url: str) -> Sequence[str]:
    return [sys.executable, "-m", "signs", "--url", url, "--config", config, "--die-with-parent", str(os.getpid())]


def _print_host(data: Path, url: str) -> Sequence[str]:
    token = data / TOKEN
    if not token.exists():
        _keep_token(data, token)
    return [
        sys.executable, "-m", "printers", "--url", url, "--state", str(data / "printers"),
        "--token-file", str(token), "--die-with-parent", str(os.getpid()),
    ]


def _virtual_printer(data: Path, tcp_port: int, http_port: int) -> Sequence[str]:
    return [
        sys.executable, "-m", "printers.virtual", "--tcp-port", str(tcp_port), "--http-port", str(http_port),
        "--data", str(data / "virtual-printer"), "--die-with-parent", str(os.getpid()),
    ]


def _keep_token(data: Path, token: Path) -> None:
    """Copy the print host's token out of the first run's notes, which people are asked to move away."""
    try:
        devices = json.loads((data / FIRST_RUN).read_text("utf-8"))["devices"]
        write_private(token, next(device["token"] for device in devices if device["kind"] == "print-host"))
    except (KeyError, StopIteration, ValueError) as problem:
        raise OSError(f"{FIRST_RUN} names no print host") from problem
