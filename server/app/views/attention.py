"""The alerts as a supervisor reads them: sentences, since when, and who has taken them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.app import backups
from server.app.present import acked, instant
from server.app.raised import Alert
from server.app.views.alerts import alerts
from server.app.views.floor_words import sentence
from server.app.views.hall import Hall
from server.app.views.rules import CODES
from server.app.views.screens import screen_alerts


def standing(hall: Hall) -> list[Alert]:
    """What needs a supervisor now. What time brings is taken from the log, where a look has put it."""
    timed = [row.alert for row in hall.snap.raised if row.alert.code in CODES]
    told = backups.alerts(hall.snap.backups, hall.site.texts)
    return [*alerts(hall.snap), *timed, *screen_alerts(hall), *told]


def attention(hall: Hall, gerai: frozenset[str] | None = None) -> list[dict[str, Any]]:
    """`key` is None while nobody can take it on; with `gerai` only what concerns these."""
    raised = {row.alert.key: row for row in hall.snap.raised}
    return [
        {
            "key": alert.key if alert.key in raised else None,
            "code": alert.code,
            "gerai": alert.gerai,
            "text": _words(hall.site.texts, alert),
            "since": instant(alert.since),
            "acked": acked(raised.get(alert.key)),
        }
        for alert in standing(hall)
        if gerai is None or alert.gerai in gerai
    ]


def _words(texts: Mapping[str, str], alert: Alert) -> str:
    return sentence(texts, f"alert.{alert.code}", alert.facts)
