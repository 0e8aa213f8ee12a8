"""Which printer stands beside a kiosk, and which one is named to stand in for it."""

from __future__ import annotations

from server.app.ports import Job, Work

#: states in which a printer prints nothing until somebody helps it
CANNOT_PRINT = frozenset({"paper_out", "cover_open", "offline", "error"})


def printer_for(work: Work, kiosk: str | None, own: str) -> str:
    """Where a slip that the kiosk asks of its `own` printer is to come out."""
    return (_stand_in(work, kiosk, own) if _is_stuck(work, own) else None) or own


def elsewhere(work: Work, job: Job) -> str | None:
    """The printer that takes a slip which its own cannot print; None: it waits where it is.

    Only from the kiosk's own printer to its fallback, so that a slip moves once at most.
    """
    return _stand_in(work, job.device, job.printer)


def _stand_in(work: Work, kiosk: str | None, own: str) -> str | None:
    device = work.devices.device(kiosk) if kiosk is not None else None
    if device is None or device["printer"] != own:
        return None
    named = work.devices.fallback(device["code"])
    return named if named is not None and named != own and not _is_stuck(work, named) else None


def _is_stuck(work: Work, code: str) -> bool:
    """It says so itself, or nobody has heard the process that prints on it."""
    printer = work.paper.printer(code)
    if printer is None or printer.state in CANNOT_PRINT:
        return True
    host = work.devices.device(printer.host)
    return host is None or host["revoked_at"] is not None or host["state"] == "down"
