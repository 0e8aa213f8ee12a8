"""What is no printer, or one out of its mind, at a printer's address: named in a sentence, nothing sent, the queue goes on.

Planted, each seen red: letters of a web page taken for a printer's answers; a printer that was never asked printed to;
what is said at the end of a link thrown away; a flood kept; a flood in which every answer stands taken for a printer;
a service that keeps quiet until a line ends, well again as soon as its slip is over.
"""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from printers import host as host_module
from printers import talk
from printers import worker as worker_module
from printers.errors import PrinterForeign
from printers.links.network import NetworkDriver
from printers.status import Answers, Replies
from tests.printers.fakes import printer
from tests.printers.samples import slip
from tests.printers.test_sent import host  # noqa: F401 - a fixture
from tests.printers.test_talk import TICKET

FLOOD = bytes(random.Random(3).randrange(256) for _ in range(4096))
BY_LETTERS = b"HTTP/1.1 400 Bad Request\r\nServer: pack\r\n\r\n"


class Door:
    """A service on a port: `speaks` is called with each connection, in a thread."""

    def __init__(self, speaks: Callable[[socket.socket], None]) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._speaks = speaks
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._door.accept()
                threading.Thread(target=self._one, args=(link,), daemon=True).start()
            except OSError:
                return

    def _one(self, link: socket.socket) -> None:
        with link:
            try:
                self._speaks(link)
                while link.recv(4096):
                    pass
            except OSError:
                return

    def close(self) -> None:
        self._door.close()


def ssh(link: socket.socket) -> None:
    link.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")


def letters(link: socket.socket) -> None:
    while link.recv(4096):
        link.sendall(BY_LETTERS)


def garbage(link: socket.socket) -> None:
    link.sendall(bytes(byte for byte in FLOOD if byte & 0x93 not in (0x12, 0x10))[:200])


def answers_without_end(link: socket.socket) -> None:
    """Whatever is asked, "all is well" stands among them."""
    for _ in range(2500):
        link.sendall(b"\x12" * 4096)


def noise(link: socket.socket) -> None:
    """Random bytes: one in sixteen looks like an answer, some like a block."""
    random_bytes = random.Random(5).randbytes
    while link.recv(4096):
        link.sendall(random_bytes(400))


def flood(link: socket.socket) -> None:
    for _ in range(2500):
        link.sendall(FLOOD)


@pytest.fixture
def doors() -> Iterator[dict[str, int]]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
    others = {name: Door(speaks) for name, speaks in (("ssh", ssh), ("letters", letters), ("garbage", garbage), ("flood", flood),
                                              ("noise", noise), ("endless", answers_without_end))}
    yield {"web": web.server_address[1], **{name: door.port for name, door in others.items()}}
    web.shutdown()
    web.server_close()
    for door in others.values():
        door.close()


def test_the_queue_goes_on_when_the_address_is_right_again(
    doors, make_server, make_printer, host, monkeypatch: pytest.MonkeyPatch, dead_port: int  # noqa: F811
) -> None:
    """One printer for each kind of wrong address, all at once; then each address is that of a printer."""
    monkeypatch.setattr(host_module, "REFRESH_S", 0.1)
    monkeypatch.setattr(talk, "ANSWER_S", 0.1)
    wrong = {"refused": dead_port, **{name: port for name, port in doors.items() if name != "flood"}}
    sentences = {"web": "layanan web", "letters": "layanan web", "ssh": "layanan SSH", "garbage": "tidak dikenal", "noise": "tidak dikenal",
                 "endless": "tidak dikenal", "refused": "ditolak"}
    server = make_server([printer(name, port, answers=None) for name, port in wrong.items()])
    jobs = {name: server.queue(name, slip("A-001")) for name in wrong}
    host(server)
    for name, words in sentences.items():
        server.wait(lambda me, name=name, words=words: any(of == name and state == "offline" and words in cause for of, state, cause in me.statuses))
    monkeypatch.setattr(talk, "ANSWER_S", 1.0)  # real printers answer, on a busy machine too
    right = {name: make_printer() for name in wrong}
    for row in server.printers:
        row["transport"] = {**row["transport"], "port": right[row["code"]].port}
    assert not {name for name, state, _ in server.statuses if state != "offline"}, "nothing else is believed"
    for name, job in jobs.items():
        server.wait_for_state(job, "confirmed")
        assert [each.number for each in right[name].slips(1)] == ["A-001"], name


def quiet_web(link: socket.socket) -> None:
    while b"\n" not in link.recv(4096):
        pass
    link.sendall(BY_LETTERS)


def test_a_service_that_speaks_only_to_a_slip_stays_named(
    make_server, make_printer, host, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    """A look finds nothing wrong with it; the lamp stays on until the address is right."""
    monkeypatch.setattr(host_module, "REFRESH_S", 0.1)
    monkeypatch.setattr(worker_module, "LOOK_AGAIN_S", 0.1)
    door = Door(quiet_web)
    server = make_server([printer("P1", door.port, answers=[])])
    jobs = [server.queue("P1", slip(number)) for number in ("A-001", "A-002")]
    host(server)
    for job in jobs:
        assert "layanan web" in server.wait_for_state(job, "uncertain")
    claims = len(server.requests)
    server.wait(lambda me: len(me.requests) > claims + 8)
    assert [state for _, state, _ in server.statuses if state != "unknown"] == ["error"] == [server.statuses[-1][1]]
    server.printers[0]["transport"] = {**server.printers[0]["transport"], "port": make_printer().port}
    server.wait(lambda me: me.statuses[-1][1] == "unknown")
    server.wait_for_state(server.queue("P1", slip("A-003")), "assumed")
    door.close()


def test_a_flood_is_neither_kept_nor_listened_to_for_long(doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "CONFIRM_S", 0.2)
    way = NetworkDriver("127.0.0.1", doors["flood"], close_wait_s=0.1, write_timeout_s=2)
    with pytest.raises(Exception, match=r"^[A-Z].*\.$"):
        talk.put(way, Answers(completion=True), "7", TICKET)
    replies = Replies()
    for _ in range(50):
        replies.feed(FLOOD)
    assert len(replies._rest) < 8 and len(replies._heard) == 64 and len(replies.completed) <= 8


def test_letters_are_no_answers(doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some letters have the very bits of an answer; so a web page may say that there is paper."""
    monkeypatch.setattr(talk, "ANSWER_S", 0.1)
    replies = Replies()
    replies.ask(1)
    replies.feed(BY_LETTERS)
    assert replies.asked is None and replies.service == "web (HTTP)"
    for name in ("web", "letters"):
        with pytest.raises(PrinterForeign) as caught:
            talk.probe(NetworkDriver("127.0.0.1", doors[name], close_wait_s=0.2))
        assert not caught.value.began


def test_a_mute_printer_whose_address_is_another_services_is_in_doubt(doors) -> None:
    """It was asked before and could not answer; somebody has given its address away since."""
    for name in ("web", "ssh"):
        with pytest.raises(PrinterForeign) as caught:
            talk.put(NetworkDriver("127.0.0.1", doors[name], close_wait_s=0.2), Answers(), "7", TICKET)
        assert caught.value.began
