"""The virtual printer: on TCP as a printer, in the browser as paper, and told to misbehave.

Planted, each seen red and taken out: the tail of what came forgotten (a request cut in two); paper printed while
offline; the paper's end left out of status 4; more than fifty slips kept; another site's page obeyed; numbers of
slips that begin anew after a restart.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from printers.graphics import store_request
from printers.layout import build
from printers.profile import Profile
from printers.slip import Slip
from printers.virtual.machine import Machine
from printers.virtual.store import SlipStore
from tests.printers.conftest import ROOT
from tests.printers.fakes import WAIT_S
from tests.printers.samples import LINK, slip

TICKET = build(Slip.from_dict(slip("A-001")), Profile())


def send(port: int, data: bytes) -> bytes:
    """One job on one connection; what the printer answered."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as link:
        link.sendall(data)
        link.shutdown(socket.SHUT_WR)
        while chunk := link.recv(100):
            answer += chunk
    return answer


def ask(port: int, n: int) -> int:
    """The answer to DLE EOT n."""
    (answer,) = send(port, bytes([0x10, 0x04, n]))
    return answer


def test_paper_carries_what_was_sent(virtual) -> None:
    send(virtual.port, TICKET)
    (printed,) = virtual.slips(1)
    assert (printed.number, printed.codes, printed.cut) == ("A-001", [LINK], True)
    assert "Loket 1, 2" in printed.text and virtual.errors == []


def test_status_as_the_command_reference_says(virtual) -> None:
    assert [ask(virtual.port, n) for n in (1, 2, 3, 4)] == [0x12, 0x12, 0x12, 0x12]
    virtual.behave("paper_out")
    assert [ask(virtual.port, n) for n in (1, 2, 3, 4)] == [0x1A, 0x32, 0x12, 0x7E]
    virtual.behave("offline")
    assert [ask(virtual.port, n) for n in (1, 2, 3, 4)] == [0x1A, 0x12, 0x12, 0x12]


def test_status_is_answered_inside_a_picture_too(virtual) -> None:
    """Why our pictures must not hold real-time commands."""
    picture = b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01"
    assert send(virtual.port, picture) == b"\x12"
    virtual.slips(1)
    assert virtual.errors == []


def test_a_request_cut_anywhere_is_answered_once_it_is_whole() -> None:
    machine = Machine(80, SlipStore(None))
    said = []
    for byte in b"A\x10\x04\x01\x10\x10\x04\x02":
        machine.receive(bytes([byte]))
        said.append(machine.take_answers())
    assert said == [
        b"", b"", b"", b"\x12", b"", b"", b"", b"\x12"
    ]  # fmt: skip


def test_unknown_bytes_are_shown(virtual) -> None:
    send(virtual.port, b"\x1bZ\x01" + TICKET)
    virtual.slips(1)
    assert any("1b" in error for error in virtual.errors)


@pytest.mark.parametrize("mode", ["paper_out", "offline"])
def test_what_waits_in_the_buffer_prints_after_the_refill(virtual, mode: str) -> None:
    virtual.behave(mode)
    send(virtual.port, TICKET)
    assert virtual.store.newest_first() == []
    virtual.behave("ok")
    assert virtual.slips(1)[0].number == "A-001"


def test_refuse_then_listen_again(virtual) -> None:
    virtual.behave("refuse")
    with pytest.raises(ConnectionRefusedError):
        send(virtual.port, TICKET)
    virtual.behave("ok")
    send(virtual.port, TICKET)
    assert len(virtual.slips(1)) == 1


def test_stall_then_go_on(virtual) -> None:
    virtual.behave("stall", 10)
    with socket.create_connection(("127.0.0.1", virtual.port), WAIT_S) as link:
        link.sendall(TICKET)
    assert virtual.store.newest_first() == []
    virtual.behave("ok")
    assert virtual.slips(1)[0].number == "A-001"


def test_reset_after_n_bytes_leaves_half_a_slip(virtual) -> None:
    at_the_qr = TICKET.index(b"\x1d(k")
    virtual.behave("reset_after", at_the_qr)
    with pytest.raises(OSError, match="reset|not connected|Broken pipe"):
        send(virtual.port, TICKET)
    (half,) = virtual.slips(1)
    assert (half.number, half.codes, half.cut) == ("A-001", [], False)


def test_fifty_slips_are_kept(virtual) -> None:
    for n in range(52):
        send(virtual.port, f"{n}\n\x1dV\x00".encode())
    virtual.store.news.acquire()
    virtual.store.news.wait_for(lambda: virtual.store.newest_first()[0].id == 52, WAIT_S)
    virtual.store.news.release()
    assert [each.id for each in virtual.slips(50)] == list(range(3, 53))


@contextmanager
def running(*arguments: str) -> Iterator[tuple[int, int]]:
    """The real program; its TCP and HTTP ports."""
    program = [sys.executable, "-m", "printers.virtual", "--tcp-port", "0", "--http-port", "0"]
    with subprocess.Popen([*program, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"TCP 127\.0\.0\.1:(\d+), halaman http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found
        try:
            yield int(found[1]), int(found[2])
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 0


def get(port: int, path: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    return call(port, "GET", path)


def call(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    link.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = link.getresponse()
    data = answer.read()
    link.close()
    return answer.status, data, answer.headers


def test_the_program_serves_paper_page_and_control(tmp_path: Path) -> None:
    folder = str(tmp_path / "paper")
    with running("--data", folder) as (tcp, web):
        send(tcp, TICKET)
        send(tcp, b"\x1bZ")
        control = json.dumps({"mode": "refuse"}).encode()
        status, body, _ = call(web, "POST", "/control", control, Content_Type="application/json")
        facts = json.loads(body)
        assert status == 200 and facts["mode"] == "refuse" and len(facts["errors"]) == 1
        with pytest.raises(ConnectionRefusedError):
            send(tcp, TICKET)
        (printed,) = json.loads(get(web, "/slips")[1])
        assert {"id", "at", "text", "png", "mark", "number"} <= set(printed)
        status, image, headers = get(web, printed["png"])
        assert (status, headers["Content-Type"], image[:4]) == (200, "image/png", b"\x89PNG")
        status, page, headers = get(web, "/")
        assert status == 200 and "Pencetak maya" in page.decode()
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert json.loads(get(web, "/healthz")[1]) == {"status": "ok"}
    with running("--data", folder) as (tcp, web):
        assert json.loads(get(web, "/slips")[1]) == [printed]
        send(tcp, TICKET)
        newest = json.loads(get(web, "/slips")[1])[0]
        assert newest["id"] == printed["id"] + 1


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/control", b"{}", {"Content_Type": "application/json"}, 422),
        ("/control", b'{"mode": "stall", "bytes": -1}', {"Content_Type": "application/json"}, 422),
        ("/control", b"{", {"Content_Type": "application/json"}, 400),
        ("/control", b" " * 5000, {"Content_Type": "application/json"}, 413),
        ("/control", b'{"mode": "ok"}', {"Content_Type": "text/plain"}, 415),
        ("/control", b'{"mode": "ok"}', {"Content_Type": "application/json", "Origin": "http://x"}, 403),
        ("/elsewhere", b"{}", {"Content_Type": "application/json"}, 404),
        ("/slips/999.png", None, {}, 404),
        ("/slips/../x.png", None, {}, 404),
    ],
)
def test_bad_requests(web_port: int, path: str, body: bytes | None, headers: dict[str, str], status: int) -> None:
    got, data, _ = call(web_port, "POST" if body is not None else "GET", path, body, **headers)
    assert got == status and json.loads(data)["title"].endswith(".")


@pytest.fixture(scope="module")
def web_port() -> Iterator[int]:
    with running() as (_, web):
        yield web


def test_power_and_pictures_can_be_lost_by_a_script() -> None:
    """Planted: lost power that takes the pictures along -> red."""
    with running() as (tcp, web):
        send(tcp, store_request(b"AB", Image.new("1", (8, 8))))
        kept = []
        for wish in (b'{"power": "lost"}', b'{"graphics": "lost"}'):
            status, answer, _ = call(web, "POST", "/control", wish, Content_Type="application/json")
            kept.append((status, json.loads(answer)["kept"]))
        assert kept == [(200, ["AB"]), (200, [])]


def test_a_port_in_use_is_one_sentence(virtual) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "printers.virtual", "--tcp-port", str(virtual.port), "--http-port", "0"],
        cwd=ROOT, capture_output=True, text=True, timeout=WAIT_S,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Pencetak maya tidak dapat dimulai") and done.stderr.count("\n") == 1


def test_bad_arguments_exit_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "printers.virtual", "--tcp-port", "70000"],
        cwd=ROOT, capture_output=True, text=True, timeout=WAIT_S,
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.startswith("Argumen salah")
