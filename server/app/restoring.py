"""What a restore does to the data before they are served again, in one act.

Numbers, jobs and screens of the time after the backup are unknown to it; nothing of that time is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from server.app import printing
from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.present import instant
from server.domain import numbering
from server.domain.errors import RuleBroken
from server.domain.events import Event

#: why a slip is in doubt that was on its way at the time of the backup
CAUSE = "restored"


def restored(
    work: Work,
    ask: Ask,
    *,
    epoch: str,
    made_at: str,
    skips: Mapping[date, int],
    seen: Mapping[tuple[date, str], int],
    series: Sequence[Mapping[str, Any]] = (),
) -> Answer:
    """Make the data of a backup fit to serve: a new epoch, every series jumped, slips on their way in doubt.

    `skips`: business date -> how many numbers of each series are skipped. `seen`: (date, prefix) -> the highest number
    known to have been given. `series`: rows of the replaced data, {date, series, prefix, width, first, last}: one that the
    backup does not know stays reserved for its date. `made_at`: the instant of the backup.
    """
    seq = work.log.head()[0]
    work.floors.renew_epoch(epoch)
    for job in work.paper.unended():
        printing.end(work, ask, job, "uncertain", CAUSE)
    jumped = []
    for day, skip in sorted(skips.items()):
        jumped += _jump(work, ask, day, skip, seen, [row for row in series if row["date"] == day])
    data = {"made_at": made_at, "seq": seq, "epoch": epoch, "series": len(jumped)}
    work.log.record(Event("DataRestored", ask.now, ask.actor, data=data))
    return Answer(200, {"at": instant(ask.now), "jumped": jumped})


def _jump(
    work: Work, ask: Ask, day: date, skip: int, seen: Mapping[tuple[date, str], int], series: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Skip numbers of every series of this date; a closed date gives none any more."""
    if work.days.is_closed(day):
        return []
    floor = work.floors.current()
    for code in floor.series:
        try:
            work.days.freeze_series(day, code, floor)
        except RuleBroken:
            pass  # its prefix is another series' that day: it gives no number anyway
    for row in series:
        work.days.keep_series(row)
    told = []
    for row in work.days.series_of(day):
        gap = numbering.skipped(row.last_given, row.first, row.last, skip, seen.get((day, row.prefix)))
        if gap is None:
            continue
        work.days.skip_to(day, row.series, gap[1])
        data = {"series": row.series, "date": day.isoformat(), "from": gap[0], "to": gap[1]}
        work.log.record(Event("SeriesJumped", ask.now, ask.actor, data=data))
        told.append({**data, "prefix": row.prefix, "is_used_up": gap[1] >= row.last})
    return told
