"""The event log: one head row taken first by every act, one line per event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.domain.events import Event, as_told, seal
from server.storage.prepared import Prepared
from server.storage.schema.floor import site as site_row
from server.storage.schema.log import answer, event, event_head, refusal
from server.storage.work.floors import SqlFloors

_SITE_HEAD = select(event_head.c.seq, event_head.c.hash).where(
    event_head.c.site == bindparam("site")
)
#: with the plan's versions, which every act needs as well
_TAKE = Prepared(
    _SITE_HEAD.add_columns(site_row.c.floor_version, site_row.c.calendar_version)
    .join(site_row, site_row.c.code == event_head.c.site)
    .with_for_update(of=event_head)
)
_LOOK = Prepared(_SITE_HEAD)
_MOVE = Prepared(
    update(event_head)
    .where(event_head.c.site == bindparam("b_site"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)
_ADD = Prepared(insert(event).values({c.name: bindparam(c.name) for c in event.columns}))
_AFTER = (
    select(event)
    .where(event.c.site == bindparam("site"), event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
    .limit(bindparam("most"))
)
_ANSWER = Prepared(
    select(answer.c.fingerprint, answer.c.status, answer.c.body).where(
        answer.c.actor == bindparam("actor"), answer.c.key == bindparam("key")
    )
)
_KEEP = Prepared(insert(answer).values({c.name: bindparam(c.name) for c in answer.columns}))


def to_event(row: Row[Any]) -> Event:
    return as_told(
        type=row.type,
        at=row.at,
        actor=row.actor,
        device=row.device,
        ticket=row.ticket,
        leg=row.leg,
        gerai=row.gerai,
        service=row.service,
        counter=row.counter,
        data=row.data,
        seq=row.seq,
    )


class SqlLog:
    def __init__(self, connection: Connection, floors: SqlFloors) -> None:
        self._connection = connection
        self._floors = floors
        self.site = floors.site
        self._head: tuple[int, str] | None = None
        self._moved = False

    def take(self) -> None:
        """Lock this site's head row: what makes `seq` gapless and in commit order."""
        seq, digest, *versions = _TAKE.all(self._connection, site=self.site)[0]
        self._head = (seq, digest)
        self._floors.see((versions[0], versions[1]))

    def head(self) -> tuple[int, str]:
        if self._head is None:
            row = _LOOK.all(self._connection, site=self.site)[0]
            return row[0], row[1]
        return self._head

    def next_seq(self) -> int:
        """The seq the next recorded event will have, inside an act."""
        if self._head is None:
            self.take()
        assert self._head is not None
        return self._head[0] + 1

    def record(self, happened: Event) -> int:
        """Append one event; returns its seq."""
        seq = self.next_seq()
        assert self._head is not None
        digest = seal(self._head[1], happened, seq)
        _ADD.run(
            self._connection,
            site=self.site,
            seq=seq,
            at=happened.at,
            type=happened.type,
            actor=happened.actor,
            device=happened.device,
            ticket=happened.ticket,
            leg=happened.leg,
            gerai=happened.gerai,
            service=happened.service,
            counter=happened.counter,
            data=dict(happened.data),
            hash=digest,
        )
        self._head = (seq, digest)
        self._moved = True
        return seq

    def seal(self) -> None:
        if self._moved and self._head is not None:
            seq, digest = self._head
            _MOVE.run(self._connection, b_site=self.site, new_seq=seq, new_hash=digest)
            self._moved = False

    def after(self, seq: int, limit: int) -> Sequence[tuple[Event, str]]:
        """Events with a seq above `seq`, oldest first, each with its hash."""
        rows = self._connection.execute(
            _AFTER, {"site": self.site, "after": seq, "most": limit}
        ).all()
        return [(to_event(row), row.hash) for row in rows]

    def answer(self, actor: str, key: str) -> tuple[str, int, str] | None:
        row = _ANSWER.first(self._connection, actor=actor, key=key)
        return None if row is None else (row[0], row[1], row[2])

    def keep_answer(
        self, actor: str, key: str, fingerprint: str, status: int, body: str, at: datetime
    ) -> None:
        _KEEP.run(
            self._connection,
            actor=actor,
            key=key,
            fingerprint=fingerprint,
            status=status,
            body=body,
            at=at,
        )

    def forget_answers(self, before: datetime, spared: int) -> None:
        newest_to_go = select(answer.c.at).order_by(answer.c.at.desc()).offset(spared).limit(1).scalar_subquery()
        self._connection.execute(delete(answer).where(answer.c.at < before, answer.c.at <= newest_to_go))

    def refuse_once(self, row: Mapping[str, Any]) -> bool:
        """Keep a refusal; False when this actor's key was refused before."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(refusal), {"site": self.site, **row})
        except IntegrityError:
            return False
        return True
