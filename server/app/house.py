"""The house: what every room of the server is handed, and nothing global.

`server/bootstrap.py` builds it from settings, a clock and drivers. Acts run whole in the
writer's native thread, reads in reader threads; the caller waits cooperatively.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from server.app import clockwork, devices, displays, issuing, people, printing, visits
from server.app.ask import Answer, Ask, StorageUnavailable
from server.app.last_hour import LastHour
from server.app.performing import Act, perform
from server.app.ports import Work
from server.app.presence import Presence
from server.app.report_periods import Period
from server.app.screen_reports import ScreenReports
from server.app.standing import Standing
from server.app.vault import Vault
from server.app.views.wire import View

#: acts after which secrets are read again before the answer leaves
_CREDENTIALS = frozenset(
    {
        people.add_user,
        people.set_password,
        people.change_user,
        people.login,
        people.logout,
        devices.add_device,
        devices.change_device,
        devices.revoke_device,
        devices.ask_enrolment,
        devices.approve_enrolment,
        devices.bind_browser,
        displays.set_key,
    }
)
#: acts after which a print host may find work; never `claim`, or hosts would wake each other
_PAPER = frozenset({issuing.issue, visits.reprint, printing.report_job, printing.visitor_told})


class HouseClock(Protocol):
    simulated: bool
    rate: float

    @property
    def doubted(self) -> bool: ...
    @property
    def needs_confirmation(self) -> bool: ...
    def now(self) -> datetime: ...
    def check(self) -> Any: ...
    def confirm(self) -> datetime: ...


class Speaker(Protocol):
    """What reads aloud. `ready`: worth asking; None: it cannot say this now."""

    @property
    def ready(self) -> bool: ...
    def speak(self, text: str, language: str) -> bytes | None: ...


class Press(Protocol):
    """What knows templates of slips. Mistakes are `[{line, message}]`; a picture is a PNG, None: not now."""

    @property
    def standard(self) -> str: ...
    def mistakes(self, template: str) -> list[dict[str, Any]]: ...
    def picture(
        self, template: str | None, slip: Mapping[str, Any], printer: Mapping[str, Any], logo: bytes | None
    ) -> bytes | None: ...


class ReportMaker(Protocol):
    """What makes a report beside the server and keeps it when it is whole."""

    def make(
        self, ask: Ask, period: Period, wishes: Sequence[frozenset[str] | None], number: str, made_on: date
    ) -> dict[str, Any]: ...
    def jobs(self) -> list[dict[str, Any]]: ...


class Announced(Protocol):
    """The sound of a call: a file by its content, its length, the same as text."""

    @property
    def path(self) -> str: ...
    @property
    def length_s(self) -> float: ...
    @property
    def text(self) -> str: ...


class Announcer(Protocol):
    """What makes the sound of a call; None: there is none, and the call is only shown."""

    def make(
        self, label: str, place: str, gerai: str = "", *,
        count: int = 1, last: bool = False, short: bool = False, language: str = "id",
    ) -> Announced | None: ...  # fmt: skip


class Happening(Protocol):
    def set(self) -> None: ...
    def clear(self) -> None: ...
    def wait(self, timeout: float | None = None) -> bool: ...


@dataclass(frozen=True)
class Engines:
    """How work leaves the event loop; each waits cooperatively and is bounded.

    write(unit): one unit of work in the writer thread, answered after its commit.
    read(unit): one read-only unit on a consistent snapshot. slow(function, *args): any
    blocking pure call. month(month, gerai): the report, made in a child process;
    figures(what, wish): the same for `server/app/figures.py`.
    """

    write: Callable[[Callable[[Work], Any]], Any]
    read: Callable[[Callable[[Work], Any]], Any]
    slow: Callable[..., Any]
    month: Callable[[str, frozenset[str] | None], Any]
    figures: Callable[[str, Mapping[str, Any]], Any]
    event: Callable[[], Happening]


class House:
    """One site's running server, seen from inside."""

    def __init__(
        self,
        settings: Any,
        texts: Mapping[str, Mapping[str, str]],
        clock: HouseClock,
        engines: Engines,
        vault: Vault,
        site_name: str,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.vault = vault
        self.presence = Presence()
        self.reports = ScreenReports()
        self.last_hour = LastHour()
        self.storage = Standing()
        self.site_name = site_name
        self.ready = False
        #: a supervisor has just ended the doubt; the ticker need not say it again
        self.clock_confirmed = False
        self._texts = texts
        self._engines = engines
        self._waiting_for_paper: set[Happening] = set()
        # Given by bootstrap once the realtime room stands; until then nobody watches.
        self.nudge: Callable[[], None] = lambda: None
        self.drop: Callable[[str], object] = lambda key: None
        self.view_of: Callable[[str], View] | None = None
        #: (epoch, version) of a room as of the last look; nothing is read
        self.place_of: Callable[[str], tuple[str, int]] = lambda room: ("", 0)
        #: reads pages aloud; None: nobody was hired
        self.voice: Speaker | None = None
        #: knows what may stand on a slip, and shows it; None: nobody was hired
        self.slip_press: Press | None = None
        #: makes reports; None: nobody was hired
        self.report_desk: ReportMaker | None = None
        #: makes the sound of each call
        self.announcements: Announcer | None = None
        self.gauge_sources: dict[str, Callable[[], float]] = {}

    @property
    def simulated(self) -> bool:
        return self.clock.simulated

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages and packs that pages may show."""
        return tuple(self._texts)

    def texts(self, lang: str) -> Mapping[str, str]:
        return self._texts.get(lang) or self._texts["id"]

    def now(self) -> datetime:
        """Business time, aware UTC."""
        return self.clock.now()

    def act(self, act: Act, ask: Ask, **arguments: Any) -> Answer:
        """Run one act in one transaction; the answer is given only after its commit.

        Raises RuleBroken, Mismatch, StorageUnavailable.
        """
        token = ask.token or secrets.token_urlsafe(16)
        suspect = self.clock.needs_confirmation
        if ask.username is not None:
            self.presence.seen("user", ask.username)

        def unit(work: Work) -> Answer:
            # The clock is read when the act's turn has come: time never runs against `seq`.
            now = self.clock.now()
            given = replace(ask, now=now, token=token, clock_suspect=suspect)
            return perform(work, given, act, arguments)

        answer = self._write(unit)
        if act in _CREDENTIALS:
            self.refresh_secrets()
        if act in _PAPER:
            self._ring_printers()
        if act is clockwork.confirm_clock:
            self.clock.confirm()
            self.clock_confirmed = True
        self.nudge()
        if answer.refused is not None:
            raise answer.refused
        return answer

    def _write(self, unit: Callable[[Work], Answer]) -> Answer:
        """The unit's answer. What cannot be written now is told to every screen."""
        try:
            answer: Answer = self._engines.write(unit)
        except StorageUnavailable as problem:
            self.storage.failed(self.now(), str(problem))
            self.nudge()
            raise
        return answer

    def read(self, read: Callable[..., Any], **arguments: Any) -> Any:
        """Run `read(reads, **arguments)` on a read-only snapshot in a reader thread."""
        return self._engines.read(lambda work: read(work, **arguments))

    def slow(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run a blocking call (a password hash) outside the event loop."""
        return self._engines.slow(function, *args)

    def month(self, month: str, gerai: frozenset[str] | None) -> Any:
        """The monthly report as plain data, made in a child process."""
        return self._engines.month(month, gerai)

    def figures(self, what: str, wish: Mapping[str, Any]) -> Any:
        """Figures, or the stops behind one (`server/app/figures.py`), made in a child process."""
        return self._engines.figures(what, wish)

    def view(self, room: str) -> View:
        """The room's view: the same bytes as the socket sends."""
        assert self.view_of is not None, "the realtime room is not wired"
        return self.view_of(room)

    def refresh_secrets(self) -> None:
        """Read secrets again and close the sockets of those that ended."""
        for key in self.vault.refresh():
            self.drop(key)

    def _ring_printers(self) -> None:
        for bell in list(self._waiting_for_paper):
            bell.set()

    @contextmanager
    def paper_bell(self) -> Iterator[Happening]:
        """A bell that rings when there may be a slip to claim, or the house stops.

        Enter before looking for a slip, so that none can come between the look and the wait.
        """
        bell = self._engines.event()
        self._waiting_for_paper.add(bell)
        try:
            yield bell
        finally:
            self._waiting_for_paper.discard(bell)

    def close_doors(self) -> None:
        """The server stops: nobody waits for paper any longer."""
        self.ready = False
        self._ring_printers()

    def gauges(self) -> Mapping[str, float]:
        """name -> present value, for /metrics."""
        return {name: source() for name, source in self.gauge_sources.items()}
