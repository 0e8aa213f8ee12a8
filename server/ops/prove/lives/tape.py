"""What strace wrote down of a server's files, and a disk that has done it only as far as it was told to be sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from server.ops.prove.lives.tracing import files_of

_HEX = r'((?:\\x[0-9a-f]{2})*)'
_LINE = re.compile(r"^(\d+) +([\d.]+) (.*)$", re.DOTALL)
_CALL = re.compile(rf'^(\w+)\((?:\d+<{_HEX}>|"{_HEX}")(?:, "{_HEX}")?(?:, (\d+))?(?:, (\d+))?')
SYNCS = ("fdatasync", "fsync")


@dataclass(frozen=True)
class Op:
    """`at`: Unix time at which the call was entered. `offset`: of a write, or the size a file is cut to."""

    at: float
    kind: str
    name: str
    offset: int = 0
    data: bytes = b""


class Unreadable(Exception):
    """A line of the recording that is not understood."""


def read_tape(log: Path, database: Path) -> list[Op]:
    """The calls on the database's files and its folder that were carried out, in the order in which they were entered.

    Raises Unreadable; a call that is not understood must not be left out in silence.
    """
    names = {str(path): path.name for path in files_of(database)} | {str(database.parent): "."}
    return [op for at, call in _whole_calls(log) if (op := _op(at, call, names)) is not None]


def _whole_calls(log: Path) -> Iterator[tuple[float, str]]:
    """(when entered, call with its result); what was interrupted by another thread is put together again."""
    begun: dict[str, list[tuple[float, str]]] = {}
    order: list[list[tuple[float, str]]] = []
    for line in log.read_text("ascii", "replace").splitlines():
        found = _LINE.match(line)
        if found is None:
            raise Unreadable(line[:200])
        thread, at, rest = found[1], float(found[2]), found[3]
        if rest.startswith("<... "):
            when, start = begun.pop(thread)[0]
            next(one for one in order if one[0] == (when, start))[0] = (when, start + rest.partition("resumed>")[2])
        elif rest.endswith("<unfinished ...>"):
            begun[thread] = [(at, rest.removesuffix("<unfinished ...>").rstrip())]
            order.append([begun[thread][0]])
        elif not rest.startswith(("+++", "---")):
            order.append([(at, rest)])
    return iter([one[0] for one in order if " = " in one[0][1]])


def _op(at: float, call: str, names: dict[str, str]) -> Op | None:
    if " = -1 " in call:
        return None
    found = _CALL.match(call)
    if found is None:
        raise Unreadable(call[:200])
    kind, name, data = found[1], names.get(_bytes(found[2] or found[3]).decode()), _bytes(found[4])
    if name is None:
        return None
    if kind == "pwrite64":
        done = int(call.rpartition(" = ")[2])
        return Op(at, "write", name, int(found[6]), data[:done])
    if kind == "ftruncate":
        return Op(at, "cut", name, int(found[5]))
    if kind in SYNCS:
        return Op(at, "sync", name)
    if kind == "unlink":
        return Op(at, "unlink", name)
    raise Unreadable(call[:200])


def _bytes(text: str | None) -> bytes:
    return bytes.fromhex((text or "").replace("\\x", ""))


@dataclass(eq=False)
class Inode:
    """A file's bytes that are sure, and what was done to it since."""

    sure: bytes = b""
    pending: list[Op] = field(default_factory=list)

    def settle(self) -> None:
        self.sure, self.pending = bytes(played(self.sure, self.pending)), []


def played(before: bytes, ops: list[Op]) -> bytearray:
    """The bytes after these writes and cuts."""
    content = bytearray(before)
    for op in ops:
        if op.kind == "cut":
            content[op.offset :] = bytes(max(0, op.offset - len(content)))
        else:
            if op.offset > len(content):
                content.extend(bytes(op.offset - len(content)))
            content[op.offset : op.offset + len(op.data)] = op.data
    return content


class Disk:
    """`now`: the folder as programs see it; `sure`: its entries as they were when the folder itself was synced last."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.now = {name: Inode(content) for name, content in files.items()}
        self.sure = dict(self.now)

    def apply(self, op: Op) -> None:
        if op.name == ".":
            self.sure = dict(self.now)
        elif op.kind == "unlink":
            self.now.pop(op.name, None)
        elif op.kind == "sync":
            self.now.setdefault(op.name, Inode()).settle()
        else:
            self.now.setdefault(op.name, Inode()).pending.append(op)
