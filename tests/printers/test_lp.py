"""A queue of CUPS. In the suite its commands are a small program of ours (cups_commands/lp) that hands the bytes on to the virtual
printer over TCP; against the real cupsd the same is checked by hand (docs/printers.md).

Planted, each seen red: questions printed as if they were slips; a held slip left in the queue; the option -o raw left out
is seen only with the real one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from printers import talk
from printers.drivers import driver_for
from printers.errors import PrinterBroke, PrinterError, PrinterStalled, PrinterUnreachable, TransportUnknown
from printers.job import PrinterSpec
from printers.links import lp
from printers.status import Answers
from tests.printers.fakes import printer
from tests.printers.test_talk import TICKET

WAY = lp.LpDriver("karcis", write_timeout_s=5)
HASTY = lp.LpDriver("karcis", write_timeout_s=0.3)


@pytest.fixture
def cups(virtual, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files in this folder say what is wrong with the queue."""
    monkeypatch.setenv("PATH", f"{Path(__file__).parent / 'cups_commands'}:{os.environ['PATH']}")
    monkeypatch.setenv("CUPS_FOLDER", str(tmp_path))
    monkeypatch.setenv("CUPS_PORT", str(virtual.port))
    monkeypatch.setenv("PYTHON", sys.executable)
    monkeypatch.setattr(lp, "ASK_S", 2.0)
    return tmp_path


def test_a_slip_comes_out_and_is_assumed_at_most(cups: Path, virtual) -> None:
    assert talk.probe(WAY) == Answers() and not (cups / "spool").exists()
    outcome, status = talk.put(WAY, Answers(), "7", TICKET)
    assert (outcome, status.state) == ("assumed", "unknown")
    assert [(each.number, each.cut) for each in virtual.slips(1)] == [("A-001", True)] and virtual.errors == []
    facts = {**printer("P1", 1, answers=["status", "asb", "completion"]), "transport": {"kind": "lp", "queue": "karcis"}}
    assert PrinterSpec.from_dict(facts).able == Answers(), "whatever somebody trusts it to answer"


@pytest.mark.parametrize(("file", "sentence"), [("stopped", "dihentikan di CUPS"), ("rejecting", "tidak menerima karcis")])
def test_a_queue_that_takes_nothing_is_told_and_nothing_is_begun(cups: Path, file: str, sentence: str) -> None:
    (cups / file).touch()
    with pytest.raises(PrinterUnreachable, match=sentence):
        talk.put(WAY, Answers(), "7", TICKET)
    (cups / file).unlink()
    assert talk.put(WAY, Answers(), "7", TICKET)[0] == "assumed"


def test_a_slip_that_is_held_is_taken_back_and_in_doubt(cups: Path, virtual) -> None:
    (cups / "held").touch()
    with pytest.raises(PrinterStalled) as caught:
        talk.put(HASTY, Answers(), "7", TICKET)
    assert caught.value.began and (cups / "cancelled").read_text() == "karcis-1\n"
    assert virtual.store.newest_first() == []


def test_a_slip_that_is_refused_or_not_answered_has_begun(cups: Path) -> None:
    (cups / "refusing").touch()
    with pytest.raises(PrinterBroke, match="CUPS menolak") as caught:
        talk.put(WAY, Answers(), "7", TICKET)
    assert caught.value.began


def test_cups_that_hangs_is_left(cups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lp, "ASK_S", 0.2)
    (cups / "mute").touch()
    with pytest.raises(PrinterUnreachable, match="CUPS tidak menjawab"):
        WAY.open()
    (cups / "mute").unlink()


def test_no_such_queue_and_no_such_command(cups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PrinterUnreachable, match="lain: tidak ada di CUPS"):
        lp.LpDriver("lain").open()
    monkeypatch.setenv("PATH", str(cups))
    with pytest.raises(PrinterError, match="pasang paket cups-client") as caught:
        WAY.open()
    assert not caught.value.began


def test_a_queue_is_never_an_option() -> None:
    for queue in ("", "-h evil", "a b", "-o"):
        with pytest.raises(TransportUnknown, match=r"^[A-Z].*\.$"):
            driver_for({"kind": "lp", "queue": queue})
