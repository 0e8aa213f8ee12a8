"""The virtual printer's tokeniser: strict, and indifferent to how the stream was cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.layout import build
from printers.profile import Profile
from printers.slip import Slip
from printers.virtual.commands import COMMANDS
from printers.virtual.mechanism import Mechanism
from printers.virtual.paper import Paper
from printers.virtual.parser import Command, Parser, Text, Unknown, tokenise
from tests.printers.samples import slip

TICKET = build(Slip.from_dict(slip()), Profile())
SMALL_PICTURE = b"\x1dv0\x00\x01\x00\x08\x00\x1b@\x1dV\n\x00\x10A"


@pytest.mark.parametrize(
    ("stream", "tokens"),
    [
        (b"A-001\n", [Text(b"A-001"), Command("LF", b"")]),
        (b"\x1b@\x1ba\x01", [Command("ESC @", b""), Command("ESC a", b"\x01")]),
        (b"\x1dV\x42\x03", [Command("GS V", b"\x42\x03")]),
        (b"\x1dV\x00A", [Command("GS V", b"\x00"), Text(b"A")]),
        (b"\x1dv0\x00\x01\x00\x02\x00\x1b@", [Command("GS v 0", b"\x00\x01\x00\x02\x00\x1b@")]),
        (b"\x1d(k\x03\x001Q0", [Command("GS ( k", b"\x03\x001Q0")]),
        (b"\x10\x04\x01", [Command("DLE EOT", b"\x01")]),
    ],
)
def test_known_commands(stream: bytes, tokens: list[object]) -> None:
    assert tokenise(stream) == tokens


@pytest.mark.parametrize(
    ("stream", "unknown"),
    [
        (b"\x00", b"\x00"),
        (b"\x7f", b"\x7f"),
        (b"\x1bZ", b"\x1b"),
        (b"\x1ba\x07", b"\x1ba"),
        (b"\x1d!\x88", b"\x1d!"),
        (b"\x1dV\x07", b"\x1dV"),
        (b"\x10\x04\x09", b"\x10\x04"),
        (b"\x1dv0\x09\x01\x00\x01\x00x", b"\x1dv0"),
        (b"\x1d(k\x00\x00", b"\x1d(k"),
        (b"\x1d(L\x02\x000p", b"\x1d(L"),
        (b"\x1d(L\x06\x000E\x1fA\x01\x01", b"\x1d(L"),
        (b"\x1d(L\x06\x000EAB\x01\x03", b"\x1d(L"),
        (b"\x1d(L\x0c\x000C0AB\x01\x10\x00\x01\x001x", b"\x1d(L"),
    ],
)
def test_what_it_does_not_know_is_an_error(stream: bytes, unknown: bytes) -> None:
    """Planted: skipping unknown bytes in `_unknown` -> red."""
    assert tokenise(b"ab" + stream)[1] == Unknown(unknown, 2)


@pytest.mark.parametrize("size", range(1, 9))
def test_a_command_cut_in_its_middle_is_an_error(size: int) -> None:
    command = b"\x1d(k\x04\x001A2\x00"
    assert tokenise(command[:size]) == [Unknown(command[:size], 0)]


def test_a_ticket_cut_anywhere_gives_the_same_tokens() -> None:
    """Planted: `_next` answering Unknown for an incomplete prefix -> red."""

    def joined(chunks: list[bytes]) -> list[object]:
        parser = Parser()
        tokens = [token for chunk in chunks for token in parser.feed(chunk)] + parser.finish()
        merged: list[object] = []
        for token in tokens:
            if isinstance(token, Text) and merged and isinstance(merged[-1], Text):
                merged[-1] = Text(merged[-1].raw + token.raw)
            else:
                merged.append(token)
        return merged

    stream = SMALL_PICTURE + TICKET
    whole = tokenise(stream)
    for cut in range(len(stream)):
        assert joined([stream[:cut], stream[cut:]]) == whole
    assert joined([stream[n : n + 1] for n in range(len(stream))]) == whole


def _measured(prefix: bytes) -> st.SearchStrategy[bytes]:
    """Arguments that are often right: lengths that fit, small numbers."""
    small = st.lists(st.sampled_from(b"\x00\x01\x02\x03\x10\x30\x31\x41\x42\x43\x50\x51"), max_size=12)
    return small.map(lambda values: prefix + bytes(values))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(COMMANDS)).flatmap(_measured) | st.binary(max_size=8), max_size=12))
def test_any_bytes_leave_the_mechanism_working(parts: list[bytes]) -> None:
    """Whatever came before, the next ticket is right."""
    papers: list[Paper] = []
    mechanism = Mechanism(80, lambda paper, cut: papers.append(paper), lambda sentence: None)
    for token in tokenise(b"".join(parts)):
        mechanism.execute(token)
    mechanism.tear_off()
    papers.clear()
    for token in tokenise(TICKET):
        mechanism.execute(token)
    assert [(paper.large_lines, paper.mark()) for paper in papers] == [(["A-001"], None)]
    assert papers[0].png()


def test_a_qr_that_holds_too_much_is_an_error() -> None:
    errors: list[str] = []
    mechanism = Mechanism(80, lambda paper, cut: None, errors.append)
    data = b"\x31P0" + b"a" * 8000
    for token in tokenise(b"\x1d(k" + len(data).to_bytes(2, "little") + data + b"\x1d(k\x03\x001Q0"):
        mechanism.execute(token)
    assert errors == ["Isi kode QR terlalu panjang."]


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(sorted(COMMANDS))).map(b"".join))
def test_any_bytes_are_accounted_for(stream: bytes) -> None:
    """No byte is lost or invented, whatever comes."""
    sizes = {rule.name: len(prefix) for prefix, rule in COMMANDS.items()}
    total = 0
    for token in tokenise(stream):
        total += sizes[token.name] + len(token.args) if isinstance(token, Command) else len(token.raw)
    assert total == len(stream)
