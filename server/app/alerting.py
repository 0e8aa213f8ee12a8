"""Alerts in the log: raised and ended once each, and taken on by name while they last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.app.ask import Answer, Ask
from server.app.house import House
from server.app.ports import Work
from server.app.present import acked, instant
from server.app.raised import Alert, Raised
from server.app.snapshot import SiteFacts
from server.app.views.hall import Hall
from server.app.views.rules import due
from server.domain.errors import RuleBroken
from server.domain.events import Event


def flip(work: Work, ask: Ask, *, raised: Sequence[Alert], ended: Sequence[str]) -> Answer:
    """Write down what has come and what is gone; what the log says already is passed over."""
    standing = {row.alert.key: row.alert for row in work.alerts.raised()}
    gone = [standing[key] for key in ended if key in standing]
    work.alerts.remove([one.key for one in gone])
    for one in gone:
        _record(work, ask, "AlertEnded", one)
    for one in raised:
        if one.key not in standing:
            work.alerts.add(one, ask.now)
            _record(work, ask, "AlertRaised", one, since=instant(one.since), facts=dict(one.facts))
    return Answer(204)


def acknowledge(work: Work, ask: Ask, *, alert: str) -> Answer:
    """Take an alert on; who was first stays. Raises unknown_alert when its cause is gone."""
    row = next((row for row in work.alerts.raised() if row.alert.key == alert), None)
    if row is None:
        raise RuleBroken("unknown_alert", alert=alert)
    if row.acked_by is None:
        row = Raised(row.alert, row.at, ask.actor, ask.now)
        work.alerts.acknowledge(alert, ask.actor, ask.now)
        _record(work, ask, "AlertAcknowledged", row.alert)
    return Answer(200, {"key": alert, **(acked(row) or {})})


def _record(work: Work, ask: Ask, name: str, alert: Alert, **more: object) -> None:
    data = {"key": alert.key, "code": alert.code, **more}
    work.log.record(Event(name, ask.now, ask.actor, gerai=alert.gerai, data=data))


def changes(reads: Work, now: datetime) -> tuple[list[Alert], list[str]]:
    """What the rules find that the log does not say yet, and the keys of what they find no more."""
    snap = reads.snapshot(now)
    free = reads.alerts.free_since(snap.business_date)
    wanted = {one.key: one for one in due(Hall(snap, now, SiteFacts()), free)}
    standing = {row.alert.key for row in snap.raised}
    return [one for key, one in wanted.items() if key not in standing], sorted(standing - set(wanted))


class AlertLook:
    """One look at the rules, run again and again; safe to skip and safe to repeat."""

    def __init__(self, house: House) -> None:
        self._house = house

    def look(self) -> None:
        now = self._house.now()
        raised, ended = self._house.read(changes, now=now)
        if raised or ended:
            self._house.act(flip, Ask("system", now), raised=raised, ended=ended)
