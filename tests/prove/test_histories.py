"""The campaign of histories, small: a real server behind roads that cut, and a real house pressed by threads.

What it must find is planted in its own words, one at a time, in a history that is fine; plants in the product are the
campaign's own (`mpp prove --controls histories`).

Planted, each seen red: the log held against the newest act only; an event told to two; an unanswered press that ends with its
press; a refused press that may still be done; empty lines not judged; a new key at each press; any `counter_busy` believed;
cuts that begin at byte 0 again.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from random import Random
from typing import Any

import pytest

from server.ops.prove.campaign import Order
from server.ops.prove.histories import run
from server.ops.prove.histories.hands import Deed, Hand, Reply, Unanswered, serve, touch
from server.ops.prove.histories.road import Cuts, Message, Road
from server.ops.prove.histories.story import CALLED, FINISHED, ISSUED, Happened, Log, judge, replay
from tests.waiting import wait_for

KTP = "DKC-KTP"


def test_the_short_form_breaks_nothing() -> None:
    findings = run(Order(False, 1, lambda line: None))
    assert findings.broken == [] and findings.left_out == []
    told = "\n".join(findings.figures)
    for what in ("done after a lost answer", "unknown", "nobody waits", "counter_busy", "quota_reached", "late request", "cut reply", "twin"):
        assert what in told, f"{what} never happened"


class Book:
    """A history written by hand: each act is over before the next one begins, unless said otherwise."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.events: list[Happened] = []

    def happens(self, type_: str, ticket: int, who: str) -> int:
        seq = len(self.events) + 1
        label = f"B-{ticket:03d}" if type_ == ISSUED else ""
        self.events.append(Happened(seq, type_, ticket, KTP, who, "DKC", ticket if type_ == ISSUED else 0, label))
        return seq

    def does(self, kind: str, who: str, status: int, told: dict[str, Any], lost: int = 0) -> Deed:
        at = 10 * len(self.deeds)
        deed = Deed(who, kind, KTP, f"{who}-{len(self.deeds)}", at, at, at + 5 if status else 0, status, lost, told)
        self.deeds.append(deed)
        return deed

    def issue(self, ticket: int) -> Deed:
        self.happens(ISSUED, ticket, "K1")
        return self.does("issue", "K1", 201, {"id": ticket, "number": f"B-{ticket:03d}"})

    def next(self, ticket: int, who: str = "DKC-1") -> Deed:
        return self.does("next", who, 200, {"ticket": {"id": ticket}, "call": {"id": self.happens(CALLED, ticket, who)}})

    def finish(self, ticket: int, who: str = "DKC-1") -> Deed:
        self.happens(FINISHED, ticket, who)
        return self.does("finish", who, 200, {"ticket": {"id": ticket}, "call": None})

    def found(self, quota: int = 99, **changed: Any) -> list[str]:
        issued = {one.ticket: one.label for one in self.events if one.type == ISSUED}
        log = Log([one.seq for one in self.events], len(self.events), self.events, issued)._replace(**changed)
        return judge(log, self.deeds, {KTP: quota}, 10_000)


@pytest.fixture
def book() -> Book:
    """Two visitors, one after the other."""
    book = Book()
    book.issue(1)
    book.issue(2)
    book.next(1)
    book.finish(1)
    book.next(2)
    book.finish(2)
    return book


def test_a_fine_history_is_fine(book: Book) -> None:
    assert book.found() == []
    book.does("next", "DKC-1", 204, {})
    book.does("issue", "K1", 409, {"code": "quota_reached"})
    assert book.found(quota=2) == []


def lose(book: Book) -> None:
    book.does("issue", "K2", 201, {"id": 3, "number": "B-003"})


def number_another(book: Book) -> None:
    book.deeds[1].told = {"id": 2, "number": "B-001"}


def tell_it_twice(book: Book) -> None:
    book.does("issue", "K1", 201, dict(book.deeds[1].told))


def call_twice(book: Book) -> None:
    book.next(2, "DKC-2")
    book.finish(2, "DKC-2")


def call_somebody_else(book: Book) -> None:
    book.deeds[2].told = {"ticket": {"id": 2}, "call": {"id": 3}}


def do_unasked(book: Book) -> None:
    book.deeds.pop()


def skip_a_number(book: Book) -> None:
    book.happens(ISSUED, 4, "K1")
    book.does("issue", "K1", 201, {"id": 4, "number": "B-004"})
    book.next(4)
    book.finish(4)


def leave_somebody(book: Book) -> None:
    book.issue(3)


def overtake(book: Book) -> None:
    book.issue(3)
    book.issue(4)
    for ticket in (4, 3):
        book.next(ticket)
        book.finish(ticket)


def seat_two(book: Book) -> None:
    book.issue(3)
    book.issue(4)
    book.next(3)
    book.next(4)


def find_nobody(book: Book) -> None:
    book.issue(3)
    book.does("next", "DKC-2", 204, {})
    book.next(3)
    book.finish(3)


def turn_the_log(book: Book) -> None:
    """The second visitor's press began only after the first one had been answered."""
    book.deeds[0].begin, book.deeds[0].last, book.deeds[0].end = 16, 16, 17


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lose, "lost: issue of K2"), (number_another, "the log has"), (tell_it_twice, "was told for K1-1 of K1 too"),
        (call_twice, "visitor 2 was called 2 times"), (call_somebody_else, "event 3 called 1"),
        (do_unasked, "nobody pressed for it"), (skip_a_number, "was given after number 2"), (leave_somebody, "wait for"),
        (overtake, "overtook visitor 3"), (seat_two, "was called to DKC-1, where 3 was"),
        (find_nobody, "nobody was found"), (turn_the_log, "which was over when it began"),
    ],
)
def test_what_is_wrong_is_said(book: Book, spoil: Callable[[Book], None], says: str) -> None:
    spoil(book)
    assert any(says in one for one in book.found()), book.found()


def test_a_log_with_a_gap_a_head_of_its_own_and_a_table_of_its_own(book: Book) -> None:
    assert book.found(seqs=[1, 2, 3, 4, 5, 7]) == ["the log has gaps or doubles in its seq"]
    assert book.found(head=5) == ["the head stands at 5, the log has 6 events"]
    assert book.found(tickets={1: "B-001"}) == ["the tickets of the log and those of the table differ"]
    assert book.found(quota=1)[0] == "2 numbers of a quota of 1"
    assert replay(Log([], 0, [], {})) == []


def test_an_unanswered_press_may_have_been_done_once_at_any_time_or_never(book: Book) -> None:
    book.does("issue", "K2", 0, {}, lost=1)
    assert book.found() == []
    book.happens(ISSUED, 3, "K2")
    book.next(3)
    book.finish(3)
    assert book.found() == []
    book.does("issue", "K2", 0, {}, lost=1)
    book.issue(4)
    book.happens(ISSUED, 5, "K2")
    for ticket in (4, 5):
        book.next(ticket)
        book.finish(ticket)
    assert book.found() == []
    book.happens(ISSUED, 6, "K2")
    assert "nobody pressed for it" in book.found()[1]


@pytest.mark.parametrize("lost", [0, 1])
def test_a_refusal_or_an_empty_line_is_the_end_of_a_press_unless_a_copy_of_it_is_on_its_way(book: Book, lost: int) -> None:
    book.does("next", "DKC-2", 204, {}, lost=lost)
    book.issue(3)
    book.happens(CALLED, 3, "DKC-2")
    assert ("nobody pressed for it" in "".join(book.found())) is (lost == 0)


class Playing:
    """A door with answers in store: what was pressed, and under which key."""

    rest_s = 0.0

    def __init__(self, *answers: Reply | None) -> None:
        self.answers, self.pressed = list(answers), []

    def press(self, kind: str, service: str, key: str, odd: bool = False) -> Reply:
        self.pressed: list[tuple[str, str]] = [*self.pressed, (kind, key)]
        answer = self.answers.pop(0)
        if answer is None:
            raise Unanswered
        return answer


class Never(Random):
    """No whim."""

    def random(self) -> float:
        return 0.999


def hand(*answers: Reply | None) -> tuple[Hand, Playing]:
    door = Playing(*answers)
    one = Hand("DKC-1", door, 1)
    one.rng = Never()
    return one, door


def called(ticket: int) -> Reply:
    return Reply(200, {"ticket": {"id": ticket}, "call": {"id": ticket}}, False)


DONE, NOBODY = Reply(200, {"ticket": {"id": 7}, "call": None}, False), Reply(204, {}, False)


def test_somebody_unanswered_presses_again_under_the_same_key() -> None:
    kiosk, door = hand(None, None, Reply(201, {"id": 1, "number": "B-001"}, True))
    touch(kiosk, [KTP], "DKC-IKD", 1)
    assert len(set(door.pressed)) == 1 and kiosk.deeds[0].lost == 2 and kiosk.wrong == [] and not kiosk.owes


def test_a_press_given_up_may_have_called_somebody() -> None:
    busy = Reply(409, {"code": "counter_busy", "leg": {"ticket": 7}}, False)
    officer, door = hand(Reply(200, {}, False), None, busy, DONE, NOBODY)
    drops = iter([0.999, 0.0])
    officer.rng.random = lambda: next(drops, 0.999)  # type: ignore[method-assign]
    serve(officer, KTP, lambda: True)
    assert officer.wrong == [] and officer.owes and door.answers == []


@pytest.mark.parametrize(
    ("answers", "is_fine"),
    [
        ((Reply(409, {"code": "counter_busy", "leg": {"ticket": 7}}, False), NOBODY), False),
        ((Reply(500, {}, False), NOBODY), False),
        ((called(7), DONE, NOBODY, NOBODY), True),
        ((called(6), DONE, NOBODY, NOBODY), False),
        ((called(7), Reply(409, {"code": "wrong_state"}, False), NOBODY, NOBODY), False),
    ],
)
def test_an_officer_is_surprised_by_what_should_not_be(answers: tuple[Reply, ...], is_fine: bool) -> None:
    officer, _ = hand(Reply(200, {}, False), *answers)
    serve(officer, KTP, lambda: True)
    assert (officer.wrong == []) is is_fine


def test_a_kiosk_is_surprised_by_any_refusal_but_a_used_up_quota() -> None:
    full = Reply(409, {"code": "quota_reached"}, False)
    for limited, is_fine in ((KTP, True), ("DKC-IKD", False)):
        kiosk, _ = hand(full)
        touch(kiosk, [KTP], limited, 1)
        assert (kiosk.wrong == []) is is_fine


def test_every_byte_is_cut_at_in_turn() -> None:
    cuts = Cuts(3)
    assert [cuts.place(("next", "reply"), 8) for _ in range(8)] == [0, 3, 6, 1, 4, 7, 2, 5]
    assert [Cuts(1).place(("next", "reply"), 2), cuts.place(("next", "request"), 2)] == [0, 0]
    assert cuts.done["next", "reply"] == set(range(8))
    mixed = Cuts(1)  # planted: begun again at 0 by a shorter one -> red
    for size in (8, 8, 2, 8, 2, 8, 2, 8, 8, 8, 8):
        mixed.place(("next", "reply"), size)
    assert mixed.done["next", "reply"] == set(range(8))
    further = Cuts(1, first=5)
    assert [further.place(("next", "reply"), 8) for _ in range(5)] == [5, 6, 7, 0, 1]


REQUEST = b"POST /api/v1/counters/DKC-1/next HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers each whole request with ANSWER; `got`: the bytes of each connection that has ended."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                got = b""
                with sock, suppress(OSError):
                    while part := sock.recv(4096):
                        got += part
                        if got.endswith(REQUEST):
                            sock.sendall(ANSWER)
                self.got.append(got)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.listener.shutdown(socket.SHUT_RDWR)
    one.listener.close()


@pytest.mark.parametrize(
    ("fault", "reaches", "comes"),
    [
        ("", REQUEST, ANSWER), ("late reply", REQUEST, ANSWER), ("cut request", REQUEST[:9], b""), ("cut reply", REQUEST, ANSWER[:9]),
        ("no request", b"", b""), ("no reply", REQUEST, b""), ("late request", REQUEST, b""),
    ],
)
def test_a_road_harms_what_it_carries(
    server: Server, monkeypatch: pytest.MonkeyPatch, fault: str, reaches: bytes, comes: bytes
) -> None:
    cuts = Cuts(1)
    monkeypatch.setattr(cuts, "place", lambda what, size: 9)
    road = Road("DKC-1", server.listener.getsockname(), 1, cuts)
    monkeypatch.setattr(road, "_draw", lambda act: fault)
    with closing(road), socket.create_connection(road.address, 30) as person:
        person.sendall(REQUEST)
        if fault in ("no request", "no reply", "late request"):
            person.shutdown(socket.SHUT_WR)  # patience is over
        got = b""
        while got != ANSWER and (part := person.recv(4096)):
            got += part
        person.close()
        road.settle()
    wait_for(lambda: server.got, 30, "the end of the connection")
    assert (server.got, got) == ([reaches], comes)


def test_a_message_is_whole_or_not_there() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(ANSWER + ANSWER[:-1])
        one.shutdown(socket.SHUT_WR)
        messages = Message(other)
        assert messages.read() == ANSWER and messages.read() is None
