"""`mpp printer` against a running server, its real print host, a printer on TCP and one on a pty.

Planted, each seen red: a probe that does not forget what was found before; a moved printer that keeps what the
old one could answer; `add` that takes both addresses; a preview of the lines in use where a file was named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from printers.virtual.machine import Machine
from printers.virtual.serial_port import SerialPort
from tests.conftest import make_free_port
from tests.printers.conftest import WatchedStore
from tests.serve.servers import Server, mpp
from tests.serve.servers import mpp_here as here
from tests.waiting import wait_for

SOON_S = 60


@pytest.fixture
def pty_printer() -> Iterator[SerialPort]:
    """A printer with sensors at a path that a site may name."""
    path = Path("/dev/shm/mpp-test-printer")
    port = SerialPort(Machine(58, WatchedStore()), path)
    port.start()
    yield port
    port.close()


def check_previews(folder: Path, data: str, narrow: str) -> None:
    """Pictures of the template in use and of one in a file, as Windows writes it; `narrow` is a printer of 58 mm."""
    own, out = folder / "karcis.txt", folder / "karcis.png"
    own.write_text("\ufeff{nomor}\r\n{layanan} | besar\r\n[en] Thanks\r\n", encoding="utf-8")
    heights = []
    for words, width in (((narrow, "--copy=2"), 464), ((narrow, f"--template={own}"), 464)):
        done = here("printer", "preview", *words, f"--out={out}", data)
        assert done.returncode == 0 and str(out) in done.stdout, done.stderr
        with Image.open(out) as picture:
            assert picture.width == width
            heights.append(picture.height)
    assert heights[1] < heights[0] / 2


def check_wrong_previews(folder: Path, data: str) -> None:
    """Each mistake of a template on its line; nothing is written."""
    own = folder / "karcis.txt"
    own.write_text("Halo\n{nomor} | besar\n{apa}", encoding="utf-8")
    wrong = here("printer", "preview", f"--template={own}", f"--out={own}.png", data)
    assert wrong.returncode == 2 and not own.with_name("karcis.txt.png").exists()
    assert [line.partition(":")[0] for line in wrong.stderr.splitlines()[1:]] == ["Baris 1", "Baris 2", "Baris 3"]
    for words, sentence in (
        (("P9",), "P9 tidak dikenal"), (("--copy=1000",), "0 sampai 999"), ((f"--template={folder / 'mpp.sqlite3'}",), "bukan teks"),
    ):
        refused = here("printer", "preview", *words, data)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1) and sentence in refused.stderr, refused


def test_printers_are_listed_added_and_probed(new_server: Callable[..., Server], pty_printer: SerialPort) -> None:
    tcp = make_free_port()
    server = new_server(printing_virtual_tcp_port=tcp).start().up()
    data = f"--data={server.data}"

    def rows() -> dict[str, dict]:
        found = {row["code"]: row for row in json.loads(here("printer", "list", "--json", data).stdout)}
        assert found
        return found

    def able(code: str) -> list[str] | None:
        return rows()[code]["profile"]["answers"]

    assert mpp("printer", "add", "P1", f"--tcp=127.0.0.1:{tcp}", data).returncode == 0
    wait_for(lambda: able("P1") == ["asb", "completion", "graphics", "status"], SOON_S, "a new printer is probed by itself")
    wait_for(lambda: rows()["P1"]["state"] == "ready", SOON_S)
    added = here("printer", "add", "P2", f"--serial={pty_printer.path}", "--flow=none", "--width=58", "--name=Loket 1", data, printing_write_timeout_s=5)
    assert (added.returncode, rows()["P2"]["transport"]["write_timeout_s"]) == (0, 5), added.stderr
    probed = here("printer", "probe", "P2", data)
    assert probed.returncode == 0 and "memastikan karcis keluar" in probed.stdout, probed.stderr
    wait_for(lambda: rows()["P2"]["state"] == "ready", SOON_S)
    moved = here("printer", "add", "P2", "--tcp=127.0.0.1:1", data)
    assert "belum diketahui" in moved.stdout and able("P1") is not None
    assert here("printer", "add", "P2", "--tcp=127.0.0.1:1", "--answers=status", data).returncode == 0
    assert able("P2") == ["status"]
    for words, sentence in (
        (("add", "P3"), "--tcp, --serial, --file, --usb, atau --lp"),
        (("add", "P3", "--tcp=x", "--serial=/dev/x"), "salah satu saja"),
        (("add", "P3", "--tcp=x:y"), "tidak sah"),
        (("add", "P3", "--tcp=http://10.0.0.9:9100"), "tidak sah"),
        (("add", "bad code!", "--tcp=10.0.0.9"), "code"),
        (("add", "P3", "--tcp=x", "--answers=zzz"), "--answers hanya mengenal"),
        (("add", "P3", "--serial=/etc/passwd"), "device"),
        (("probe",), "KODE wajib"),
    ):
        refused = here("printer", *words, data)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1) and sentence in refused.stderr, refused
    unknown = here("printer", "probe", "P9", data)
    assert unknown.returncode == 1 and "P9" in unknown.stderr
    assert "P3" not in rows()
    assert rows()["P2"]["name"] == "Loket 1", "what was not said stays"
    check_previews(server.data, data, "P2")
    server.end()
    check_wrong_previews(server.data, data)
    stopped = here("printer", "add", "P3", "--serial=/dev/../etc/passwd", data)
    assert stopped.returncode == 2 and "device" in stopped.stderr
    for words in (("user", "add", "Bu Di", "--role=viewer"), ("device", "add", "kiosk", "K 9")):
        assert here(*words, data).returncode == 2, words
    assert json.loads(here("printer", "list", "--json", data).stdout)
    assert here("printer", "probe", "P1", data).returncode == 1
