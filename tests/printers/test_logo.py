"""The logo: a picture in two tones, kept by a printer that can, never stored twice, never an end of slips.

Planted, each seen red: stored without asking what is there; stored again at each start; the key of every logo alike;
the old picture left behind; the size not looked at before the picture is unfolded; a raster logo on a slow line.
"""

from __future__ import annotations

import struct
import threading
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from printers.client import Client, ServerUnavailable
from printers.drivers import driver_for
from printers.graphics import KeyList, store_request
from printers.host import Host
from printers.keeping import STORES_MAX, Keeper, listed
from printers.layout import build
from printers.links.serial import SerialDriver
from printers.logo import Logo, LogoUnusable, key_of, picture_of
from printers.profile import Profile
from printers.slip import Slip
from printers.virtual.graphics import ACK, CAN, NAK, NvGraphics
from printers.virtual.parser import Command, tokenise
from tests.printers.rendering import printed
from tests.printers.samples import coat_of_arms, png_of, slip

ARMS = png_of(coat_of_arms())
OTHER = png_of(coat_of_arms(hue="#0b6b3a", width=160))
PROFILE = Profile()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "png", [b"", b"GIF89a", b"not a picture", ARMS[:300], bomb(60_000, 60_000), bomb(700, 700), bomb(0, 5), b"\x89PNG" * 200_000],
    ids=["empty", "gif", "text", "half", "bomb", "large", "nothing wide", "long"],
)  # fmt: skip
def test_what_is_no_logo_is_one_sentence(png: bytes) -> None:
    with pytest.raises(LogoUnusable, match=r"^Logo [^.]*; karcis dicetak tanpa logo\.$"):
        picture_of(png, 576)


def test_a_large_picture_is_not_unfolded() -> None:
    with pytest.raises(LogoUnusable, match="terlalu besar"):
        picture_of(png_of(Image.new("1", (700, 700))), 576)


@pytest.mark.parametrize(("size", "fits"), [((200, 256), (125, 168)), ((640, 80), (576, 80)), ((40, 40), (40, 48))])
def test_it_is_never_wider_than_the_paper(size: tuple[int, int], fits: tuple[int, int]) -> None:
    picture = picture_of(png_of(Image.new("RGB", size, "black")), 576)
    assert (picture.mode, picture.size) == ("1", fits)


def test_shapes_are_cut_and_photographs_dithered() -> None:
    """A dithered ground would be torn into thousands of runs."""
    arms = picture_of(ARMS, 576)
    assert turns(arms) < 8 * arms.height
    photo = picture_of(png_of(Image.radial_gradient("L")), 576)
    assert turns(photo) > 20 * photo.height


def turns(picture: Image.Image) -> int:
    """How often black meets white along the rows."""
    dots = picture.convert("L").tobytes()
    return sum(one != two for one, two in zip(dots, dots[1:], strict=False))


def test_white_on_nothing_is_printed_as_its_shape() -> None:
    white = Image.new("RGBA", (100, 50))
    ImageDraw.Draw(white).rectangle((10, 10, 60, 40), fill="white")
    assert picture_of(png_of(white), 576).convert("L").histogram()[0] == 51 * 31
    assert picture_of(png_of(Image.new("RGB", (9, 9), "white")), 576).convert("L").histogram()[0] == 0


def test_the_key_is_the_pictures_own() -> None:
    keys = {key_of(picture_of(png_of(coat_of_arms(width=width)), 576)) for width in range(100, 130)}
    assert len(keys) >= 29 and all(33 <= byte <= 126 for key in keys for byte in key)


def logo_on(paper_of: bytes, kept: NvGraphics | None = None) -> bytes:
    return printed(paper_of, 80, kept).png()


def test_kept_or_drawn_the_paper_is_the_same() -> None:
    picture = picture_of(ARMS, 576)
    key = key_of(picture)
    kept = NvGraphics(lambda answer: None)
    (store,) = tokenise(store_request(key, picture))
    assert isinstance(store, Command) and kept.execute(store.args[2:]) is None and kept.keys == [key.decode()]
    one = Slip.from_dict(slip())
    drawn, asked = build(one, PROFILE, Logo(picture)), build(one, PROFILE, Logo(picture, key))
    assert logo_on(drawn) == logo_on(asked, kept) != logo_on(build(one, PROFILE))
    assert len(asked) - len(build(one, PROFILE)) < 70 < len(drawn) - len(asked)
    assert drawn.index(b"A-001") < drawn.index(b"\x1dv0")


@pytest.fixture
def way(virtual):
    """The driver of a virtual printer on TCP."""
    return driver_for({"kind": "network", "host": "127.0.0.1", "port": virtual.port, "write_timeout_s": 5})


def test_it_is_stored_once_and_never_again(virtual, way, tmp_path: Path) -> None:
    for _ in range(3):  # three lives of the printing process
        keeper = Keeper(tmp_path, "P1")
        keeper.png = ARMS
        for _ in range(2):
            keeper.tend(way, PROFILE, in_order=True)
        logo = keeper.logo(way, PROFILE)
        assert logo and logo.kept_as.decode() in virtual.machine.facts()["kept"]
    assert virtual.machine.facts()["nv_writes"] == 1
    virtual.machine.lose_power()
    keeper.tend(way, PROFILE, in_order=False)
    keeper.tend(way, PROFILE, in_order=True)
    assert virtual.machine.facts()["nv_writes"] == 1 and virtual.errors == []


def test_lost_it_is_stored_again_but_not_for_ever(virtual, way, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, "P1")
    keeper.png = ARMS
    for _ in range(STORES_MAX + 2):
        virtual.machine.lose_graphics()
        keeper.tend(way, PROFILE, in_order=False)
        keeper.tend(way, PROFILE, in_order=True)
    assert virtual.machine.facts()["nv_writes"] == STORES_MAX
    logo = keeper.logo(way, PROFILE)
    assert logo and logo.kept_as == b""


def test_another_logo_takes_the_place_of_the_one_before(virtual, way, tmp_path: Path) -> None:
    for png in (ARMS, OTHER):
        keeper = Keeper(tmp_path, "P1")
        keeper.png = png
        keeper.tend(way, PROFILE, in_order=True)
    assert virtual.machine.facts()["kept"] == [key_of(picture_of(OTHER, 576)).decode()]
    keeper.png = None
    keeper.tend(way, PROFILE, in_order=True)
    assert keeper.logo(way, PROFILE) is None


def test_a_printer_without_memory_gets_it_on_each_slip(virtual, way, tmp_path: Path) -> None:
    virtual.behave("ok", answers=frozenset({"status"}))
    keeper = Keeper(tmp_path, "P1")
    keeper.png = ARMS
    keeper.tend(way, PROFILE, in_order=True)
    assert keeper.logo(way, PROFILE) == Logo(picture_of(ARMS, 576))
    slow = SerialDriver("/dev/ttyS0", baud=9600)
    assert keeper.logo(slow, PROFILE) is None and keeper.logo(replace(slow, baud=115200), PROFILE)


def test_an_unusable_logo_is_told_once_and_slips_go_on(way, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keeper = Keeper(tmp_path, "P1")
    keeper.png = bomb(60_000, 60_000)
    keeper.tend(way, PROFILE, in_order=True)
    assert keeper.logo(way, PROFILE) is None is keeper.logo(way, PROFILE)
    assert caplog.text.count("karcis dicetak tanpa logo") == 1


def test_the_list_comes_in_blocks_that_are_acknowledged() -> None:
    said: list[bytes] = []
    memory, dot = NvGraphics(said.append), Image.new("1", (8, 1))
    keys = [bytes((60 + number // 10, 48 + number % 10)) for number in range(90)]
    for key in keys:
        memory.execute(store_request(key, dot)[5:])
    memory.execute(b"0@KC")
    answer = KeyList()
    for block in (1, 2, 3):
        for byte in b"\x12\x37\x22" + said.pop(0):  # noise between, cut anywhere
            answer.feed(bytes([byte]))
        assert answer.complete == (block == 3) and answer.owes_ack and memory.respond(ACK)
        answer.owes_ack = False
    assert said == [] and answer.keys == set(keys)
    assert not memory.respond(NAK) and not memory.respond(CAN)


def test_its_memory_ends_somewhere_and_what_does_not_fit_is_ignored(virtual, way) -> None:
    said: list[bytes] = []
    memory = NvGraphics(said.append)
    memory.execute(store_request(b"AB", Image.new("1", (576, 500)))[5:])
    memory.execute(store_request(b"CD", Image.new("1", (576, 500)))[5:])
    memory.execute(b"03")
    assert memory.keys == ["AB"] and said == [b"\x371%d\x00" % (65_536 - 36_000 - 24)]
    with closing(way.open()) as link:
        assert listed(link, way) == set()


def test_it_is_fetched_once_and_again_after_a_fault(tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(Client):
        def logo(self, sha: str) -> bytes:
            asked.append(sha)
            if len(asked) == 1:
                raise ServerUnavailable("HTTP 503")
            return ARMS

    host = Host(Server("http://127.0.0.1:1", "token"), tmp_path, threading.Event())
    for sha in ("a", "a", "a", None, "b"):
        host._take_logo(sha)
    assert asked == ["a", "a", "b"]


def test_the_process_fetches_it_and_prints_it(make_server, virtual, start_host) -> None:
    from tests.printers.fakes import printer

    server = make_server([printer("P1", virtual.port, answers=["status", "completion", "graphics"])])
    server.logo = ARMS
    start_host(server)
    server.wait_for_state(server.queue("P1", slip("A-001")), "confirmed")
    server.wait(lambda me: f"GET /brand/{me.logo_sha}.png" in me.requests)
    assert virtual.machine.facts()["nv_writes"] == 1
    server.wait_for_state(server.queue("P1", slip("A-002")), "confirmed")
    kept = [printed_slip.png for printed_slip in virtual.slips(2)]
    assert len(kept) == 2 and virtual.errors == []
    assert server.requests.count(f"GET /brand/{server.logo_sha}.png") == 1
