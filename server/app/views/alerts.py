"""What needs a supervisor now, read from one snapshot."""

from __future__ import annotations

from server.app.raised import Alert
from server.app.snapshot import DeviceRow, PrinterRow, Snapshot
from server.app.views.display import sound_group, turn_of
from server.domain.floor import Floor

#: Printer states that need hands; each has a text `alert.printer_<state>`.
PRINTER_TROUBLE = frozenset({"paper_low", "paper_out", "cover_open", "offline", "error"})
#: what needs hands whatever a display's turn; each, and mute, has a text `alert.display_<condition>`
DISPLAY_TROUBLE = frozenset({"frozen", "stale", "small"})
#: ends of a slip that leave its visitor without paper, or in doubt of it
NO_PAPER = frozenset({"late", "failed", "uncertain"})


def _label(floor: Floor, counter: str) -> str:
    row = floor.counters.get(counter)
    return row.label if row else counter


def _gerai_of(floor: Floor, counter: str) -> str | None:
    row = floor.counters.get(counter)
    return row.gerai if row else None


def _printer(snap: Snapshot, row: PrinterRow) -> Alert:
    """A printer in trouble; `lost`: slips that since then have not come out, as far as is known."""
    lost = sum(
        job.printer == row.code and job.state in NO_PAPER and row.since is not None and job.at >= row.since
        for job in snap.prints
    )
    return Alert(f"printer_{row.state}", row.since, {"name": row.name, "waiting": row.waiting_jobs, "lost": lost}, row.code)


def _resting(snap: Snapshot) -> list[Alert]:
    """Kiosks whose page rests since numbers were taken too fast, until one is given again."""
    newest = {}
    for row in sorted(snap.exceptions, key=lambda row: row.seq):
        if row.type in ("KioskPaused", "KioskResumed"):
            newest[row.facts.get("code")] = row
    return [
        Alert("kiosk_paused", row.at, {"name": row.facts.get("name")}, str(row.facts.get("code")))
        for row in newest.values()
        if row.type == "KioskPaused"
    ]


def _display(row: DeviceRow, snap: Snapshot) -> Alert:
    state = snap.displays[row.code]
    return Alert(f"display_{state.condition}", state.since, {"name": row.name}, row.code)


def _is_troubled(row: DeviceRow, snap: Snapshot) -> bool:
    """A display that is frozen or stale, or mute although it is its turn to speak: nobody hears the calls."""
    state = snap.displays.get(row.code)
    if row.kind != "display" or row.revoked or row.state != "up" or state is None:
        return False
    if state.condition == "mute":
        return turn_of(snap, sound_group(snap, row))["speaks"] == row.code
    return state.condition in DISPLAY_TROUBLE


def alerts(snap: Snapshot) -> list[Alert]:
    """Clock, printers, devices, officers, resting kiosks and storage's own alerts, in that order."""
    found = []
    if snap.clock_doubted_since or snap.clock_suspect:
        found.append(Alert("clock", snap.clock_doubted_since))
    found += [_printer(snap, row) for row in snap.printers if row.state in PRINTER_TROUBLE]
    found += [_display(row, snap) for row in snap.devices if _is_troubled(row, snap)]
    found += [
        Alert("device_down", row.since, {"name": row.name}, row.code)
        for row in snap.devices
        if row.state == "down" and not row.revoked
    ]
    found += [
        Alert(
            "officer_lost",
            row.lost_since,
            {"officer": row.officer_name, "counter": _label(snap.floor, row.counter)},
            row.counter,
            _gerai_of(snap.floor, row.counter),
        )
        for row in snap.sessions
        if row.lost_since
    ]
    return found + _resting(snap) + list(snap.alerts)
