"""One day from beginning to end: staff, threads, the settled hall, the checks."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from server.simulate import checks, eventlog, figures, probes, seen
from server.simulate.desk import Desk
from server.simulate.hall import Hall, hall_from
from server.simulate.kiosk import Arrivals, Taking, run_kiosk
from server.simulate.loket import Loket
from server.simulate.officer import Officer
from server.simulate.options import CannotRun, Options
from server.simulate.people import People
from server.simulate.plan import Course, Desks, course_of, desks_of, shift_of
from server.simulate.record import Record, Violation
from server.simulate.replay import Replay
from server.simulate.screens import Display, Page
from server.simulate.servertime import ServerTime
from server.simulate.serving import Around, Held
from server.simulate.shape import LAST_MIN, arrivals
from server.simulate.staff import Staff
from server.simulate.traits import Visitor, wishes
from server.simulate.wire import Unsettled, Wire

#: looks at the whole hall, real seconds apart
LOOK_S = 0.3
#: the rate is measured over so many looks before the day is planned
RATE_LOOKS = 4


@dataclass(frozen=True)
class Outcome:
    lines: list[str]
    violations: list[Violation]


class Day:
    """Plays one day against a running server. `say` gets a line now and then."""

    def __init__(self, options: Options, say: Callable[[str], object] = print) -> None:
        self._options, self._say = options, say
        self._record = Record()
        self._clock = ServerTime(options.rate)
        self._stop, self._hall_empty = threading.Event(), threading.Event()
        self._staff = Staff(options, self._record)
        self._kiosks: list[tuple[str, Wire]] = []
        self._displays: list[Display] = []
        self._pages: list[Page] = []
        self._held: dict[str, Held] = {}
        self._threads: list[threading.Thread] = []

    def run(self) -> Outcome:
        """Raises CannotRun before anything was changed, Unsettled when the server is gone."""
        hall = self._meet()
        try:
            self._play(hall)
            return self._judge(hall)
        finally:
            self._stop.set()
            self._leave()

    def _meet(self) -> Hall:
        """See the hall through the first run's own kiosk, and learn how time passes here."""
        self._kiosks = self._staff.devices("kiosk", 1, ("",))
        code, kiosk = self._kiosks[0]
        boss = self._staff.supervisor
        view = kiosk.get(f"/views/kiosk:{code}").body
        self._clock.heard(view["at"])
        hall = hall_from(view, boss.get("/counters").body["items"], boss.get("/policy").body)
        if self._options.date not in (None, hall.date.isoformat()):
            raise CannotRun(f"Server sedang menjalani tanggal {hall.date}, bukan {self._options.date}.")
        for _ in range(RATE_LOOKS):
            threading.Event().wait(LOOK_S)
            self._clock.heard(boss.get("/views/floor", "view").body["at"])
        course_of(self._options, hall, self._clock.now())
        return hall

    def _play(self, hall: Hall) -> None:
        options, staff = self._options, self._staff
        desks = desks_of(hall, options.tickets, None if staff.can_add_officers else 1)
        self._kiosks = staff.devices("kiosk", options.kiosks, hall.zones)
        crew = [
            (gerai, code, wire)
            for gerai, number in desks.counters.items()
            for code, wire in zip(hall.counters[gerai], staff.officers(gerai, number), strict=False)
        ]
        if options.real_hours:
            self._end_overrides()
        self._open_screens(hall, crew)
        course = course_of(options, hall, self._clock.now())
        self._since = int(staff.supervisor.get("/views/floor", "view").body["version"])
        minutes = arrivals(Random(options.seed), options.tickets, hall.is_friday, course.since_min)
        visitors = wishes(options.seed, minutes, hall)
        self._say(
            f"{hall.site}, {hall.date}: {len(visitors)} pengunjung, {len(crew)} loket, {len(self._kiosks)} kios, "
            f"{len(self._displays)} layar, laju {self._clock.rate:.0f}."
        )
        self._people_of_the_day(hall, course, visitors, crew, desks)
        self._watch()

    def _end_overrides(self) -> None:
        boss = self._staff.supervisor
        for row in boss.get("/overrides").body["items"]:
            boss.post(f"/overrides/{row['id']}/end", {})

    def _open_screens(self, hall: Hall, crew: list[tuple[str, str, Wire]]) -> None:
        url, heard = self._options.url, self._clock.heard
        for code, wire in self._staff.devices("display", self._options.displays, hall.zones):
            self._displays.append(Display(url, code, wire, self._record, heard))
        self._pages = [Page(url, f"gerai:{gerai}", wire, heard) for gerai, _, wire in crew]
        for page in (*self._displays, *self._pages):
            page.open()

    def _people_of_the_day(
        self, hall: Hall, course: Course, visitors: list[Visitor], crew: list[tuple[str, str, Wire]], desks: Desks
    ) -> None:
        options, record, clock = self._options, self._record, self._clock
        people = People(options.seed, hall)
        desk = Desk(self._staff.desk, clock, record, self._stop)
        taking = Taking(people, desk, record, clock, list(hall.services), course.pace)
        coming = [(course.at(visitor.arrives_min), visitor) for visitor in visitors]
        self._arrivals = Arrivals([pair for pair in coming if not pair[1].at_desk])
        for moment, visitor in coming:
            if visitor.at_desk:
                desk.at(moment, lambda visitor=visitor: taking.take(desk.wire, visitor))
        self._desk = desk
        self._probe(hall, course, visitors[0].service)
        self._spawn(desk.run)
        for _, wire in self._kiosks:
            self._spawn(run_kiosk, wire, self._arrivals, taking, clock, self._stop)
        for place, (gerai, code, wire) in enumerate(crew):
            rng = Random(f"{options.seed} officer {code}")
            held = self._held.setdefault(gerai, Held())
            around = Around(
                people, desk, held, clock, self._stop, hall.policy, course.pace, rng, desks.speed[gerai]
            )
            officer = Officer(
                Loket(code, wire, record), self._pages[place], around, shift_of(rng, course, hall), record,
                self._hall_empty,
            )
            officer.foreign = next((c for g, codes in hall.counters.items() if g != gerai for c in codes), None)
            self._spawn(officer.run)

    def _probe(self, hall: Hall, course: Course, service: str) -> None:
        kiosk, record = self._kiosks[0][1], self._record
        probes.try_bad_wishes(kiosk, service, next(iter(hall.counters.values()))[0], record)
        probes.try_stranger(self._options.url, kiosk, record)
        if self._options.real_hours and self._clock.now() < course.at(LAST_MIN - 420):
            probes.try_closed(kiosk, service, frozenset({"closed"}), record)
            late = frozenset({"closed", "after_cutoff", "quota_reached"})
            last = self._staff.device(kiosk.proof.headers["Authorization"].partition(" ")[2], self._kiosks[0][0])
            self._desk.at(course.at(LAST_MIN + 30), lambda: probes.try_closed(last, service, late, record))

    def _spawn(self, work: Callable[..., object], *args: object) -> None:
        def guarded() -> None:
            try:
                work(*args)
            except Exception:
                self._record.break_promise("simulator", traceback.format_exc(limit=4))
                self._stop.set()

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self) -> None:
        """Look at the hall until everybody has gone home, or patience ends."""
        looks = int(self._options.patience_s / LOOK_S)
        officers = self._threads[1 + len(self._kiosks):]
        for _ in range(looks):
            if self._stop.wait(LOOK_S) or not any(thread.is_alive() for thread in officers):
                break
            floor = self._staff.supervisor.get("/views/floor", "view").body
            self._clock.heard(floor["at"])
            if self._is_empty(floor["data"]):
                self._hall_empty.set()
        else:
            self._record.break_promise("simulator", "the day did not end in time")
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _is_empty(self, floor: dict[str, object]) -> bool:
        """Nobody waits, is served, is held, or will come back."""
        rows: list[dict[str, object]] = floor["gerai"]  # type: ignore[assignment]
        if not self._arrivals.over or self._desk.pending or any(len(held) for held in self._held.values()):
            return False
        return not any(row["waiting"] or any(c["leg"] for c in row["counters"]) for row in rows)  # type: ignore[attr-defined]

    def _judge(self, hall: Hall) -> Outcome:
        boss, record = self._staff.supervisor, self._record
        if self._options.close_day:
            boss.post("/day/close", {})
        seen.check_views([*self._displays, *self._pages], record)
        events = eventlog.read_all(boss)
        changes = [event["seq"] for event in events if event["type"] in ("PolicySet", "FloorLoaded")]
        replay = Replay(hall.policy, max(changes, default=0), hall.weights).play(events)
        violations = [*checks.check(record, events, replay, self._since), *seen.check_calls(self._displays, events)]
        screens = {
            "panggilan di layar": sum(len(display.calls) for display in self._displays),
            "di antaranya lewat HTTP": record.counts["calls_fetched"],
            "gambar yang diterima": sum(page.views for page in (*self._displays, *self._pages)),
            "kejadian di catatan": len(events),
        }
        return Outcome(list(figures.lines(events, self._since, replay, record, screens)), violations)

    def _leave(self) -> None:
        for page in (*self._displays, *self._pages):
            page.close()
        try:
            self._staff.go_home()
        except Unsettled as problem:
            self._say(f"Perangkat dan akun simulasi belum dicabut: {problem}.")
