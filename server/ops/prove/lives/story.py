"""What each act of the hour leaves behind, learnt from one undisturbed hour, and a dead server's files held against it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.prove.judging import verdict
from server.ops.prove.lives.tracing import files_of
from server.ops.prove.records import Records

#: the sample hall's rules, in seconds and counts, until the log says otherwise
POLICY = {"priority_ratio": 2, "max_wait_guard_s": 3600, "put_back_places": 3, "return_places": 2}
#: what one act writes together, besides the log
TABLES = (
    "ticket", "leg", "call", "span", "series_day", "print_job", "answer", "counter_session", "pause", "business_day",
)

#: an event without what differs from run to run
Line = tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """The state of a database: its log from the beginning of the hour, and how many rows it has."""

    events: tuple[Line, ...]
    rows: tuple[int, ...]


@dataclass
class Story:
    """`pages[n]`: the state after n acts. `wrong`: acts that were answered for before anything was there."""

    head: int
    pages: list[Page] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def begun(cls, database: Path) -> Story:
        """Nothing has happened yet, and no server is there: a start writes to the log when it comes to it."""
        records = Records(database)
        story = cls(records.one("SELECT seq FROM event_head"))
        story.pages.append(story.page(records))
        records.close()
        return story

    def turn(self, records: Records, act: str) -> None:
        """The act has just been answered for."""
        self.pages.append(self.page(records))
        if self.pages[-1] == self.pages[-2]:
            self.wrong.append(f"lost: {act}: answered for, and nothing of it is there")

    def page(self, records: Records) -> Page:
        sql = (
            "SELECT type, actor, ticket, leg, service, counter FROM event WHERE seq > ? "
            "AND NOT (actor = 'system' AND type NOT IN ('TicketExpired', 'DayOpened', 'DayClosed')) ORDER BY seq"
        )
        counts = (records.one(f"SELECT count(*) FROM {table}") for table in TABLES)
        return Page(tuple(records.rows(sql, self.head)), tuple(counts))

    def judge(self, records: Records, answered: int, acknowledged: dict[int, str]) -> tuple[list[str], bool]:
        """(what is wrong, whether the act after the answered ones is there). It may be there, but whole."""
        _, found = verdict(records, acknowledged, POLICY)
        page = self.page(records)
        if page == self.pages[answered]:
            return found, False
        if page == self.pages[min(answered + 1, len(self.pages) - 1)]:
            return found, True
        return [*found, _difference(page, self.pages[answered])], False


def _difference(page: Page, wanted: Page) -> str:
    missing = [line for line in wanted.events if line not in page.events]
    more = [line for line in page.events if line not in wanted.events]
    rows = {name: (a, b) for name, a, b in zip(TABLES, page.rows, wanted.rows, strict=True) if a != b}
    if missing:
        return f"lost: {missing} was answered for; rows (found, answered for) {rows}"
    return f"half an act: events {more}, rows (found, answered for) {rows}"


def remains(database: Path, folder: Path) -> Path:
    """A copy of what a dead server has left, to be looked at without touching it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in files_of(database):
        if path.exists():
            shutil.copy(path, folder / path.name)
    return folder / database.name


def judged(story: Story, database: Path, folder: Path, answered: int, acknowledged: dict[int, str]) -> tuple[list[str], bool]:
    """See Story.judge, on a copy."""
    records = Records(remains(database, folder))
    try:
        return story.judge(records, answered, acknowledged)
    except Exception as garbage:  # spoilt files can trip any reader
        return [f"broken: {type(garbage).__name__}: {garbage}"], False
    finally:
        records.close()


def numbers(bodies: Sequence[Any]) -> dict[int, str]:
    """ticket id -> number, of every answer that gave one."""
    return {body["id"]: body["number"] for body in bodies if isinstance(body, dict) and "number" in body and "token" in body}
