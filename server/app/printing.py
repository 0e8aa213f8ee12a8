"""Jobs for the print host: claimed under a lease, reported once, never silently repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.app import beside, branding, present, slips
from server.app.ask import Answer, Ask
from server.app.ports import Job, Printer, Work
from server.app.present import instant
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.tickets import Leg, Ticket

#: states a job does not leave any more
ENDED = frozenset({"confirmed", "assumed", "uncertain", "failed", "late"})
#: a lease that lapsed before, and after, the printer had taken every byte: paper may be out
LAPSED, LAPSED_SENT = "lease", "lease_sent"
#: what a visitor says of a slip whose outcome is not known
CAME_OUT, DID_NOT = "Pengunjung: karcis keluar.", "Pengunjung: karcis tidak keluar."
PROFILE = {
    "width_mm": 80,
    "dots": 576,
    "chars": 48,
    "codepage": "cp437",
    "native_qr": True,
    "cut": True,
    # What the printer can answer, found by its host's probe; None: not probed yet.
    "answers": None,
}


def queue_slip(
    work: Work, ask: Ask, ticket: Ticket, leg: Leg, printer: str, copy: int, reason: str | None = None
) -> int:
    """Leave a slip for the print host, in the same transaction; returns the job's id."""
    around = work.around
    facts = slips.SlipFacts(branding.address(work), around.wifi_name, around.wifi_password)
    texts = around.texts.get(ticket.language) or around.texts["id"]
    slip = slips.slip_of(ticket, leg, work.floors.current(), texts, facts, copy=copy)
    job = work.paper.add_job(
        {
            "ticket": ticket.id,
            "printer": printer,
            "copy": copy,
            "device": ticket.device,
            "slip": slip,
            "state": "queued",
            "created_at": ask.now,
        }
    )
    # The first slip is part of TicketIssued; only a copy is an event of its own, since it
    # is an exception the report must show.
    if copy:
        work.log.record(
            Event(
                "SlipQueued",
                ask.now,
                ask.actor,
                device=ticket.device,
                ticket=ticket.id,
                leg=leg.id,
                gerai=leg.gerai,
                data={
                    "job": job,
                    "printer": printer,
                    "copy": copy,
                    "label": ticket.label,
                    "reason": reason,
                },
            )
        )
    return job


def claim(work: Work, ask: Ask, *, printer: str | None = None) -> Answer:
    """The job this host holds for the printer, else the oldest queued; 204: none.

    A lease that lapsed without a word becomes `uncertain` first: paper may be out.
    """
    claimed = work.paper.in_flight()
    for job in claimed:
        if job.lease_until is not None and job.lease_until < ask.now:
            end(work, ask, job, "uncertain", LAPSED if job.state == "sending" else LAPSED_SENT)
    live = [job for job in claimed if job.lease_until is None or job.lease_until >= ask.now]
    for job in live:
        # One that was sent is never handed out again, also not to a host that has lost its journal.
        if job.state == "sending" and job.host == ask.device and printer in (None, job.printer):
            return _claimed(work, ask, job)
    own = [row.code for row in work.paper.printers() if row.host == ask.device]
    if printer is not None:
        if printer not in own:
            raise RuleBroken("unknown_printer", printer=printer[:60])
        own = [printer]
    busy = {job.printer for job in live}
    found = work.paper.oldest([code for code in own if code not in busy])
    return Answer(204) if found is None else _claimed(work, ask, found)


def _claimed(work: Work, ask: Ask, job: Job) -> Answer:
    # Printers live in real time, also while business time is simulated.
    lease_until = ask.now + timedelta(seconds=work.around.lease_s * work.around.rate)
    age_s = (ask.now - job.created_at).total_seconds() / work.around.rate
    work.paper.save_job(
        job.id, state="sending", host=ask.device, claimed_at=ask.now, lease_until=lease_until
    )
    return Answer(
        200,
        {
            "job": {
                "id": job.id,
                "printer": job.printer,
                "copy": job.copy,
                "lease_s": work.around.lease_s,
                "lease_until": instant(lease_until),
                "created_at": instant(job.created_at),
                "age_s": max(0, int(age_s)),
                # Whether to give it back at once when this printer cannot print.
                "elsewhere": beside.elsewhere(work, job) is not None,
                "slip": dict(job.slip),
            }
        },
    )


def report_job(work: Work, ask: Ask, *, job: int, state: str, cause: str | None = None) -> Answer:
    """How a slip ended, or that it was `sent` and its end is awaited; the same report twice changes nothing.

    `not_begun` puts it back, or to the printer that is named to stand in. Raises not_held when another host has
    it, when it has ended otherwise, and for `not_begun` of one that was sent; a host that reports after its
    lease lapsed may still turn `uncertain` into what it knows.
    """
    found = work.paper.job(job)
    if found.host != ask.device:
        raise RuleBroken("not_held", job=job)
    if found.state == state:
        return Answer(200, {"id": job, "state": state})
    if not _may_become(found, state):
        raise RuleBroken("not_held", job=job, state=found.state)
    if state == "not_begun":
        _put_back(work, ask, found, cause)
        return Answer(200, {"id": job, "state": "queued"})
    end(work, ask, found, state, cause)
    return Answer(200, {"id": job, "state": state})


def _may_become(job: Job, state: str) -> bool:
    if state in ("not_begun", "sent"):
        # What a printer has taken never waits for one again; news of a sending comes too late after its end.
        began_not = job.state == "uncertain" and job.cause == LAPSED
        return job.state == "sending" or (state == "not_begun" and began_not)
    return job.state not in ENDED or job.state == "uncertain"


def _put_back(work: Work, ask: Ask, job: Job, cause: str | None) -> None:
    """Nothing of it was printed: it waits again, where it was or at the printer that stands in."""
    to = beside.elsewhere(work, job)
    work.paper.save_job(
        job.id, state="queued", cause=cause, host=None, lease_until=None, ended_at=None, printer=to or job.printer
    )
    if to is not None or job.state == "uncertain":
        _record(work, ask, "SlipMoved", job, {"printer": to or job.printer, "was": job.printer, "cause": cause})


def visitor_told(work: Work, ask: Ask, *, ticket: int, came_out: bool) -> Answer:
    """A visitor's word, at the kiosk that gave the number, on a slip of which nobody knows whether it came out.

    It came out: `assumed`. It did not: `failed`, and one marked copy there; after that the number is written down.
    Raises unknown_ticket, and wrong_state for a slip whose outcome is known.
    """
    found = work.tickets.ticket(ticket)
    if found.device != ask.device:
        raise RuleBroken("unknown_ticket", ticket=ticket)
    newest = work.history.jobs_of(ticket)[-1:]
    if not newest or newest[0]["state"] != "uncertain":
        raise RuleBroken("wrong_state", state=newest[0]["state"] if newest else "none")
    job = work.paper.job(newest[0]["id"])
    end(work, ask, job, "assumed" if came_out else "failed", CAME_OUT if came_out else DID_NOT)
    if not came_out and job.copy == 0:
        leg = present.current(work.tickets.legs_of(ticket))
        printer = beside.printer_for(work, ask.device, job.printer)
        queue_slip(work, ask, found, leg, printer, copy=1, reason=DID_NOT)
    return Answer(200, {"id": ticket, "copies": 1 if not came_out and job.copy == 0 else 0})


def end(work: Work, ask: Ask, job: Job, state: str, cause: str | None) -> None:
    """Write how a job ended, or that it was sent."""
    ended_at = ask.now if state in ENDED else None
    work.paper.save_job(job.id, state=state, cause=cause, ended_at=ended_at)
    _record(work, ask, "SlipReported", job, {"printer": job.printer, "state": state, "cause": cause})


def _record(work: Work, ask: Ask, type_: str, job: Job, data: Mapping[str, Any]) -> None:
    ticket = work.tickets.ticket(job.ticket)
    service = work.floors.current().services.get(ticket.service)
    gerai = service.gerai if service else None
    told = {"job": job.id, "copy": job.copy, "label": ticket.label, **data}
    work.log.record(Event(type_, ask.now, ask.actor, device=job.device, ticket=ticket.id, gerai=gerai, data=told))


def report_printer(
    work: Work, ask: Ask, *, printer: str, state: str, cause: str | None = None
) -> Answer:
    """A printer's state; only a flip is an event."""
    found = work.paper.printer(printer)
    if found is None or found.host != ask.device:
        raise RuleBroken("unknown_printer", printer=printer[:60])
    if (found.state, found.cause) != (state, cause):
        since = ask.now if found.state != state else found.since
        work.paper.save_printer(replace(found, state=state, cause=cause, since=since))
        work.log.record(
            Event(
                "PrinterChanged",
                ask.now,
                ask.actor,
                data={"printer": printer, "state": state, "cause": cause, "was": found.state},
            )
        )
    return Answer(204)


def set_printer(
    work: Work,
    ask: Ask,
    *,
    code: str,
    name: str,
    host: str,
    transport: Mapping[str, Any],
    profile: Mapping[str, Any] | None = None,
) -> Answer:
    """Add a printer, or change where and how it is reached. Raises unknown_device."""
    device = work.devices.device(host)
    if device is None or device["kind"] != "print-host":
        raise RuleBroken("unknown_device", device=host[:60])
    known = work.paper.printer(code)
    moved = known is None or (known.host, dict(known.transport)) != (host, dict(transport))
    kept = {} if known is None or moved else {"answers": known.profile.get("answers")}
    printer = Printer(
        code=code,
        name=name,
        host=host,
        transport=dict(transport),
        profile={**PROFILE, **kept, **(profile or {})},
        state="unknown" if moved else known.state,
        cause=None if moved else known.cause,
        since=ask.now if moved else known.since,
    )
    work.paper.save_printer(printer)
    work.log.record(Event("PrinterSet", ask.now, ask.actor, data={"printer": code, "host": host}))
    return Answer(200, told(printer))


def probed(work: Work, ask: Ask, *, printer: str, answers: Sequence[str]) -> Answer:
    """What the printer's host found that it can answer."""
    found = work.paper.printer(printer)
    if found is None or found.host != ask.device:
        raise RuleBroken("unknown_printer", printer=printer[:60])
    _keep_answers(work, ask, found, sorted(set(answers)))
    return Answer(204)


def probe(work: Work, ask: Ask, *, printer: str) -> Answer:
    """Have the printer probed anew by its host; until then nothing is known of its answers."""
    found = work.paper.printer(printer)
    if found is None:
        raise RuleBroken("unknown_printer", printer=printer[:60])
    _keep_answers(work, ask, found, None)
    return Answer(204)


def _keep_answers(work: Work, ask: Ask, printer: Printer, answers: list[str] | None) -> None:
    if printer.profile.get("answers") == answers:
        return
    work.paper.save_printer(replace(printer, profile={**printer.profile, "answers": answers}))
    work.log.record(
        Event("PrinterProbed", ask.now, ask.actor, data={"printer": printer.code, "answers": answers})
    )


def told(printer: Printer) -> dict[str, Any]:
    """A printer over HTTP."""
    return {
        "code": printer.code,
        "name": printer.name,
        "host": printer.host,
        "transport": dict(printer.transport),
        "profile": dict(printer.profile),
        "state": printer.state,
        "cause": printer.cause,
        "since": instant(printer.since),
    }
