"""A backup file is whole or refused.

Planted: the sum of the file not compared -> red (a byte changed); the sum of a member not compared -> red
(test_what_is_not_as_the_manifest_says); `NAME` not asked -> red (a name that leads out).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from server.ops.backup import archive
from server.ops.backup.archive import Unfit


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    (tmp_path / "db").write_bytes(bytes(range(256)) * 3)
    (tmp_path / "w").write_bytes(b"RIFF")
    archive.write(tmp_path / "whole", {"site": "KUPANG"}, {"mpp.sqlite3": tmp_path / "db", "voice/a.wav": tmp_path / "w"})
    return tmp_path / "whole"


def test_what_was_written_is_read(whole: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    manifest = archive.read(whole, into)
    assert manifest["site"] == "KUPANG" and list(manifest["files"]) == ["mpp.sqlite3", "voice/a.wav"]
    assert (into / "mpp.sqlite3").read_bytes() == bytes(range(256)) * 3
    assert (into / "voice/a.wav").read_bytes() == b"RIFF"
    assert archive.peek(whole) == manifest and whole.stat().st_mode & 0o777 == 0o600


def test_any_byte_changed_cut_or_added_is_refused(whole: Path) -> None:
    content = whole.read_bytes()
    for place in range(len(content)):
        for other in (content[:place] + bytes([content[place] ^ 16]) + content[place + 1:], content[:place]):
            whole.write_bytes(other)
            with pytest.raises(Unfit):
                archive.read(whole)
    whole.write_bytes(content + b"\0")
    with pytest.raises(Unfit, match="rusak atau terpotong"):
        archive.read(whole)


def made(path: Path, manifest: Any, members: dict[str, bytes]) -> Path:
    """A file with a right sum over whatever is in it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    body = gzip.compress(packed.getvalue())
    path.write_bytes(archive.MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return path


def told(*names: str, content: bytes = b"x") -> dict[str, Any]:
    sha = hashlib.sha256(content).hexdigest()
    return {"format": 1, "files": {name: {"bytes": len(content), "sha256": sha} for name in names}}


@pytest.mark.parametrize(
    ("manifest", "members", "why"),
    [
        (told("mpp.sqlite3"), {"mpp.sqlite3": b"y"}, "rusak"),
        (told("mpp.sqlite3"), {}, "tidak lengkap"),
        (told("voice/a.wav"), {"voice/a.wav": b"x"}, "tidak lengkap"),
        (told("mpp.sqlite3"), {"mpp.sqlite3": b"x", "more": b"x"}, "rusak"),
        (told("mpp.sqlite3", "../out"), {"mpp.sqlite3": b"x", "../out": b"x"}, "rusak"),
        (told("mpp.sqlite3", "/out"), {"mpp.sqlite3": b"x", "/out": b"x"}, "rusak"),
        ({**told("mpp.sqlite3"), "format": 2}, {"mpp.sqlite3": b"x"}, "versi yang lebih baru"),
        ([], {}, "rusak"),
    ],
)
def test_what_is_not_as_the_manifest_says_is_refused(tmp_path: Path, manifest: Any, members: dict[str, bytes], why: str) -> None:
    into = tmp_path / "in" / "to"
    into.mkdir(parents=True)
    with pytest.raises(Unfit, match=why):
        archive.read(made(tmp_path / "made", manifest, members), into)
    assert not (tmp_path / "in" / "out").exists() and not Path("/out").exists()


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for path, why in ((tmp_path, "folder"), (tmp_path / "gone", "tidak ada"), (tmp_path / "empty", "bukan berkas cadangan")):
        with pytest.raises(Unfit, match=why):
            archive.read(path)
