"""Kiosks, the desk and officers that press at the same time while their server is killed again and again."""

from __future__ import annotations

import random
import signal
import threading
import time
from pathlib import Path
from typing import Any

from server.ops.prove.judging import verdict
from server.ops.prove.lives.calling import Caller, Told, Unanswered
from server.ops.prove.lives.hall import SERVICES, wait
from server.ops.prove.lives.hour import DESK, DKC, KIOSK, ONE, PTSP, TWO
from server.ops.prove.lives.killing import Found, Lane
from server.ops.prove.lives.story import POLICY, remains
from server.ops.prove.records import Records

PRESSING = (KIOSK, KIOSK, KIOSK, DESK)
OFFICERS = ((ONE, DKC), (TWO, PTSP))
#: kills of one hall; its log is judged after each, so a longer one costs more
KILLS_OF_A_HALL = 25
#: each so many-th server is killed on its way up, within so many seconds
EACH_START, START_S = 8, 0.4
#: answers a life must have given, and how long it may then still live
ANSWERS, LIVES_S = 3, 0.06
MORE_S, IDLE_S, BETWEEN_S = 60.0, 0.02, 0.004


class Crowd:
    """Presses until `stop`. `numbers`: (when, ticket, number) that somebody was told; `done`: (when, ticket) told to be finished."""

    def __init__(
        self, caller: Caller, numbers: list[tuple[float, int, str]] | None = None, done: list[tuple[float, int]] | None = None
    ) -> None:
        self._caller, self._stopping = caller, threading.Event()
        self.numbers = [] if numbers is None else numbers
        self.done = [] if done is None else done
        self.answers, self.asked_again = 0, 0
        self.broken: list[str] = []
        self._threads = [threading.Thread(target=self._press, args=(self._touch, n), daemon=True) for n in range(len(PRESSING))]
        self._threads += [threading.Thread(target=self._press, args=(self._serve, n), daemon=True) for n in range(len(OFFICERS))]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody have the last answer; the server must live."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _press(self, one: Any, n: int) -> None:
        turn = 0
        try:
            while not self._stopping.is_set():
                turn += 1
                one(n, turn)
                time.sleep(BETWEEN_S)
        except Unanswered as problem:
            self.broken.append(f"never answered: {problem}")

    def _touch(self, n: int, turn: int) -> None:
        told = self._ask(PRESSING[n], "/tickets", {"service": SERVICES[(n + turn) % len(SERVICES)]}, f"t-{n}-{turn}", 201)
        if told is not None:
            self.numbers.append((time.time(), told.body["id"], told.body["number"]))

    def _serve(self, n: int, turn: int) -> None:
        who, counter = OFFICERS[n]
        if turn == 1:
            self._ask(who, f"{counter}/open", {}, f"o-{n}", 200)
        called = self._ask(who, f"{counter}/next", {}, f"n-{n}-{turn}", 200, 204)
        if called is None or called.status == 204:
            time.sleep(IDLE_S)
            return
        finished = self._ask(who, f"{counter}/finish", {}, f"f-{n}-{turn}", 200)
        if finished is not None:
            if finished.body["ticket"]["id"] != called.body["ticket"]["id"]:
                self.broken.append(f"{counter} called {called.body['ticket']} and finished {finished.body['ticket']}")
            self.done.append((time.time(), finished.body["ticket"]["id"]))

    def _ask(self, who: str, path: str, body: dict[str, Any], key: str, *wanted: int) -> Told | None:
        told, tries = self._caller.until_answered(who, path, body, key)
        self.answers += 1
        self.asked_again += tries > 1
        if told.status in wanted:
            return told
        self.broken.append(f"{path} ({key}): {told.status} {told.body}")
        return None


def under_load(lane: Lane, kills: int, seed: int) -> tuple[Found, int, int]:
    """Kill a hall's server so often at random moments; (what was found, answers, answers to a second asking)."""
    chance, found = random.Random(seed), Found()
    lane.fresh()
    lane.hall.begin()
    crowd = Crowd(lane.caller)
    for number in range(kills):
        if number % EACH_START == EACH_START - 1:
            time.sleep(chance.uniform(0, START_S))
        else:
            _until_ready(lane)
            before = crowd.answers
            wait(lambda before=before: crowd.answers >= before + ANSWERS or bool(crowd.broken), MORE_S, "more answers")
            time.sleep(chance.uniform(0, LIVES_S))
        lane.hall.end(signal.SIGKILL)
        found.calls["SIGKILL"] += 1
        found.broken += _judge(lane, crowd, f"kill {number} of seed {seed}")
        lane.hall.fork()
    _until_ready(lane)
    crowd.stop()
    found.broken += [*crowd.broken, *_judge(lane, crowd, f"the end of seed {seed}", is_end=True)]
    lane.hall.end()
    return found, crowd.answers, crowd.asked_again


def _until_ready(lane: Lane) -> None:
    wait(lane.hall.is_ready, MORE_S, "a ready server")


def _judge(lane: Lane, crowd: Crowd, where: str, is_end: bool = False) -> list[str]:
    numbers, done = list(crowd.numbers), {ticket for _, ticket in crowd.done}
    told = {ticket: number for _, ticket, number in numbers}
    records = Records(remains(lane.hall.path, Path(lane.folder / "remains")))
    try:
        ledger, found = verdict(records, told, POLICY)
        ended = {stop.ticket for stop in ledger.stops.values() if stop.state == "finished"}
        if done - ended:
            found.append(f"lost: tickets {sorted(done - ended)} were told to be finished")
        if len(told) != len(numbers):
            found.append(f"{len(numbers)} touches got {len(told)} tickets")
        if is_end and ledger.visits.keys() != told.keys():
            found.append(f"{len(ledger.visits)} tickets for {len(told)} touches")
    finally:
        records.close()
    return [f"{where}: {one}" for one in found]
