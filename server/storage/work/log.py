"""The event log: one head row taken first by every act, one line per event."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.domain.events import Event, seal
from server.storage.schema.log import answer, event, event_head, refusal

_HEAD = (
    select(event_head.c.seq, event_head.c.hash)
    .where(event_head.c.site == bindparam("site"))
    .with_for_update()
)
_LOOK = select(event_head.c.seq, event_head.c.hash).where(event_head.c.site == bindparam("site"))
_MOVE = (
    update(event_head)
    .where(event_head.c.site == bindparam("b_site"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"))
)
_ADD = insert(event)
_AFTER = (
    select(event)
    .where(event.c.site == bindparam("site"), event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
    .limit(bindparam("most"))
)
_ANSWER = select(answer.c.fingerprint, answer.c.status, answer.c.body).where(
    answer.c.actor == bindparam("actor"), answer.c.key == bindparam("key")
)


def to_event(row: Row[Any]) -> Event:
    return Event(
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
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self.site = site
        self._head: tuple[int, str] | None = None
        self._moved = False

    def take(self) -> None:
        """Lock this site's head row: what makes `seq` gapless and in commit order."""
        row = self._connection.execute(_HEAD, {"site": self.site}).one()
        self._head = (row.seq, row.hash)

    def head(self) -> tuple[int, str]:
        if self._head is None:
            row = self._connection.execute(_LOOK, {"site": self.site}).one()
            return row.seq, row.hash
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
        # What is hashed must be what is read back, so the data goes through JSON once.
        sealed = replace(happened, seq=seq, data=json.loads(json.dumps(dict(happened.data))))
        digest = seal(self._head[1], sealed)
        self._connection.execute(
            _ADD,
            {
                "site": self.site,
                "seq": seq,
                "at": sealed.at,
                "type": sealed.type,
                "actor": sealed.actor,
                "device": sealed.device,
                "ticket": sealed.ticket,
                "leg": sealed.leg,
                "gerai": sealed.gerai,
                "service": sealed.service,
                "counter": sealed.counter,
                "data": sealed.data,
                "hash": digest,
            },
        )
        self._head = (seq, digest)
        self._moved = True
        return seq

    def seal(self) -> None:
        if self._moved and self._head is not None:
            self._connection.execute(
                _MOVE, {"b_site": self.site, "seq": self._head[0], "hash": self._head[1]}
            )
            self._moved = False

    def after(self, seq: int, limit: int) -> Sequence[tuple[Event, str]]:
        """Events with a seq above `seq`, oldest first, each with its hash."""
        rows = self._connection.execute(
            _AFTER, {"site": self.site, "after": seq, "most": limit}
        ).all()
        return [(to_event(row), row.hash) for row in rows]

    def answer(self, actor: str, key: str) -> tuple[str, int, str] | None:
        row = self._connection.execute(_ANSWER, {"actor": actor, "key": key}).first()
        return None if row is None else (row.fingerprint, row.status, row.body)

    def keep_answer(
        self, actor: str, key: str, fingerprint: str, status: int, body: str, at: datetime
    ) -> None:
        self._connection.execute(
            insert(answer),
            {
                "actor": actor,
                "key": key,
                "fingerprint": fingerprint,
                "status": status,
                "body": body,
                "at": at,
            },
        )

    def forget_answers(self, before: datetime) -> None:
        self._connection.execute(delete(answer).where(answer.c.at < before))

    def refuse_once(self, row: Mapping[str, Any]) -> bool:
        """Keep a refusal; False when this actor's key was refused before."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(refusal), {"site": self.site, **row})
        except IntegrityError:
            return False
        return True
