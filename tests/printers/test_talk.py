"""The conversation over real TCP with the virtual printer, which was written apart from it.

Planted, each seen red: the slip sent although the paper is out; the mark left out of the request; `assumed`
told as `confirmed`; a printer asked nothing after its slip; a probe that believes what was not answered.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from printers import talk
from printers.errors import PrinterError, PrinterForeign, PrinterNotReady, PrinterSilent, PrinterStopped
from printers.layout import build
from printers.links.network import NetworkDriver
from printers.profile import Profile
from printers.slip import Slip
from printers.status import Answers
from tests.printers.samples import slip

TICKET = build(Slip.from_dict(slip("A-001")), Profile())
ALL = Answers(status=True, asb=True, completion=True, graphics=True)
NAMES = {"status", "asb", "completion", "graphics"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at often; good news has time even on a busy machine, and comes at once on another."""
    monkeypatch.setattr(talk, "CONFIRM_S", 60.0)
    monkeypatch.setattr(talk, "_LOOK_EVERY_S", 0.05)


@pytest.fixture
def in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound after which a slip is `uncertain` comes soon: no good news is coming."""
    monkeypatch.setattr(talk, "CONFIRM_S", 0.3)


def way(virtual) -> NetworkDriver:
    return NetworkDriver("127.0.0.1", virtual.port, close_wait_s=0.1)


def put(virtual, answers: Answers = ALL, job: str = "7", starting: Callable[[], None] = lambda: None) -> tuple[str, str]:
    outcome, status = talk.put(way(virtual), answers, job, TICKET, starting)
    return outcome, status.state


def test_a_probe_finds_what_the_printer_can_answer_and_prints_nothing(virtual) -> None:
    for names in (NAMES, {"status"}, {"asb", "completion"}, set()):
        virtual.behave("ok", answers=frozenset(names))
        assert set(talk.probe(way(virtual)).as_list()) == names
    assert virtual.store.newest_first() == [] and virtual.errors == []


def test_paper_that_came_out_is_confirmed_by_the_printer(virtual) -> None:
    assert put(virtual) == ("confirmed", "ready")
    assert [(each.number, each.cut) for each in virtual.slips(1)] == [("A-001", True)]
    assert virtual.errors == []


@pytest.mark.parametrize(("able", "state"), [(Answers(), "unknown"), (Answers(status=True), "ready"), (Answers(asb=True), "unknown")])
def test_without_a_reply_it_is_assumed(virtual, able: Answers, state: str) -> None:
    virtual.behave("ok", answers=frozenset(able.as_list()))
    assert put(virtual, able) == ("assumed", state)
    assert len(virtual.slips(1)) == 1


@pytest.mark.parametrize("mode", ["paper_out", "cover_open", "offline", "error"])
def test_a_printer_that_cannot_print_is_sent_nothing(virtual, mode: str) -> None:
    virtual.behave(mode)
    marks: list[int] = []
    with pytest.raises(PrinterNotReady) as caught:
        put(virtual, starting=lambda: marks.append(1))
    assert (caught.value.state, caught.value.began, marks) == (mode, False, [])
    assert talk.look(way(virtual), ALL).state == mode
    virtual.behave("ok")
    assert put(virtual) == ("confirmed", "ready")
    assert len(virtual.slips(1)) == 1


def test_low_paper_prints_and_says_so(virtual) -> None:
    virtual.behave("paper_low")
    assert put(virtual) == ("confirmed", "paper_low")


def test_silence_of_one_that_can_answer_sends_nothing(virtual) -> None:
    virtual.behave("ok", answers=frozenset({"asb", "completion"}))
    with pytest.raises(PrinterSilent) as caught:
        put(virtual)
    assert not caught.value.began and virtual.store.newest_first() == []


def test_a_reply_that_does_not_come_is_uncertain(virtual, in_vain) -> None:
    virtual.behave("ok", answers=frozenset({"status", "asb"}))
    with pytest.raises(PrinterStopped, match="tidak memastikan") as caught:
        put(virtual)
    assert caught.value.began
    assert len(virtual.slips(1)) == 1


def test_the_end_of_the_paper_at_every_byte(virtual, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much was printed when it ended: `uncertain` with its cause, and one paper after the refill."""
    asked, request = 9, 11
    last = asked + len(TICKET) + request
    for count in [*range(asked, last, 71), last - request, last - 1, last]:
        before = len(virtual.store.newest_first())
        virtual.behave("out_after", count)
        monkeypatch.setattr(talk, "CONFIRM_S", 60.0 if count == last else 0.3)
        try:
            outcome = put(virtual)[0]
        except PrinterError as error:
            outcome = f"{error.began} {getattr(error, 'state', '')}"
        assert outcome == ("confirmed" if count == last else "True paper_out"), count
        virtual.behave("ok")
        assert [each.number for each in virtual.slips(before + 1)[before:]] == ["A-001"]
    assert virtual.errors == []


@pytest.mark.parametrize("count", [0, 1, 6, 20, 200, len(TICKET)])
def test_a_link_that_drops_is_told_by_whether_it_began(virtual, count: int) -> None:
    """The questions before the slip are nine bytes."""
    virtual.behave("reset_after", count)
    marks: list[int] = []
    with pytest.raises(PrinterError) as caught:
        put(virtual, starting=lambda: marks.append(1))
    assert caught.value.began is bool(marks) is (count > 9)


def test_a_late_reply_is_uncertain_and_a_slow_answer_is_silence(virtual, in_vain, monkeypatch: pytest.MonkeyPatch) -> None:
    virtual.behave("ok", late_s=2.0)
    monkeypatch.setattr(talk, "ANSWER_S", 0.1)
    with pytest.raises(PrinterSilent):
        put(virtual)
    with pytest.raises(PrinterStopped):
        put(virtual, Answers(completion=True))
    assert len(virtual.slips(1)) == 1


def test_the_reply_to_another_slip_confirms_nothing(virtual, in_vain) -> None:
    with pytest.raises(PrinterStopped):
        original = virtual.machine.receive
        virtual.machine.receive = lambda data: original(data.replace(talk.mark_of("7"), talk.mark_of("8")))
        put(virtual)


def test_a_liar_is_believed_because_nothing_else_can_be_known(virtual) -> None:
    """What a printer confirms without paper no sender can see: the acceptance sheet has somebody look."""
    virtual.behave("ok", lies=True)
    assert put(virtual) == ("confirmed", "ready")
    assert virtual.store.newest_first() == []


def test_a_flood_of_status_bytes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(1)

        def flood() -> None:
            link, _ = door.accept()
            with link:
                try:
                    for _ in range(2500):
                        link.sendall(b"\x00\x37\xff\x22" * 1024)
                except OSError:
                    return

        thread = threading.Thread(target=flood)
        thread.start()
        with pytest.raises(PrinterForeign):
            talk.put(NetworkDriver("127.0.0.1", door.getsockname()[1]), ALL, "7", TICKET)
        thread.join(20)
        assert not thread.is_alive()
