"""Kiosk PCs with a printer each: real second processes against a real server, each killed at another step of a slip, and
the server killed before they are back. All at once, so that it costs two starts of a server and not one for each step.

Planted, each seen red: the mark written after the bytes; `_handle` and the start without the journal; an outcome not
kept before it is told.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house.files import ROOT
from tests.printers.conftest import VirtualPrinter
from tests.serve.servers import UP_S, Server, environment
from tests.waiting import wait_for

#: step -> how its slip ends, unmarked papers of it
STEPS = {
    "before_claim": ("confirmed", 1), "after_claim": ("confirmed", 1), "before_mark": ("confirmed", 1),
    "after_mark": ("uncertain", 0), "half_written": ("uncertain", 0), "after_write": ("uncertain", 1),
    "after_reply": ("uncertain", 1), "before_report": ("confirmed", 1), "after_report": ("confirmed", 1),
}  # fmt: skip
ANSWERS = ["asb", "completion", "status"]


@dataclass
class KioskPc:
    """Print host, printer and kiosk of one step."""

    step: str
    folder: Path
    printer: VirtualPrinter
    host: str
    kiosk: str
    process: subprocess.Popen[bytes] | None = None
    ticket: dict[str, Any] | None = None

    def start(self, server: Server, *program: str) -> None:
        words = [*(program or ("-m", "printers")), "--url", f"http://127.0.0.1:{server.port}", "--state", str(self.folder)]
        self.process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env={**environment(), "MPP_TOKEN": self.host})


def asked(server: Server, token: str, path: str, body: dict[str, Any] | None = None) -> Any:
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": f"{path}{body}"[:60]}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{server.port}/api/v1{path}", data, head), timeout=UP_S) as answer:
        return json.loads(answer.read() or b"null")


def own_token(server: Server) -> str:
    return str(json.loads((server.data / "server.json").read_text())["token"])


def enrol(server: Server, step: str, printer: VirtualPrinter, folder: Path) -> KioskPc:
    boss, code = own_token(server), step.replace("_", "-").upper()
    host = asked(server, boss, "/devices", {"kind": "print-host", "code": f"H-{code}", "name": step})["token"]
    transport = {"kind": "network", "host": "127.0.0.1", "port": printer.port}
    asked(server, boss, "/printers", {"code": f"P-{code}", "name": step, "host": f"H-{code}", "transport": transport, "profile": {"answers": ANSWERS}})
    kiosk = asked(server, boss, "/devices", {"kind": "kiosk", "code": f"K-{code}", "name": step, "printer": f"P-{code}"})["token"]
    return KioskPc(step, folder, printer, host, kiosk)


@pytest.fixture
def pcs(new_server: Callable[..., Server], tmp_path: Path) -> Iterator[Callable[[Server], list[KioskPc]]]:
    made: list[KioskPc] = []

    def make(server: Server) -> list[KioskPc]:
        made.extend(enrol(server, step, VirtualPrinter(), tmp_path / step) for step in STEPS)
        return made

    yield make
    for each in made:
        each.printer.listener.close()
        if each.process is not None and each.process.poll() is None:
            each.process.kill()
            each.process.wait(UP_S)


def test_killed_at_each_step_and_the_server_too(new_server: Callable[..., Server], pcs: Callable[[Server], list[KioskPc]]) -> None:
    limits = {"printing_virtual": "false", "printing_lease_s": 600, "printing_print_ttl_s": 3600}
    server = new_server(**limits).start().up()
    service = next(row["code"] for row in asked(server, own_token(server), "/services")["items"] if row["open"])
    all_ = pcs(server)
    dying = str(ROOT / "tests" / "printers" / "dying_host.py")
    for pc in all_:
        pc.ticket = asked(server, pc.kiosk, "/tickets", {"service": service})
        pc.start(server, dying, pc.step)
    for pc in all_:
        assert pc.process is not None and pc.process.wait(UP_S) == -signal.SIGKILL, pc.step
    server.end(signal.SIGKILL)
    server.remove()
    again = new_server(**limits).start().up()
    for pc in all_:
        pc.start(again)

    def slip(pc: KioskPc) -> str:
        assert pc.ticket is not None
        return str(asked(again, pc.kiosk, f"/tickets/{pc.ticket['id']}")["prints"][0]["state"])

    for pc in all_:
        wait_for(lambda pc=pc: slip(pc) not in ("queued", "sending", "sent"), UP_S, pc.step)  # type: ignore[misc]
        follower = asked(again, pc.kiosk, "/tickets", {"service": service, "language": "id"})
        wait_for(lambda: asked(again, pc.kiosk, f"/tickets/{follower['id']}")["prints"][0]["state"] == "confirmed", UP_S, pc.step)
        whole = [each for each in pc.printer.store.newest_first() if each.cut and each.mark is None]
        assert pc.ticket is not None
        mine = [each for each in whole if each.number == pc.ticket["number"]]
        assert (slip(pc), len(mine)) == STEPS[pc.step], pc.step
        assert follower["number"] != pc.ticket["number"] and len(whole) == len(mine) + 1
