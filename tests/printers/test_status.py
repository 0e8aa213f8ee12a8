"""What a printer says of itself, byte by byte, against the command reference's tables.

Planted, each seen red: an empty answer taken for good news; the reply of any slip taken for ours; a block of
automatic status cut short taken for a whole one; noise that stops the reading.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.status import ALWAYS_ASKED, CAN_PRINT, Answers, Replies, Status, completion_request, mark_of

OURS = mark_of("1017")
REPLY = b"\x37\x22" + OURS + b"\x00"


def told(*answers: tuple[int, int]) -> Status:
    replies = Replies()
    for question, byte in answers:
        assert replies.ask(question) == bytes((0x10, 0x04, question))
        replies.feed(bytes([byte]))
    return replies.status


@pytest.mark.parametrize(
    ("one", "two", "four", "state"),
    [
        (0x12, 0x12, 0x12, "ready"),
        (0x16, 0x12, 0x12, "ready"),  # the drawer's pin
        (0x12, 0x12, 0x1E, "paper_low"),
        (0x1A, 0x32, 0x7E, "paper_out"),
        (0x12, 0x12, 0x72, "paper_out"),
        (0x1A, 0x16, 0x12, "cover_open"),
        (0x1A, 0x36, 0x7E, "cover_open"),
        (0x1A, 0x12, 0x12, "offline"),
        (0x1A, 0x52, 0x12, "error"),
    ],
)
def test_states_of_the_real_time_answers(one: int, two: int, four: int, state: str) -> None:
    assert told((1, one), (2, two), (4, four)).state == state


def test_the_cutter_is_named() -> None:
    status = told((1, 0x1A), (2, 0x52), (4, 0x12), (3, 0x1A))
    assert (status.state, status.cutter) == ("error", True)


@pytest.mark.parametrize(
    ("block", "state"),
    [
        (b"\x10\x00\x00\x00", "ready"),
        (b"\x14\x00\x00\x0f", "ready"),
        (b"\x10\x00\x03\x00", "paper_low"),
        (b"\x18\x00\x0f\x00", "paper_out"),
        (b"\x38\x00\x00\x00", "cover_open"),
        (b"\x18\x08\x00\x00", "error"),
        (b"\x18\x00\x00\x00", "offline"),
    ],
)
def test_states_of_automatic_status(block: bytes, state: str) -> None:
    replies = Replies()
    for byte in block:
        assert replies.status.state == "unknown"
        replies.feed(bytes([byte]))
    assert replies.status.state == state and replies.asb_blocks == 1


@pytest.mark.parametrize("missing", ALWAYS_ASKED)
def test_an_answer_that_is_missing_is_not_good_news(missing: int) -> None:
    assert told(*((n, 0x12) for n in ALWAYS_ASKED if n != missing)).state == "unknown"
    assert Status().state == "unknown"


def test_the_reply_of_our_slip_among_everything_else() -> None:
    replies = Replies()
    for byte in b"\xff\x00\x10\x00\x00\x00" + b"\x37\x22ABCD\x00" + b"\x12" + REPLY + b"\x11\x13":
        replies.feed(bytes([byte]))
    assert OURS in replies.completed and b"ABCD" in replies.completed
    assert completion_request(OURS) == b"\x1d(H\x06\x0000" + OURS


@given(st.lists(st.binary(max_size=40), max_size=12), st.booleans())
def test_no_noise_ever_confirms_or_makes_ready(chunks: list[bytes], asks: bool) -> None:
    """Confirmed only by the very block; ready only by three answers that were asked for, or an automatic block."""
    stream = b"".join(chunks)
    replies = Replies()
    if asks:
        replies.ask(1)
    for chunk in chunks:
        replies.feed(chunk)
    assert OURS not in replies.completed or REPLY in stream
    if replies.status.state in CAN_PRINT:
        assert any(
            stream[at] & 0x93 == 0x10 and not any(byte & 0x90 for byte in stream[at + 1 : at + 4])
            for at in range(len(stream) - 3)
        )
    assert len(replies._rest) < 8 and len(replies.completed) <= 8


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=10))
def test_where_the_bytes_are_cut_changes_nothing(stream: bytes, cuts: list[int]) -> None:
    whole, parts = Replies(), Replies()
    whole.feed(stream)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in zip(edges, edges[1:], strict=False):
        parts.feed(stream[start:end])
    assert (whole.status, whole.completed, whole._rest) == (parts.status, parts.completed, parts._rest)


@given(st.integers(0, 10**12), st.integers(1, 94**4 - 1))
def test_marks_are_printable_and_apart(job: int, further: int) -> None:
    mark = mark_of(str(job))
    assert len(mark) == 4 and all(33 <= byte <= 126 for byte in mark)
    assert mark != mark_of(str(job + further))


def test_what_a_printer_can_answer_is_kept_as_names() -> None:
    assert Answers.from_list(None) is None
    assert Answers.from_list([]) == Answers()
    for names in (["status"], ["asb", "completion"], ["status", "asb", "completion"]):
        found = Answers.from_list([*names, "of another release"])
        assert found is not None and found.as_list() == names
