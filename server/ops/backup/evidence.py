"""Which numbers may be on paper that a backup does not know of.

Three witnesses: the data that are replaced, where they can be read; what earlier restores of the same backup skipped to,
from a note beside it; and the time that has passed since the newest thing that each of them knows.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from server.cli.faults import BAD_ARGUMENTS, Stop
from server.domain.calendar import business_date, instant
from server.domain.numbering import LEAST_SKIPPED, skip_after
from server.ops.backup import copying, wal
from server.ops.presence import NAME as SERVED
from server.ops.presence import write_private

#: dates that a simulated clock may have run through; a real one reaches one more than the backup's
DAYS_MOST = 400
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Old:
    """The replaced data. `continues`: they hold the backup's own history and go on from it; `is_whole`: nothing at their
    end is lost that was once answered for."""

    site: str
    continues: bool
    is_whole: bool
    last_event_at: datetime | None
    #: (business date, prefix) -> the highest number given
    given: dict[tuple[date, str], int] = field(default_factory=dict)
    #: the rows of series that have numbers: {date, series, prefix, width, first, last}
    series: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """`at`: the instant at which the restore happens for the log. `seen`: at least LEAST_SKIPPED are skipped after these.
    `series`: those of the replaced data, which the backup may not know."""

    at: datetime
    skips: dict[date, int]
    seen: dict[tuple[date, str], int]
    series: list[dict[str, Any]]


def look(databases: Iterable[Path], scratch: Path, manifest: dict[str, Any]) -> Old | None:
    """The first of these databases that can be read, read from a copy with its WAL; None: none can."""
    for number, path in enumerate(databases):
        try:
            copied = _copied(path, scratch / str(number))
            log = copied.with_name(f"{copied.name}-wal")
            # A server that ended in order folds its WAL in and takes its note away.
            is_whole = wal.is_whole(log) if log.exists() else not (path.parent / SERVED).exists()
            return _read(copied, manifest, is_whole)
        except (OSError, sqlite3.Error, TypeError, ValueError):
            continue
    return None


def _copied(path: Path, folder: Path) -> Path:
    """The database as its server left it; SQLite folds the WAL in, of the copy."""
    folder.mkdir(mode=0o700, parents=True)
    for end in ("", "-wal"):
        source = path.with_name(path.name + end)
        if not end or source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name


def _read(path: Path, manifest: dict[str, Any], is_whole: bool) -> Old:
    database = sqlite3.connect(path)
    try:
        facts = copying.facts_of(database)
        if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise ValueError("not sound")
        here = database.execute("SELECT hash FROM event WHERE seq = ?", (manifest["seq"],)).fetchone()
        given = database.execute(
            "SELECT business_date, prefix, last_given, series, width, first, last FROM series_day WHERE last_given IS NOT NULL"
        ).fetchall()
    finally:
        database.close()
    last = facts["last_event_at"]
    return Old(
        site=facts["site"],
        continues=here is not None and here[0] == manifest["head"],
        is_whole=is_whole,
        last_event_at=datetime.fromisoformat(last) if last else None,
        given={(date.fromisoformat(day), prefix): number for day, prefix, number, *_ in given},
        series=[
            {"date": date.fromisoformat(day), "series": series, "prefix": prefix, "width": width, "first": first, "last": last}
            for day, prefix, _, series, width, first, last in given
        ],
    )


def plan(
    manifest: dict[str, Any], old: Old | None, now: datetime, rate: float, skip: int | None, earlier: Iterable[Mapping[str, Any]] = ()
) -> Plan:
    """How many numbers of each series are skipped on each date that may have given some since the backup.

    `skip` is somebody's word for all of them. Raises Stop when the clock stands before the backup: then the time that
    has passed, and today's date, are unknown.
    """
    made = datetime.fromisoformat(manifest["made_at"])
    if now < made and skip is None:
        raise Stop(
            f"Jam komputer ({now:%Y-%m-%d %H:%M} UTC) lebih awal daripada cadangan ini ({made:%Y-%m-%d %H:%M} UTC). Betulkan jam "
            "komputer dahulu, atau sebutkan sendiri banyaknya nomor yang dilompati dengan --jump. Tidak ada yang diubah.",
            BAD_ARGUMENTS,
        )
    told = manifest["last_event_at"]
    since = made if rate == 1.0 and manifest["clock_kind"] == "real" else datetime.fromisoformat(told or manifest["made_at"])
    until = since + max(timedelta(0), now - made) * rate
    if old is not None and old.last_event_at is not None:
        until = max(until, old.last_event_at)
    days = _days(manifest, since, until)
    # Whole data that go on from the backup hold every number that was acknowledged (P1): time says nothing more.
    knows = old is not None and old.continues and old.is_whole
    skips = {
        day: skip if skip is not None else LEAST_SKIPPED if knows else skip_after(_minutes(day, since, until, manifest["timezone"]))
        for day in days
    }
    seen: dict[tuple[date, str], int] = {}

    def blind(day: date, known_at: datetime | None) -> int:
        """How many more than LEAST_SKIPPED were perhaps given after what a witness knows."""
        return skip_after(_minutes(day, known_at or since, until, manifest["timezone"])) - LEAST_SKIPPED

    for key, number in (old.given if old is not None else {}).items():
        seen[key] = number + (0 if old is None or old.is_whole else blind(key[0], old.last_event_at))
    for one in earlier:
        day = date.fromisoformat(one["date"])
        key = (day, one["prefix"])
        seen[key] = max(seen.get(key, 0), one["to"] + blind(day, since + max(timedelta(0), datetime.fromisoformat(one["at"]) - made) * rate))
    return Plan(
        max(since, until) if manifest["clock_kind"] == "real" else since, skips,
        {key: number for key, number in seen.items() if key[0] in skips},
        [row for row in (old.series if old is not None else []) if row["date"] in skips],
    )  # fmt: skip


def remembered(file: Path) -> list[dict[str, Any]]:
    """What earlier restores of this backup skipped to: [{at, date, prefix, to}]."""
    try:
        told = json.loads(_note(file).read_text("utf-8"))
        return [row for row in told if {"at", "date", "prefix", "to"} <= row.keys()]
    except (OSError, ValueError, AttributeError, TypeError):
        return []


def remember(file: Path, now: datetime, jumped: Iterable[Mapping[str, Any]]) -> bool:
    """Tell the next restore of this backup; False where nothing can be written beside it: then time has to do alone."""
    rows = [{"at": now.isoformat(), "date": row["date"], "prefix": row["prefix"], "to": row["to"]} for row in jumped]
    try:
        write_private(_note(file), json.dumps([*remembered(file), *rows]))
    except OSError:
        return False
    return True


def _note(file: Path) -> Path:
    return file.with_name(f".{file.name}.dipulihkan")


def _days(manifest: dict[str, Any], since: datetime, until: datetime) -> list[date]:
    """The dates on which the next numbers may be given: the last ones that may have given any."""
    zone = manifest["timezone"]
    first, last = business_date(since, zone), business_date(until, zone)
    if manifest["open_day"] is not None:
        first = date.fromisoformat(manifest["open_day"])
    if manifest["clock_kind"] == "real":
        return [max(first, last)]
    span = min((last - first).days, DAYS_MOST)
    return [first + timedelta(days=n) for n in range(max(0, span) + 1)]


def _minutes(day: date, since: datetime, until: datetime, zone: str) -> float:
    """Minutes of this local date between the two instants."""
    begin, end = max(since, instant(day, 0, zone)), min(until, instant(day + timedelta(days=1), 0, zone))
    return max(0.0, (end - begin) / _MINUTE)
