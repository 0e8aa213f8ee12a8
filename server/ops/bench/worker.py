"""The process that makes the load: on its own cores, asked through a pipe, always answering pings."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from server.ops.bench import disk, http_load, pressing, sockets
from server.ops.bench.figures import Round
from server.ops.bench.http_load import Wish

LOOK_S = 0.02
#: longest a single order may take
ORDER_TIMEOUT_S = 900.0

Address = tuple[str, int]
#: kind, auth, headers of one screen
Guest = tuple[str, dict[str, Any], dict[str, str]]


class Broken(Exception):
    """The load process could not do what it was asked; the text is its traceback."""


class _Orders:
    """What the parent may ask for, by name."""

    def __init__(self) -> None:
        self.crowd = sockets.Crowd()

    def http(self, address: Address, wishes: list[Wish], duration_s: float) -> Round:
        return http_load.load(address, wishes, duration_s)

    def volleys(self, address: Address, wishes: list[Wish], between: list[Wish], duration_s: float) -> Round:
        return http_load.volleys(address, wishes, between, duration_s)

    def inserts(self, folder: str, duration_s: float) -> Round:
        return disk.insert_loop(Path(folder), duration_s)

    def enter(self, owner: str, address: Address, guests: list[Guest]) -> int:
        for kind, auth, headers in guests:
            self.crowd.add(owner, sockets.connect(address, kind, auth, headers))
            self.crowd.turn(0)
        return len(guests)

    def leave(self, owner: str) -> None:
        self.crowd.close(owner)

    def press(self, owner: str, address: Address, wish: Wish, presses: int, wants_call: bool) -> pressing.Pressed:
        return pressing.press(self.crowd, owner, address, wish, presses, wants_call)


def _serve(pipe: Connection, cores: frozenset[int]) -> None:
    os.sched_setaffinity(0, cores)
    orders = _Orders()
    lost = ""
    while True:
        while not pipe.poll(0 if orders.crowd.any else LOOK_S):
            try:
                orders.crowd.turn(LOOK_S)
            except OSError:
                lost, orders.crowd = traceback.format_exc(), sockets.Crowd()
        try:
            order = pipe.recv()
        except EOFError:
            return
        if order is None:
            return
        name, args = order
        try:
            if lost:
                raise ConnectionError(f"a screen was lost between two orders:\n{lost}")
            pipe.send((True, getattr(orders, name)(*args)))
        except Exception:
            pipe.send((False, traceback.format_exc()))


class LoadWorker:
    """The parent's side: `with LoadWorker(cores) as load: load.http(...)`."""

    def __init__(self, cores: frozenset[int]) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, cores), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> LoadWorker:
        return self

    def __exit__(self, *problem: object) -> None:
        try:
            self._pipe.send(None)
        except OSError:
            pass  # it has ended by itself
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _ask(self, name: str, *args: object) -> Any:
        """Raises Broken."""
        self._pipe.send((name, args))
        if not self._pipe.poll(ORDER_TIMEOUT_S):
            raise Broken(f"{name}: no answer after {ORDER_TIMEOUT_S} s")
        try:
            ok, value = self._pipe.recv()
        except EOFError as end:
            raise Broken(f"{name}: the load process has ended") from end
        if not ok:
            raise Broken(value)
        return value

    def http(self, address: Address, wishes: list[Wish], duration_s: float) -> Round:
        told: Round = self._ask("http", address, wishes, duration_s)
        return told

    def volleys(self, address: Address, wishes: list[Wish], between: list[Wish], duration_s: float) -> Round:
        told: Round = self._ask("volleys", address, wishes, between, duration_s)
        return told

    def inserts(self, folder: Path, duration_s: float) -> Round:
        told: Round = self._ask("inserts", str(folder), duration_s)
        return told

    def enter(self, owner: str, address: Address, guests: list[Guest]) -> None:
        self._ask("enter", owner, address, guests)

    def leave(self, owner: str) -> None:
        self._ask("leave", owner)

    def press(self, owner: str, address: Address, wish: Wish, presses: int, wants_call: bool) -> pressing.Pressed:
        told: pressing.Pressed = self._ask("press", owner, address, wish, presses, wants_call)
        return told
