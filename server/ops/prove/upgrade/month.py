"""A month of a small hall by the ordinary acts on a simulated clock: something in every table, days closed one by one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from server.app import alerting, branding, calling, counters, days, devices, displays, floors, issuing, media, notices, people
from server.app import printing, report_letter, reports, screens, slip_template, visits
from server.app.ask import Answer, Ask
from server.app.performing import perform
from server.app.raised import Alert
from server.domain.errors import RuleBroken
from server.ops.first_run import around_of
from server.ops.prove.histories.hall import LINES, furnish, gerai_of, officer_at, plan, settings_for
from server.storage.database import FILE, url_of
from server.storage.unit import Writer
from server.storage.work import FloorCache, SqlWork
from server.web.passwords import hash_password

#: 08:00 in Kupang on the first day, the day the hall is furnished for; the server goes on the day after the last
FIRST = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
#: who logs in later
OFFICER, PASSWORD, COUNTER, SERVICE = "petugas-uji", "kata-sandi-bulan-itu", "DKC-1", "DKC-KTP"
#: seconds of a day in which people come, the longest between two acts, and about how many acts a visitor makes
OPEN_S, PAUSE_S, EACH = 6 * 3600, 240, 6
KIOSK = "KP"
#: of a dossier what is looked at when it is kept
REPORT = '{"form":"monthly","period":"2026-10","gerai":null,"revision":0,"number":"1"}'
_HOST, _PRINTERS = "PHP", ("PA", "PB")


@dataclass(frozen=True)
class Month:
    path: Path
    next_day: date
    acts: int

    @property
    def clock(self) -> str:
        """For a server that goes on."""
        return f"{self.next_day}T08:00:00+08:00@1"


def played(seed: int, length: int, visitors: int, data: Path) -> Month:
    """`length` days with `visitors` each, in this folder, which is made."""
    furnish(data)
    hall = _Hall(seed, visitors, data)
    hall.set_up()
    for number in range(length):
        hall.day(number, visitors)
    hall.leave_open(length)
    hall.writer.close()
    return Month(data / FILE, (FIRST + timedelta(days=length)).date(), hall.acts)


class _Hall:
    def __init__(self, seed: int, visitors: int, data: Path) -> None:
        self._pause_s = min(PAUSE_S, OPEN_S / (visitors * EACH))
        self._draw = Random(f"{seed} month")
        self.writer = Writer(url_of("", data), FloorCache(plan()["site"]["code"]), around_of(settings_for(data)))
        self.now, self.acts = FIRST, 0

    def do(self, act: Callable[..., Answer], actor: str = "cli:mpp", role: str = "cli", /, **arguments: Any) -> Any:
        """The body of one act, an answer under a key for every third. Raises RuleBroken."""
        self.acts += 1
        token = f"{self.acts:022x}"
        key = token if self.acts % 3 == 0 else None
        name = actor.partition(":")[2]
        ask = Ask(
            actor, self.now, key=key, fingerprint=key, role=role, device=name if actor.startswith("device:") else None,
            username=name if actor.startswith("user:") else None, token=token,
            gerai=frozenset(gerai_of(one) for line in LINES.values() for one in line),
        )  # fmt: skip
        unit: Callable[[SqlWork], Answer] = lambda work: perform(work, ask, act, arguments)  # noqa: E731
        [(ok, value)] = self.writer.run_batch([unit])
        if not ok:
            raise value
        if value.refused:
            raise value.refused
        return value.body

    def set_up(self) -> None:
        """What stands in the hall besides its plan, kiosks and officers."""
        transport = {"kind": "network", "host": "127.0.0.1", "port": 9}
        self.do(devices.add_device, kind="print-host", code=_HOST, name=_HOST, token_hash="h-host")
        for code in _PRINTERS:
            self.do(printing.set_printer, code=code, name=code, host=_HOST, transport=transport)
        self.do(devices.add_device, kind="kiosk", code=KIOSK, name=KIOSK, token_hash="h-kiosk", printer="PA", fallback="PB")
        self.do(devices.change_device, code=KIOSK, pace={"interval_s": 1, "per_minute": 60, "pause_s": 5})
        self.do(devices.add_device, kind="display", code="TV", name="TV", token_hash="h-tv")
        self.do(displays.set_key, display="TV", key_hash="h-key")
        self.do(displays.give_turn, group="", to="TV", cause="first")
        self.do(screens.set_screen, display="TV", distance_m=6)
        asked = self.do(devices.ask_enrolment, kind="display", wanted="TV2", browser_hash="h-browser")
        self.do(devices.approve_enrolment, code=asked["enrolment"])
        self.do(branding.set_color, color="#0b3d91")
        self.do(branding.set_address, url="http://antrian.example")
        self.do(slip_template.set_template, template="{number}")
        self.do(report_letter.set_letter, head=["MPP"], name="Uji")
        self.do(reports.issue, dossier=REPORT, pdf=b"%PDF", xlsx=b"PK")
        self.do(alerting.flip, "system", "system", raised=[Alert("queue_long", FIRST, {"n": 9}, "PTSP", "PTSP")], ended=[])
        self.do(notices.add_notice, text="Sabtu tutup.", date_from=FIRST.date())
        found = {"sha": "0" * 64, "mime": "image/jpeg", "bytes": 1000, "width": 10, "height": 10, "length_ms": 0}
        self.do(media.add_medium, name="gambar", found=found, room_bytes=10**6)
        self.do(floors.set_policy, no_show_min_calls=1, no_show_wait_s=0)
        row = {"name": "Uji", "role": "officer", "gerai": [gerai_of(COUNTER)], "must_change": False}
        self.do(people.add_user, username=OFFICER, password_hash=hash_password(PASSWORD), **row)
        failed = {"session_hash": "-", "csrf": "-", "browser": "", "lock_after": 5, "lock_s": 60}
        with suppress(RuleBroken):
            self.do(people.login, username=OFFICER, ok=False, expires_at=FIRST, **failed)

    def day(self, number: int, visitors: int) -> None:
        """Numbers and calls mixed by chance; one refused after the cut-off; then it closes."""
        self._morning(number)
        open_ = [line[0] for line in LINES.values()]
        for _ in range(visitors):
            self._visitor()
            self._work(self._draw.choice(open_))
        for counter in open_ * 2:
            self._work(counter)
        self.do(days.close_now, "user:pengawas", "supervisor")
        with suppress(RuleBroken):
            self.do(issuing.issue, f"device:{KIOSK}", "kiosk", service=SERVICE)

    def leave_open(self, number: int) -> None:
        """The day that a server goes on with: somebody waits, somebody is called, a pause, a slip that was sent."""
        self._morning(number, at_line=2)
        for _ in range(4):
            self.do(issuing.issue, f"device:{KIOSK}", "kiosk", service=SERVICE)
        call = self.do(calling.call_next, f"user:{officer_at('DKC-2')}", "officer", counter="DKC-2")["call"]["id"]
        spoken = [{"call_id": call, "at": self.now.isoformat()}]
        report = {"shown_seq": call, "spoken": spoken, "audio": "on", "visible": True}
        self.do(displays.keep_reports, "system", "system", reports={"TV": report})
        self.do(counters.pause, f"user:{officer_at('PTSP-1')}", "officer", counter="PTSP-1", reason="salat")
        self._printed("sent")
        self.do(counters.close_counter, f"user:{officer_at(COUNTER)}", "officer", counter=COUNTER)

    def _morning(self, number: int, at_line: int = 1) -> None:
        self.now = FIRST + timedelta(days=number)
        for line in LINES.values():
            for counter in line[:at_line]:
                self.do(counters.open_counter, f"user:{officer_at(counter)}", "officer", counter=counter)

    def _visitor(self) -> None:
        self._later()
        kiosk, wish = f"device:{self._draw.choice((KIOSK, 'K1', 'K2'))}", self._draw.random()
        priority = "lansia" if wish < 0.1 else None
        then = ("PTSP-NIB",) if wish > 0.9 else ()
        with suppress(RuleBroken):
            got = self.do(issuing.issue, kiosk, "kiosk", service=self._draw.choice([*LINES]), priority=priority, then=then)
            if wish > 0.95:
                self.do(visits.cancel, "user:resepsionis", "receptionist", ticket=got["id"], reason="pulang")
            elif wish > 0.9:
                self.do(visits.reprint, "user:resepsionis", "receptionist", ticket=got["id"])
        self._printed(self._draw.choice(("confirmed", "assumed", "uncertain")))

    def _printed(self, *states: str) -> None:
        for state in states:
            claimed = self.do(printing.claim, f"device:{_HOST}", "print-host")
            if claimed:
                self.do(printing.report_job, f"device:{_HOST}", "print-host", job=claimed["job"]["id"], state=state)

    def _work(self, counter: str) -> None:
        """Call somebody, and end the visit in one of the ways it may end."""
        def press(act: Callable[..., Answer], **more: Any) -> Any:
            self._later()
            return self.do(act, f"user:{officer_at(counter)}", "officer", counter=counter, **more)

        with suppress(RuleBroken):
            called = press(calling.call_next)
            if called is None:
                return
            way = self._draw.random()
            if way < 0.1:
                press(calling.no_show)
                self.do(visits.give_back, "user:resepsionis", "receptionist", ticket=called["ticket"]["id"])
            elif way < 0.15:
                press(calling.put_back, reason="belum siap")
            elif way < 0.2:
                press(visits.transfer_from_counter, service="PTSP-NIB")
            elif way < 0.3:
                press(calling.start)
                press(calling.hold, reason="fotokopi")
                press(calling.resume_leg, leg=called["leg"]["leg"])
                press(calling.finish)
            else:
                press(calling.recall)
                press(calling.start)
                press(calling.finish)

    def _later(self) -> None:
        self.now += timedelta(seconds=self._draw.uniform(1, 2 * self._pause_s))
