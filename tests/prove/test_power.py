"""The power campaign, small (`mpp prove power`), and the disks, tapes and judgements it is made of.

Planted: see `server/ops/prove/power.py` (PLANTS), each caught by this form. In the campaign itself: a sync that settles
nothing; a write that is never torn; a call that is not understood left out; an old entry never back -> one red each.
"""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from server.ops.prove import power
from server.ops.prove.campaign import Order
from server.ops.prove.lives.drawing import drawings, sectors
from server.ops.prove.lives.images import Recording, Viewer
from server.ops.prove.lives.tape import Disk, Op, Unreadable, played, read_tape

DATABASE = "mpp.sqlite3"
WAL = f"{DATABASE}-wal"


def test_no_power_cut_loses_what_was_answered_for() -> None:
    findings = power.run(Order(is_long=False, seed=1, say=lambda line: None))
    assert findings.broken == [] and findings.left_out == []
    images, _, rest = findings.figures[0].partition(" images")
    assert int(images) > 2000 and " 0 of them lost" in rest


def hexed(text: str | bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in (text.encode() if isinstance(text, str) else text))


def tape(folder: Path, *lines: str) -> list[Op]:
    log = folder / "tape"
    log.write_text("\n".join(lines) + "\n")
    return read_tape(log, folder / DATABASE)


def test_a_tape_is_read_as_strace_writes_it(tmp_path: Path) -> None:
    base, wal, folder = (hexed(str(tmp_path / name)) for name in (DATABASE, WAL, ""))
    ops = tape(
        tmp_path,
        f'11 1.5 pwrite64(7<{wal}>, "{hexed(b"ab")}", 2, 32) = 2',
        f"12 1.6 fdatasync(7<{wal}> <unfinished ...>",
        f'11 1.7 pwrite64(6<{base}>, "{hexed(b"cdef")}", 4, 0) = 3',
        "12 1.8 <... fdatasync resumed>) = 0",
        f"11 1.9 ftruncate(6<{base}>, 4096) = 0",
        f"11 2.0 fsync(8<{folder}>) = 0",
        f'11 2.1 unlink("{wal}") = -1 ENOENT (No such file or directory)',
        f'11 2.2 unlink("{wal}") = 0',
        f'11 2.3 pwrite64(9<{hexed("/elsewhere")}>, "{hexed(b"zz")}", 2, 0) = 2',
        "11 +++ exited with 0 +++".replace("11 ", "11 2.4 "),
    )
    assert ops == [
        Op(1.5, "write", WAL, 32, b"ab"), Op(1.6, "sync", WAL), Op(1.7, "write", DATABASE, 0, b"cde"),
        Op(1.9, "cut", DATABASE, 4096), Op(2.0, "sync", "."), Op(2.2, "unlink", WAL),
    ]


@pytest.mark.parametrize("line", ["what is this", '11 1.0 rename("a", "b") = 0', '11 1.0 copy_file_range(3, 4) = 1'])
def test_nothing_on_a_tape_is_left_out_in_silence(tmp_path: Path, line: str) -> None:
    with pytest.raises(Unreadable):
        tape(tmp_path, line)
    with pytest.raises(Unreadable, match="^pwritev"):
        tape(tmp_path, f'11 1.0 pwritev(7<{hexed(str(tmp_path / DATABASE))}>, "{hexed(b"ab")}", 2, 0) = 2')


def disk(*ops: Op) -> Disk:
    made = Disk({DATABASE: b"old" * 1000})
    for op in ops:
        made.apply(op)
    return made


def contents(made: Disk, name: str = DATABASE) -> set[bytes | None]:
    return {image.get(name) for _, image in drawings(made, 400, random.Random(1))}


def test_what_is_synced_is_there_and_what_is_not_may_be_there_in_part() -> None:
    write = Op(0, "write", DATABASE, 100, b"x" * 1000)
    assert contents(disk(write, Op(0, "sync", DATABASE))) == {bytes(played(b"old" * 1000, [write]))}
    found = contents(disk(write))
    # Sectors end at 512, 1024 and 1100: three pieces, each there or not.
    assert len(found) == 8 and b"old" * 1000 in found and bytes(played(b"old" * 1000, [write])) in found
    assert [(piece.offset, len(piece.data)) for piece in sectors(write)] == [(100, 412), (512, 512), (1024, 76)]


def test_a_sync_of_one_file_is_none_of_another() -> None:
    made = disk(Op(0, "write", WAL, 0, b"w"), Op(0, "write", DATABASE, 0, b"d"), Op(0, "sync", WAL), Op(0, "sync", "."))
    assert {(image[DATABASE][:1], image[WAL]) for _, image in drawings(made, 50, random.Random(1))} == {(b"o", b"w"), (b"d", b"w")}


def test_a_grown_file_may_hold_zeros_or_junk_where_nothing_arrived() -> None:
    made = disk(Op(0, "write", DATABASE, 4096, b"x" * 512))
    assert contents(made) >= {b"old" * 1000, b"old" * 1000 + bytes(1096) + b"x" * 512}
    assert any(content and len(content) == 4608 and content[3000:4096] != bytes(1096) for content in contents(made))


def test_a_name_is_sure_once_its_folder_is_synced() -> None:
    write, sync, folder = Op(0, "write", WAL, 0, b"w"), Op(0, "sync", WAL), Op(0, "sync", ".")
    assert contents(disk(write, sync), WAL) == {None, b"w"}
    assert contents(disk(write, sync, folder), WAL) == {b"w"}
    gone = Op(0, "unlink", WAL)
    assert contents(disk(write, sync, folder, gone), WAL) == {None, b"w"}
    assert contents(disk(write, sync, folder, gone, folder), WAL) == {None}


def test_no_choice_is_drawn_twice_and_a_seed_draws_the_same() -> None:
    made = disk(*(Op(0, "write", DATABASE, n * 512, bytes([n]) * 512) for n in range(8)))
    first = [(way, image[DATABASE]) for way, image in drawings(made, 100, random.Random(5))]
    assert first == [(way, image[DATABASE]) for way, image in drawings(made, 100, random.Random(5))]
    assert len(first) == len({content for _, content in first}) == 100 and [way for way, _ in first[:2]] == ["none", "all"]


def seen(folder: Path, *ops: Op, content: bytes) -> list[str]:
    recording = Recording("r", DATABASE, {DATABASE: content}, list(ops), numbers=[(5.0, 1, "B-001")])
    return Viewer(recording, folder / "images", 1).look(10, 0, 1).broken


def test_a_number_that_somebody_had_been_told_is_missed(tmp_path: Path, empty_hall: bytes) -> None:
    sync = (Op(1.0, "sync", DATABASE), Op(4.0, "sync", DATABASE))
    assert seen(tmp_path / "a", *sync, content=empty_hall) != []
    [lost] = seen(tmp_path / "b", *sync, content=empty_hall)
    assert "after call 1" in lost and lost.endswith("lost: B-001"), "the power went before it was told, and after"


def test_a_database_that_cannot_be_read_is_said(tmp_path: Path, empty_hall: bytes) -> None:
    wrong = seen(tmp_path, Op(1.0, "write", DATABASE, 0, b"x" * 100), Op(9.0, "sync", DATABASE), content=empty_hall)
    assert any("cannot read it" in one or "broken" in one for one in wrong)


@pytest.fixture
def empty_hall(tmp_path: Path) -> bytes:
    """A furnished hall at rest, without a ticket."""
    from tests.app.small_hall import template

    path = tmp_path / "hall.sqlite3"
    path.write_bytes(template())
    sqlite3.connect(path).close()
    return path.read_bytes()
