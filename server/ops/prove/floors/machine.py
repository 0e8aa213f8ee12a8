"""The server as a process that boots, answers, and may die at any statement: the product's house without its threads.

House, clock, tickers, shelf, writer and readers are the product's; only what hands them work is different: whoever asks
waits as a greenlet, and what waits together shares a commit, as in the native writer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from config import layouts, texts
from config.settings import Settings
from server.app import reading
from server.app.ask import Answer, Ask, Mismatch, StorageUnavailable
from server.app.house import Engines, House
from server.app.presence import Presence
from server.app.screen_reports import ScreenReports
from server.app.snapshot import SiteFacts
from server.app.sound_look import SoundLook
from server.app.ticking import Ticker
from server.app.vault import Vault, read_secrets
from server.clock import Clock
from server.domain.errors import RuleBroken
from server.ops.first_run import around_of
from server.ops.prove.floors.disk import Died, Disk
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.world import Box, World
from server.realtime.shelf import Shelf
from server.realtime.sources import Sources
from server.storage.database import url_of
from server.storage.unit import Readers, Writer
from server.storage.work import FloorCache

#: how long a commit waits for others and for the disk, s
COMMIT_S = (0.002, 0.03)
#: the house's own looks: seconds between them by day; longer apart than in the product where a look that finds
#: nothing changes nothing
HOURS_S, CLOCK_S, OFFICERS_S, HEARTBEATS_S, SPEAKERS_S, DISPLAYS_S, REPORTS_S, TIDY_S = 60, 20, 120, 600, 1, 60, 30, 3600
#: nothing but the hours and the clock is looked at outside these minutes of the day
AWAKE_MIN = (420, 1110)


class Gone(Exception):
    """The server died, or is not there: no answer comes."""


@dataclass(frozen=True)
class Reply:
    """What the server answers: an answer, a refusal, or `busy`: not now (503)."""

    answer: Answer | None = None
    refusal: RuleBroken | None = None

    @property
    def busy(self) -> bool:
        return self.answer is None and self.refusal is None

    @property
    def code(self) -> str:
        return self.refusal.code if self.refusal else ""


class Machine:
    def __init__(self, world: World, settings: Settings, site: str, judge: Judge) -> None:
        self._world, self._settings, self._site, self._judge = world, settings, site, judge
        self._url = url_of("", Path(settings.server.data))
        self._around = around_of(settings)
        self._texts = {language: texts.load(language) for language in ("id", "en")}
        self._chance = world.chance("machine")
        self.disk = Disk()
        #: no commit goes through before this moment (a disk that is slow, or full)
        self.stalled_until_s, self.full_until_s = 0.0, 0.0
        #: counts the starts; who has seen another number has lost the connection
        self.life = 0
        self.is_up = False
        self.has_power = True
        self.batches: dict[int, int] = {}
        self._alone = False
        #: called after each commit
        self.news: Callable[[], object] = lambda: None
        #: somebody's sound may have to change
        self.is_unsettled: Callable[[], bool] = lambda: True

    def boot(self) -> None:
        """As a process that starts: new connections, nothing remembered."""
        self.life += 1
        self._queue: list[tuple[Callable[[Any], Any], Box]] = []
        self._writer = Writer(self._url, FloorCache(self._site), self._around)
        self.disk.attach(self._writer._engine)
        self._readers = Readers(self._url, FloorCache(self._site), self._around)
        guard, world = self._settings.clock_guard, self._world
        last = self._read(reading.last_event_at)
        self.clock = Clock(last, guard.ahead_days, guard.slew_s, world.wall, world.monotonic)
        self.house = self._build()
        self.is_up = True
        self._judge.booted()
        self._begin_looks()

    def _build(self) -> House:
        vault = Vault(lambda: self._read(lambda work: read_secrets(work, self.clock.now())), self.clock.now, lambda: None)
        engines = Engines(self._write, self._read, lambda act, *given: act(*given), lambda month, gerai: None, lambda what, wish: None, threading.Event)
        house = House(self._settings, self._texts, self.clock, engines, vault, self._site)
        house.presence, house.reports = Presence(self._world.monotonic), ScreenReports(self._world.monotonic)
        house.refresh_secrets()
        screens = self._settings.screens
        site = SiteFacts(
            simulated=False, public_url="", call_window_s=screens.call_window_s, call_min=screens.call_min,
            texts=self._texts["id"], layouts=layouts.load(),
        )  # fmt: skip
        self.shelf = Shelf(Sources(self._latest, self._gather, self.clock.now), site)
        house.place_of = lambda room: (self.shelf.epoch, self.shelf.version(room))
        house.nudge = lambda: self.news()
        return house

    def _latest(self, after: int, most: int) -> Any:
        return self._read(lambda work: [event for event, _ in work.log.after(after, most)])

    def _gather(self) -> Any:
        snapshot = self._read(lambda work: work.snapshot(self.clock.now()))
        return reading.with_house(snapshot, self.clock.needs_confirmation, ())

    def _begin_looks(self) -> None:
        ticker, sound = Ticker(self.house), SoundLook(self.house)

        def speakers() -> None:
            if self.is_unsettled():
                sound.look_at_speakers()

        for look, every_s, is_by_night in (
            (ticker.look_at_hours, HOURS_S, True), (ticker.look_at_clock, CLOCK_S, True),
            (ticker.look_at_officers, OFFICERS_S, False), (ticker.keep_heartbeats, HEARTBEATS_S, False),
            (speakers, SPEAKERS_S, False), (sound.look_at_displays, DISPLAYS_S, False),
            (sound.keep_reports, REPORTS_S, False), (ticker.tidy, TIDY_S, True),
        ):  # fmt: skip
            self._world.spawn(self._look, look, every_s, is_by_night)

    def _look(self, look: Callable[[], None], every_s: float, is_by_night: bool) -> None:
        life = self.life
        while self.life == life:
            awake = AWAKE_MIN[0] <= self._world.minute() < AWAKE_MIN[1]
            try:
                if awake or is_by_night:
                    look()
            except StorageUnavailable:
                pass  # as the house's own: it is tried again at the next beat
            except Gone:
                return
            except Exception as problem:
                self._judge.blame(f"the look {look.__qualname__} failed: {problem!r}")
            self._world.sleep(every_s if awake else max(every_s, 300))

    def die(self) -> None:
        """kill -9: what was not committed is dropped, whoever waits hears nothing."""
        if not self.is_up:
            return
        self.is_up = False
        self.life += 1
        self._readers.close()
        self._writer.close()
        for _, box in self._queue:
            box.put((False, Gone()))
        self._queue = []

    def serve(self, ask: Ask, act: Callable[..., Answer], arguments: dict[str, Any]) -> Reply:
        """One request, in the greenlet of whoever brought it. Raises Gone."""
        if not self.is_up:
            raise Gone
        judge = self._judge
        try:
            reply = Reply(answer=self.house.act(act, ask, **arguments))
        except RuleBroken as refusal:
            reply = Reply(refusal=refusal)
        except StorageUnavailable:
            return Reply()
        except Mismatch:
            judge.blame(f"{act.__name__} {arguments} by {ask.actor}: the key is taken for another's")
            return Reply()
        except Gone:
            raise
        except Exception as mistake:
            judge.blame(f"{act.__name__} {arguments} by {ask.actor} failed: {mistake!r}"[:400])
            return Reply()
        judge.answered(ask, act, arguments, reply, self._alone)
        return reply

    def _read(self, unit: Callable[[Any], Any]) -> Any:
        with self._readers.work() as work:
            return unit(work)

    def _write(self, unit: Callable[[Any], Any]) -> Any:
        """Wait for the commit that carries this unit. Raises Gone when the server dies meanwhile."""
        if not self.is_up:
            raise Gone
        box = Box(self._world)
        self._queue.append((unit, box))
        if len(self._queue) == 1:
            self._flush_later()
        ok, value = box.get()
        if not ok:
            raise value
        return value

    def _flush_later(self) -> None:
        life = self.life
        wait_s = max(self._chance.uniform(*COMMIT_S), self.stalled_until_s - self._world.s)
        self._world.later(wait_s, lambda: self._flush() if life == self.life else None)

    def _flush(self) -> None:
        """What the writer thread does: everybody who waits, in one transaction."""
        most = self._settings.database.group_commit_max
        batch, self._queue = self._queue[:most], self._queue[most:]
        if self._world.s < self.full_until_s:
            self.disk.arm("full", 4)
        try:
            outcomes = self._writer.run_batch([unit for unit, _ in batch])
        except Died:
            self._queue = batch + self._queue
            self._judge.look()
            self.die()
            return
        self._judge.look()
        self._alone = len(batch) == 1
        self.batches[len(batch)] = self.batches.get(len(batch), 0) + 1
        for (_, box), outcome in zip(batch, outcomes, strict=True):
            box.put(outcome)
        if self._queue:
            self._flush_later()

    @property
    def wall_is_wrong(self) -> bool:
        return abs(self._world.wrong_by) > timedelta(seconds=2)
