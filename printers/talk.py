"""The conversation with a printer: how are you, here is a slip, has it come out?"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from printers.errors import (
    PrinterBroke,
    PrinterForeign,
    PrinterNotReady,
    PrinterSilent,
    PrinterStalled,
    PrinterStopped,
    PrinterUnreachable,
)
from printers.keeping import listed
from printers.link import Driver, Link
from printers.status import (
    ALWAYS_ASKED,
    ASB_ON,
    ASKED_ABOUT_AN_ERROR,
    CAN_PRINT,
    STRANGE_BYTES,
    UNKNOWN,
    Answers,
    Replies,
    Status,
    completion_request,
    mark_of,
)

#: for the one byte of an answer; printers answer within milliseconds, slow interfaces within some tenths
ANSWER_S = 0.5
#: a slip of 20 cm takes a slow printer about four seconds
CONFIRM_S = 8.0
#: a slip that is not out after this is told as `sent`; on a quick printer that news would be old before it came
SENT_AFTER_S = 0.3
#: for telling that it was sent, while what the printer says waits to be read
TELL_S = 2.0
_LOOK_EVERY_S = 1.0

CONFIRMED, ASSUMED = "confirmed", "assumed"


def _nothing() -> None:
    """The caller who keeps no journal, or need not know."""


def longest_s(driver: Driver, answers: Answers) -> float:
    """How long `put` may take at most, from opening the link to the last word, seconds."""
    asking_s = len(ALWAYS_ASKED) * ANSWER_S if answers.status else 0.0
    return driver.budget_s + asking_s + (SENT_AFTER_S + TELL_S + CONFIRM_S if answers.completion else 0.0)


def look(driver: Driver, answers: Answers) -> Status:
    """How the printer is. One that cannot answer is `unknown` when it can be reached.

    Raises PrinterUnreachable, and PrinterSilent when one that could answer does not.
    """
    with closing(driver.open()) as link:
        return _asked(link, Replies(), driver) if answers.status else Status()


def put(
    driver: Driver, answers: Answers, job: str, data: bytes,
    starting: Callable[[], None] = _nothing, sent: Callable[[], None] = _nothing,
) -> tuple[str, Status]:  # fmt: skip
    """One slip: `confirmed` by the printer itself or `assumed`, and how the printer was afterwards.

    `starting` is called once, just before the first byte may leave; whatever it raises passes through with
    nothing sent. `sent` is called when the link has taken every byte and the printer's word is waited for.
    Raises PrinterError: with `began` False nothing was sent.
    """
    with closing(driver.open()) as link:
        replies = Replies()
        if answers.status:
            status = _asked(link, replies, driver)
            if status.state not in CAN_PRINT and status.state != UNKNOWN:
                raise PrinterNotReady(status.state)
        starting()
        mark = mark_of(job)
        request = completion_request(mark) if answers.completion else b""
        # ESC @ at the head of a slip ends the automatic status: it is asked for anew behind it.
        link.write(data + request + (ASB_ON if answers.asb else b""), driver.write_timeout_s)
        if answers.completion:
            _read_until(link, replies, lambda: mark in replies.completed, SENT_AFTER_S)
            if mark not in replies.completed:
                sent()
            return CONFIRMED, _until_out(link, replies, answers, mark, driver)
        status = _afterwards(link, replies, driver) if answers.status else Status()
        if status.state not in CAN_PRINT and status.state != UNKNOWN:
            raise PrinterStopped(status.state)
        replies.feed(link.finish(driver.write_timeout_s))
        if replies.service:
            raise PrinterForeign(replies.service, began=True)
        return ASSUMED, status


def probe(driver: Driver) -> Answers:
    """What the printer can answer; nothing is printed. Raises PrinterUnreachable, PrinterForeign."""
    if driver.one_way:
        return Answers()
    with closing(driver.open()) as link:
        replies = Replies()
        try:
            found = _probed(link, replies, driver)
        except (PrinterStalled, PrinterBroke) as error:
            _must_be_printer(replies, Answers())
            raise PrinterUnreachable(str(error)) from error
        _must_be_printer(replies, found)
        return found


def _must_be_printer(replies: Replies, found: Answers) -> None:
    """Raises PrinterForeign: silence may be a simple printer, other words are none."""
    if replies.service or (replies.strange >= STRANGE_BYTES and not found.as_list()):
        raise PrinterForeign(replies.service, began=False)


def _probed(link: Link, replies: Replies, driver: Driver) -> Answers:
    status = all(_answered(link, replies, question, driver) for question in ALWAYS_ASKED)
    link.write(ASB_ON, driver.write_timeout_s)
    _read_until(link, replies, lambda: replies.asb_blocks > 0, ANSWER_S)
    asb = replies.asb_blocks > 0
    mark = mark_of(str(time.monotonic_ns()))
    link.write(completion_request(mark), driver.write_timeout_s)
    _read_until(link, replies, lambda: mark in replies.completed, 4 * ANSWER_S)
    graphics = listed(link, driver, 2 * ANSWER_S) is not None
    # ESC @ ends the automatic status and throws away what a printer that knows none of this took for text.
    link.write(b"\x1b@", driver.write_timeout_s)
    replies.feed(link.finish(driver.write_timeout_s))
    return Answers(status, asb, mark in replies.completed, graphics)


def _asked(link: Link, replies: Replies, driver: Driver) -> Status:
    """How the printer is before anything is printed: a link that breaks meanwhile has begun nothing."""
    try:
        return _status(link, replies, driver)
    except (PrinterStalled, PrinterBroke) as error:
        raise PrinterUnreachable(str(error)) from error


def _status(link: Link, replies: Replies, driver: Driver) -> Status:
    replies.status = Status()
    for question in ALWAYS_ASKED:
        if not _answered(link, replies, question, driver):
            _must_be_printer(replies, Answers())
            raise PrinterSilent
    if replies.status.error:
        _answered(link, replies, ASKED_ABOUT_AN_ERROR, driver)
    return replies.status


def _answered(link: Link, replies: Replies, question: int, driver: Driver) -> bool:
    link.write(replies.ask(question), driver.write_timeout_s)
    _read_until(link, replies, lambda: replies.asked is None, ANSWER_S)
    return replies.asked is None


def _read_until(link: Link, replies: Replies, done: Callable[[], bool], timeout_s: float) -> None:
    """Read until `done` or the time is over, however much noise comes."""
    deadline = time.monotonic() + timeout_s
    while not done() and (left_s := deadline - time.monotonic()) > 0:
        replies.feed(link.read(left_s))


def _until_out(link: Link, replies: Replies, answers: Answers, mark: bytes, driver: Driver) -> Status:
    """Until the printer says that this very slip has come out. Raises PrinterStopped when it does not."""
    deadline = time.monotonic() + CONFIRM_S
    while mark not in replies.completed:
        if time.monotonic() >= deadline:
            raise PrinterStopped(replies.status.state)
        _read_until(link, replies, lambda: mark in replies.completed, _LOOK_EVERY_S)
        if mark not in replies.completed and answers.status:
            _afterwards(link, replies, driver)
    return _afterwards(link, replies, driver) if answers.status else replies.status


def _afterwards(link: Link, replies: Replies, driver: Driver) -> Status:
    """How the printer is with a slip behind it: silence proves nothing any more."""
    try:
        return _status(link, replies, driver)
    except (PrinterSilent, PrinterForeign):
        return Status()
