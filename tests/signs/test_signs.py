"""LED signs on a real pseudo-terminal: what each loket is stands on its sign, and nothing stale.

Planted, each seen red and taken out: a check that begins at 1; the old number kept when the server is silent; a text written at every turn; nothing written again after a fault of the line; one `[sign]` taken for a list.
"""

from __future__ import annotations

import os
import threading
import tty
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from signs.__main__ import main
from signs.board import rows_of, words
from signs.driver import Driver
from signs.follow import Away, Follower
from signs.frame import fitted, frame, mistake_of
from signs.line import Line, LineBroken
from signs.settings import WORDS, Settings, SignsError, load
from tests.waiting import wait_for

GOOD = 'device = "{device}"\ndisplay = "LED-1"\ntoken_file = "led.token"\n[[sign]]\nloket = "DKC-1"\naddress = "1"\n[[sign]]\nloket = "DKC-2"\naddress = "2"\n'


def row(counter: str, state: str, number: str | None = None) -> dict[str, Any]:
    return {"counter": counter, "state": state, "number": number}


def view(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"layout": {"rows": [{"parts": [{"part": "call"}, {"part": "board", "rows": list(rows)}]}]}}


def test_a_frame_is_made_from_its_template() -> None:
    assert frame("<02>{address:2}{text}<03>{xor}", "1", "B-014") == b"\x0201B-014\x03" + bytes([0x02 ^ 0x30 ^ 0x31 ^ 0x42 ^ 0x2D ^ 0x30 ^ 0x31 ^ 0x34 ^ 0x03])
    assert frame("#{address}:{text}*{sum:hex}<0D><0A>", "A", "12") == b"#A:12*%02X\r\n" % (sum(b"#A:12*") & 0xFF)
    assert frame("{text}", "1", "é") == b"?"


@pytest.mark.parametrize("template", ["{text", "<0>{text}", "{teks}", "{xor:2}{text}", "{address:hex}{text}", "{text:4}x" * 40, "tanpa isi", "é{text}"])
def test_a_wrong_template_is_told(template: str) -> None:
    assert mistake_of(template)
    assert mistake_of("<02>{address:2}{text}{xor:hex}<03>") is None


def test_a_sign_says_the_number_or_the_word() -> None:
    assert [words(row("A", state, number), WORDS, False) for state, number in
            (("called", "B-014"), ("serving", "B-014"), ("open", None), ("paused", None), ("closed", None), ("odd", None))] == [
        "B-014", "B-014", "BUKA", "ISTIRAHAT", "TUTUP", "----"]  # fmt: skip
    assert words(row("A", "called", "B-014"), WORDS, True) == "014"
    assert words(None, WORDS, False) == "----"
    assert (fitted("PTSP-0123", 4, "right"), fitted("7", 4, "right"), fitted("7", 3, "center")) == ("0123", "   7", " 7 ")
    assert rows_of({"layout": {"rows": [{"parts": [{"part": "counter", "row": row("X", "open")}, {"part": "counter", "row": None}]}]}}).keys() == {"X"}
    assert rows_of({}) == {}


def test_the_file_is_checked_whole(tmp_path: Path) -> None:
    path = tmp_path / "signs.toml"
    path.write_text(GOOD.replace("{device}", "/dev/ttyUSB0"))
    settings = load(path)
    assert settings.signs == {"DKC-1": "1", "DKC-2": "2"} and settings.token_file == str(tmp_path / "led.token")
    path.write_text('display = "LED"\nbaud = 9601\nwidth = "4"\nalign = "tengah"\nframe = "{teks}"\nkata = 1\n[words]\nopen = "é"\npaused = "ISTIRAHAT SEBENTAR"\n[[sign]]\nloket = "A"\n')
    with pytest.raises(SignsError) as told:
        load(path)
    for key in ("device", "token_file", "baud", "width", "align", "frame", "kata", "words.open", "words.paused", "sign ke-1"):
        assert f"{key}" in str(told.value), key
    for broken in ("device = ", ""):
        path.write_text(broken)
        with pytest.raises(SignsError):
            load(path)
    with pytest.raises(SignsError, match="tidak dapat dibaca"):
        load(tmp_path / "nihil.toml")


class Wire:
    """A pseudo-terminal: `device` for the driver, `heard()` what came out at the other end."""

    def __init__(self) -> None:
        self.end, self._other = os.openpty()
        tty.setraw(self._other)
        os.set_blocking(self.end, False)
        self.device = os.ttyname(self._other)
        self._bytes = b""

    def heard(self) -> bytes:
        try:
            self._bytes += os.read(self.end, 4096)
        except BlockingIOError:
            pass
        return self._bytes

    def close(self) -> None:
        os.close(self.end)
        os.close(self._other)


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


class Server:
    """What the driver asks; `rows` None: away."""

    def __init__(self) -> None:
        self.rows: tuple[dict[str, Any], ...] | None = ()

    def look(self) -> dict[str, Any]:
        if self.rows is None:
            raise Away("server tidak menjawab")
        return view(*self.rows)


def settings_of(device: str, **changes: Any) -> Settings:
    given = {"device": device, "display": "LED-1", "token_file": "", "signs": {"DKC-1": "1", "DKC-2": "2"}, "words": WORDS, "gap_ms": 0}
    return Settings(**{**given, "frame": "[{address}{text}]", "align": "left", "width": 9, **changes})


def test_the_signs_follow_the_hall_over_a_line(wire: Wire) -> None:
    server, now = Server(), [0.0]
    line = Line(wire.device, 9600, "none", 0)
    driver = Driver(settings_of(wire.device), server, line, lambda: now[0])
    server.rows = (row("DKC-1", "called", "B-014"), row("DKC-2", "closed"))
    expected = b""

    def comes(*texts: str) -> None:
        nonlocal expected
        driver.turn()
        expected += b"".join(f"[{address}{text:<9}]".encode() for address, text in (one.split(" ", 1) for one in texts))
        wait_for(lambda: wire.heard() == expected, 10, f"{texts} on the line, not {wire.heard()!r}")

    comes("1 B-014", "2 TUTUP")
    now[0] = 1.0
    comes()  # nothing new, nothing written
    server.rows = (row("DKC-1", "paused"), row("DKC-2", "closed"))
    comes("1 ISTIRAHAT")
    now[0] = 10.5
    comes("2 TUTUP")  # again, for a sign that was off
    server.rows, now[0] = None, 20.0
    comes("1 ISTIRAHAT")  # a short silence changes nothing
    now[0] = 36.0
    comes("1 ----", "2 ----")  # nobody knows any longer
    server.rows = (row("DKC-1", "open"),)
    comes("1 BUKA")
    line.close()


def test_a_line_that_breaks_is_told_once_and_written_anew(caplog: pytest.LogCaptureFixture) -> None:
    class Port:
        is_well = True
        written: list[bytes] = []

        def write(self, data: bytes) -> None:
            if not self.is_well:
                raise LineBroken("tidak ada")
            self.written.append(data)

    port, server = Port(), Server()
    server.rows = (row("DKC-1", "open"),)
    driver = Driver(settings_of("x"), server, port, lambda: 0.0)
    driver.turn()
    port.is_well, server.rows = False, (row("DKC-1", "closed"),)
    for _ in range(3):
        driver.turn()
    assert [one.message for one in caplog.records] == ["tidak ada"]
    port.is_well = True
    driver.turn()
    assert [one[:2] for one in port.written] == [b"[1", b"[2", b"[1", b"[2"]
    assert [one.levelname for one in caplog.records] == ["ERROR", "WARNING"]
    with pytest.raises(LineBroken):
        Line("/dev/tidak-ada", 9600, "none", 0).write(b"x")


def test_the_view_is_asked_by_its_tag() -> None:
    asked: list[tuple[str, str | None, str | None]] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["If-None-Match"], self.headers["Authorization"]))
            known = self.headers["If-None-Match"] == '"e-1"'
            body = b"" if known else b'{"data": {"x": 1}}'
            self.send_response(304 if known else 200 if "LED" in self.path else 403)
            self.send_header("ETag", '"e-1"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    follower = Follower(url, "LED-1", "rahasia")
    assert [follower.look(), follower.look()] == [{"x": 1}, {"x": 1}]
    assert asked == [("/api/v1/views/display:LED-1", None, "Bearer rahasia"), ("/api/v1/views/display:LED-1", '"e-1"', "Bearer rahasia")]
    with pytest.raises(Away, match="403; periksa token"):
        Follower(url, "TV", "rahasia").look()
    server.shutdown()
    server.server_close()
    with pytest.raises(Away, match="tidak menjawab"):
        follower.look()


def test_one_sign_written_as_a_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "signs.toml"
    file.write_text('device = "/dev/x"\ndisplay = "TV1"\ntoken_file = "t"\n[sign]\nloket = "DKC-1"\naddress = "1"\n')
    with pytest.raises(SignsError, match="dua kurung siku"):
        load(file)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "argumen salah atau kurang"),
        (["--zzz"], "argumen salah atau kurang"),
        (["--url", "mpp.lan:8080", "--config", "x"], "Alamat server tidak benar"),
    ],
)
def test_wrong_arguments_are_told_in_one_sentence(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert said in capsys.readouterr().err
