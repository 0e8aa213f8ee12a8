"""Who gives no numbers today because somebody closed it, with that person's words."""

from __future__ import annotations

from typing import Any

from server.app.views.hall import Hall
from server.domain.calendar import plan_on
from server.domain.hours import shut_by


def closures(hall: Hall, gerai: set[str]) -> list[dict[str, Any]]:
    """[{gerai, gerai_name, service_name, reason, why}] of these gerai today, in the plan's order.

    A row names one service, a gerai (`service_name` None) or the whole site (`gerai` None, always the first). What is
    closed goes by the business date and never by the clock, so that the same events always make the same view.
    """
    rows = [row for row in hall.once("closures", lambda: _rows(hall)) if row["gerai"] is None or row["gerai"] in gerai]
    return sorted(rows, key=lambda row: row["gerai"] is not None)


def _rows(hall: Hall) -> list[dict[str, Any]]:
    laid = [rule for rule in hall.snap.overrides if rule.covers(hall.snap.business_date)]
    if all(rule.kind == "open" for rule in laid):
        return []
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for service in hall.floor.services.values():
        plan = plan_on(hall.floor, service.code, hall.snap.business_date, laid)
        if (reason := shut_by(plan)) is None:
            continue
        scope = plan.scope or "site"
        gerai = None if scope == "site" else hall.floor.gerai[service.gerai]
        found.setdefault(
            (scope, {"site": "", "gerai": service.gerai}.get(scope, service.code)),
            {
                "gerai": gerai and gerai.code,
                "gerai_name": gerai and gerai.name,
                "service_name": service.name["id"] if scope == "service" else None,
                "reason": reason,
                "why": plan.why,
            },
        )
    return list(found.values())
