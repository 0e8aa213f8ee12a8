"""The security of the floor: whoever comes with anything but a good credential gets nothing, and costs the others nothing."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from server.ops.bench.people import Refused
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.security import browser, doors, flood, framing, frames, guessing, leaks, slow, taint
from server.ops.prove.security.stage import OWN, Hall, Person

TITLE = "Security: the same floor, attacked"
HOW = """
What is promised ([security.md](../security.md)): nobody sees or does what their role may not; what ends, ends at once; a
client that forges, stalls or floods harms itself only; text stays text; a secret is in no log.

A real server in its own processes with the settings as shipped, and beside it its database, read with plain SQLite.

- **Doors**: every kind of credential (none, made up, each role, each device, ended ones, one kind taken for another) at every
  room, by socket and by HTTP, against a table written by hand; addresses nobody declared; two screens each of eight credentials that end.
- **Frames**: forged, malformed and oversized packets and frames, beside a screen that must go on hearing the truth.
- **Framing**: requests whose end two readers would see at different places; each hides one that takes a number.
- **Stalling**: heads, bodies, chunks and readers that never end, while an officer works; one address that takes all connections.
- **Guessing**: a lock that grows no wiser by names and outlives a restart.
- **Text**: one hostile text in every field that people write, put into the database by hand, then every page as sent and in one
  Chromium: no markup, no dialog, no report of the policy, no word on the console; and the CSV export.
- **Logs**: every password, token, session, key and code that was used, looked for in all logs (at level DEBUG) and in the database.

It cannot show what nobody thought of trying, nor anything about the network, the operating system and the people of a site. The
long form adds readers that stall, the flood with the officers' waiting time beside it, and how long an unknown name takes.
"""
PLANTS = (
    Plant("an officer is let into every gerai", "server/web/rooms.py", 'return kind == "gerai" and name in gerai', 'return kind == "gerai"'),
    Plant(
        "a wrong token is made good by a cookie", "server/ops/door.py", 'return gate.bearer(f"Bearer {token}")',
        'return gate.bearer(f"Bearer {token}") if gate.house.vault.token(token) else gate.person(request)',
    ),
    Plant("the CSRF token is not compared", "server/web/auth.py", "if not caller.csrf or not hmac", "if not caller.csrf and not hmac"),
    Plant("a screen outlives its session", "server/app/house.py", "            self.drop(key)", "            pass"),
    Plant("only the first screen of a session ends", "server/realtime/live.py", "self.registry.of_key(key)", "self.registry.of_key(key)[:1]"),
    Plant("a name as it is in a page", "server/phone/templates/phone/page.html", "{{ site_name }}</p>", "{{ site_name | safe }}</p>"),
    Plant("a page's text as markup", "server/shared/static/dom.js", "document.createTextNode(String(child)));", "document.createRange().createContextualFragment(String(child)));"),
    Plant(
        "a lock that a restart forgets", "server/ops/first_run.py", "        _check_clock(settings, url)\n        return None",
        '        __import__("server.ops.prove.security.stage", fromlist=["x"]).forget_locks(data)\n        return None',
    ),
    Plant("a broken request's line in the log", "server/concurrency/master.py", "self.error_log.filters = [Unreadable()]", "self.error_log.filters = []"),
    Plant("a malformed chunk is the server's error", "server/concurrency/connections.py", "except ParseException as", "except KeyError as"),
    Plant("a head may take for ever", "server/concurrency/eventlet_worker.py", "Timeout(self.cfg.keepalive or None, False)", "Timeout(None, False)"),
    Plant("one address may take all connections", "server/concurrency/connections.py", "PER_ADDRESS = 500", "PER_ADDRESS = 50_000"),
    Plant("an event of a client is handed on", "server/realtime/live.py", 'if kind == "1" and known or kind == "0" and not known:', "if kind:"),
    Plant("the older transport is a second door", "server/realtime/live.py", 'transports=["websocket"],', "transports=None,"),
    Plant("a formula in the export", "server/app/report_csv.py", ".startswith(_FORMULA)", ".startswith(())"),
)
SERVICE = f"{OWN}-KTP"
STALLED_SHORT, STALLED_LONG = 10, 40
FORGED_SHORT, FORGED_LONG = 600, 20_000


def run(order: Order) -> Findings:
    """Raises NotStarted or Refused when the hall does not come up."""
    left_out = [reason] if (reason := browser.missing()) else []
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-")))
        hall = Hall(folder / "hall", frozenset(os.sched_getaffinity(0))).start()
        ends.callback(lambda: hall.stop())
        _poison(hall.furnish())
        kinds, each = (tuple(slow.KINDS), STALLED_LONG) if order.is_long else (slow.SHORT_KINDS, STALLED_SHORT)
        siege = slow.Siege(hall.address, kinds, each)
        ends.callback(siege.close)
        officer = hall.person("officer")
        token = taint.live(hall, officer, SERVICE)
        _attack(hall, order)
        pages = _pages(hall, officer, token)
        taint.as_sent(hall, {visit.path: _cookie_header(visit) for visit in pages})
        if not left_out:
            order.say("pages in a browser")
            browser.look(hall, pages)
        figures = flood.figures(hall, _second(hall), SERVICE) if order.is_long else []
        taint.export(hall)
        leaks.provoke(hall)
        order.say("waiting for the server to end what stalls")
        slow.judge(hall, siege)
        leaks.search(hall)
    busy = f"Load average of the machine over 15 minutes: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores."
    return Findings([busy, "", *_figures(hall), "", *figures], hall.broken, left_out)


def _poison(hall: Hall) -> None:
    """Lock an account, cut the power, write hostile text by hand, and see that the lock is there; logs are full from now on."""
    locked = guessing.guess(hall)
    taint.furnish(hall)
    hall.kill()
    taint.poison(hall)
    hall.start(MPP_SERVER_LOG_LEVEL="DEBUG")
    guessing.after_restart(hall, *locked)


def _attack(hall: Hall, order: Order) -> None:
    for name, part in {
        "doors": doors.matrix, "ends": doors.deaths, "forgeries": doors.forgeries, "addresses": doors.strangers,
        "framing": lambda it: framing.attack(it, SERVICE),
        "frames": lambda it: frames.attack(it, SERVICE, FORGED_LONG if order.is_long else FORGED_SHORT),
        "connections": slow.full,
    }.items():
        order.say(name)
        try:
            part(hall)
        except (OSError, Refused) as problem:  # the honest people of an attack must get through, too
            hall.broken.append(f"{name}: {problem}")


def _second(hall: Hall) -> Person:
    """An officer at a counter of its own, for the presses that are measured."""
    officer = hall.person("officer")
    hall.ask("POST", f"/counters/{OWN}-2/open", officer.headers, {})
    return officer


def _pages(hall: Hall, officer: Person, token: str) -> list[browser.Visit]:
    """Every page, with what opens its parts."""
    key = hall.keep("a key of TV1", hall.post("/displays/TV1/key", {})["url"].rpartition("key=")[2])
    person = {role: {"mpp_session": hall.person(role).cookie} for role in ("receptionist", "supervisor", "admin")}
    kiosk, display = ({"mpp_browser": hall.browser(*device)} for device in (("kiosk", "K1"), ("display", "TV1")))
    return [
        browser.Visit("/", display), browser.Visit(f"/t/{token}"), browser.Visit("/kiosk/K1", kiosk, ("main button",)),
        browser.Visit("/display/TV1", display), browser.Visit(f"/display/TV1/simple?key={key}"),
        browser.Visit("/counter", {"mpp_session": officer.cookie}), browser.Visit("/desk", person["receptionist"]),
        browser.Visit("/supervisor", person["supervisor"]),
        browser.Visit("/admin", person["admin"], tuple(f"#parts > :nth-child({n})" for n in range(1, 10))),
    ]


def _cookie_header(visit: browser.Visit) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in visit.cookies.items())} if visit.cookies else {}


def _figures(hall: Hall) -> list[str]:
    return ["| tried | |", "|---|---|", *(f"| {what} | {count} |" for what, count in sorted(hall.counts.items()))]
