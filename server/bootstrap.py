"""The only file that knows everybody: builds a house from settings, clock and drivers.

`prepare` runs before the server, unpatched: it migrates, loads the floor plan into an empty
database and makes the first accounts. `build` runs in the worker, after the patch.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from config import layouts as layouts_of
from config import texts as texts_of
from config.settings import Settings
from server.app import ports, reading
from server.app.ask import StorageUnavailable
from server.app.house import Engines, House
from server.app.snapshot import SiteFacts, Snapshot
from server.app.vault import Vault, read_secrets
from server.app.views import wire
from server.clock import Clock, parse_clock
from server.concurrency import Busy, Loop, NativePool, NativeThread, WaitedTooLong
from server.ops.figures_child import Children
from server.ops.backup.keeper import Keeper, keeper_of
from server.ops.door import door_of
from server.ops.first_run import FirstRun, around_of, prepare
from server.ops.site_screen import site_screen
from server.ops.report_desk import ReportDesk
from server.ops.slip_press import SlipPress
from server.ops.tickers import Tickers
from server.ops.voices import announcements_of, voice_faults
from server.realtime.live import Live, make_socketio
from server.realtime.relay import Relay
from server.realtime.sources import Pace, Sources
from server.storage.database import Database, database_of
from server.storage.unit import Readers, Writer
from server.voice.synthesis import Voice
from server.web.app import make_app

__all__ = ["FACES", "FirstRun", "Running", "build", "prepare"]

log = logging.getLogger("mpp.house")

#: packages with a `face` module, registered in this order
FACES = ("kiosk", "display", "counter", "server.desk", "server.phone", "server.supervisor", "server.admin")
READERS = 2
HASHERS = 2
#: longest a report's child process may take
MONTH_TIMEOUT_S = 120


class Running:
    """A built house with its Flask app: start it in the worker, stop it at the end."""

    def __init__(
        self,
        house: House,
        wsgi_app: Any,
        relay: Relay,
        tickers: Tickers,
        closers: list[Callable[[], object]],
    ) -> None:
        self.house = house
        self.wsgi_app = wsgi_app
        self._relay = relay
        self._tickers = tickers
        self._closers = closers

    def start(self) -> None:
        self._relay.start()
        self._tickers.start()
        self.house.ready = True

    def stop(self) -> None:
        """Stop relay and tickers, then close the writer last."""
        self.house.close_doors()
        self._tickers.stop()
        self._relay.stop()
        for close in self._closers:
            close()


def build(settings: Settings) -> Running:
    """Everything, wired. The database must have been prepared."""
    loop = Loop()
    texts = {lang: texts_of.load(lang) for lang in (*texts_of.LANGUAGES, *texts_of.PACKS)}
    database = database_of(settings.database.url, Path(settings.server.data))
    engines, closers = _engines(settings, database, around_of(settings), loop)
    clock = _clock(settings, engines)
    house = _house(settings, texts, clock, engines)
    voice = Voice()
    house.voice = voice
    house.slip_press = SlipPress()
    house.announcements = announcements_of(settings, voice.speak)
    closers.insert(0, voice.close)
    desk = ReportDesk(loop, house, Path(settings.server.data))
    house.report_desk = desk
    closers.insert(0, desk.stop)
    live = Live(loop)
    keeper = keeper_of(settings)
    relay = _relay(settings, loop, house, engines, live, keeper)
    app = make_app(house, FACES)
    socketio = make_socketio(
        app,
        settings.server.async_mode,
        settings.server.ping_interval_s,
        settings.server.ping_timeout_s,
        wire,  # type: ignore[arg-type] # a module with dumps and loads
    )
    live.attach(socketio, door_of(house, app.extensions["mpp_gate"], relay.greet))
    house.nudge, house.drop, house.view_of = relay.nudge, live.drop, relay.view
    house.place_of = relay.place
    house.gauge_sources = {
        "screens": lambda: float(len(live.registry)),
        "socket_messages_ignored": lambda: float(live.ignored),
        "screens_dropped_slow": lambda: float(live.dropped_slow),
    }
    app.extensions["mpp.house"] = house
    closers.insert(0, keeper.stop)
    return Running(house, app, relay, Tickers(loop, house, keeper), closers)


def _engines(
    settings: Settings, database: Database, around: ports.Around, loop: Loop
) -> tuple[Engines, list[Callable[[], object]]]:
    limits = settings.database
    writer = Writer(database.url, database.cache(), around)
    writing = NativeThread(
        "writer", limits.writer_queue_max, limits.group_commit_max, writer.run_batch  # type: ignore[arg-type]
    )
    readers = Readers(database.url, database.cache(), around)
    reading_pool = NativePool(READERS, "readers")
    hashing = NativePool(HASHERS, "slow")

    def write(unit: Callable[[Any], Any]) -> Any:
        return _bounded(lambda: writing.call(unit, limits.writer_wait_s))  # type: ignore[arg-type]

    def read(unit: Callable[[Any], Any]) -> Any:
        def run() -> Any:
            with readers.work() as work:
                return unit(work)

        return _bounded(lambda: reading_pool.run(run, limits.read_wait_s))

    def slow(function: Callable[..., Any], *args: Any) -> Any:
        return _bounded(lambda: hashing.run(lambda: function(*args), MONTH_TIMEOUT_S))

    def month(which: str, gerai: frozenset[str] | None) -> Any:
        # In the loop, not in a native thread: each mode's own subprocess waits cooperatively.
        return _month_in_child(settings, which, gerai)

    closers: list[Callable[[], object]] = [
        lambda: reading_pool.close(2.0),
        readers.close,
        lambda: hashing.close(2.0),
        lambda: writing.close(5.0),
        writer.close,
    ]
    return Engines(write, read, slow, month, Children(settings.server.data).ask, loop.event), closers


def _bounded(call: Callable[[], Any]) -> Any:
    """A full queue or a wait that is over means: not now, nothing half done."""
    try:
        return call()
    except (Busy, WaitedTooLong) as over:
        raise StorageUnavailable(str(over)) from over


def _month_in_child(settings: Settings, month: str, gerai: frozenset[str] | None) -> Any:
    command = [sys.executable, "-m", "server.cli.main", "report", "monthly", "--month", month]
    command += ["--format", "json", "--out", "-", "--data", settings.server.data]
    if gerai is not None:
        command += ["--gerai", ",".join(sorted(gerai)) or "-"]
    done = subprocess.run(command, capture_output=True, timeout=MONTH_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise StorageUnavailable(done.stderr.decode(errors="replace")[-500:])
    return json.loads(done.stdout)


def _clock(settings: Settings, engines: Engines) -> Any:
    last = engines.read(reading.last_event_at)
    guard = settings.clock_guard
    return parse_clock(settings.clock, last) or Clock(last, guard.ahead_days, guard.slew_s)


def _house(
    settings: Settings, texts: Mapping[str, Mapping[str, str]], clock: Any, engines: Engines
) -> House:
    vault = Vault(
        lambda: engines.read(lambda work: read_secrets(work, clock.now())),
        clock.now,
        _command_line(Path(settings.server.data)),
    )
    site_name = engines.read(lambda work: work.floors.current().site.name)
    house = House(settings, texts, clock, engines, vault, site_name)
    house.refresh_secrets()
    return house


def _command_line(data: Path) -> Callable[[], tuple[str, str] | None]:
    """The token in server.json; only this computer's owner of the data can read it."""

    known: list[tuple[str, str]] = []

    def own() -> tuple[str, str] | None:
        if known:  # written before the worker starts, and the same for its whole life
            return known[0]
        try:
            facts = json.loads((data / "server.json").read_text("utf-8"))
            known.append((str(facts["token"]), f"cli:{(data / 'server.json').owner()}"))
            return known[0]
        except (OSError, ValueError, KeyError):
            return None

    return own


def _relay(settings: Settings, loop: Loop, house: House, engines: Engines, live: Live, keeper: Keeper) -> Relay:
    def gather() -> Snapshot:
        snapshot: Snapshot = engines.read(lambda work: work.snapshot(house.now()))
        return reading.with_house(snapshot, house.clock.needs_confirmation, keeper.healths)

    sources = Sources(
        latest=lambda after, most: engines.read(
            lambda work: [event for event, _ in work.log.after(after, most)]
        ),
        gather=gather,
        now=house.now,
        is_stuck=lambda: house.storage.is_stuck,
    )
    screens = settings.screens
    screen, layout_fault = site_screen(settings)
    site = SiteFacts(
        simulated=house.simulated,
        public_url=settings.public.url,
        call_window_s=screens.call_window_s,
        call_min=screens.call_min,
        texts=house.texts("id"),
        layouts=layouts_of.load(),
        screen=screen,
        layout_fault=layout_fault,
        voice_faults=voice_faults(settings),
    )
    pace = Pace(interval_s=screens.view_interval_ms / 1000, pulse_s=screens.pulse_s)
    return Relay(loop, sources, site, live, pace)
