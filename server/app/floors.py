"""Loading a floor plan, and the rules of calling a supervisor may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.domain.calendar import business_date
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import floor_from, policy_from


def load_floor(work: Work, ask: Ask, *, plan: Mapping[str, Any]) -> Answer:
    """Load a checked plan over the one in force.

    What is gone is archived, never deleted; people, devices, closures and holidays are not
    touched. A changed prefix takes effect on the next business date, because today's
    series are frozen before the change. Loading the same plan twice changes nothing.
    Raises site_mismatch for another site's plan.
    """
    _must_be_whole(plan)
    before = work.floors.plan()
    if before is not None:
        if before["site"]["code"] != plan["site"]["code"]:
            raise RuleBroken(
                "site_mismatch", site=before["site"]["code"], given=plan["site"]["code"]
            )
        if before == plan:
            return Answer(200, {"added": [], "changed": [], "archived": []})
        _freeze_today(work, ask, before, plan)
    # The version is the seq of this very event, so that it is known before it is written.
    version = work.log.next_seq()
    told = work.floors.save_plan(plan, version, ask.now)
    work.log.record(Event("FloorLoaded", ask.now, ask.actor, data=told))
    return Answer(200, told)


def _must_be_whole(plan: Mapping[str, Any]) -> None:
    """Raises invalid for a plan that `mpp floor check` has not seen."""
    try:
        floor_from(plan)
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise RuleBroken("invalid", field="plan") from broken


def _freeze_today(
    work: Work, ask: Ask, before: Mapping[str, Any], plan: Mapping[str, Any]
) -> None:
    """Give every series whose numbering changes its row for today, as it was."""
    now = {row["code"]: row for row in plan["series"]}
    floor = work.floors.current()
    local = business_date(ask.now, floor.site.timezone)
    today = max(filter(None, (work.days.open_day(), local)))
    for row in before["series"]:
        if now.get(row["code"]) != row:
            work.days.freeze_series(today, row["code"], floor)


def set_policy(work: Work, ask: Ask, **changes: Any) -> Answer:
    """Change rules of calling; only what is given changes. Raises unknown_service for a limit of none."""
    plan = work.floors.plan()
    if plan is None:
        raise RuleBroken("invalid", field="floor")
    changes = {name: value for name, value in changes.items() if value is not None}
    _must_be_known(work, {*changes.get("alert_queue_of", ()), *changes.get("alert_idle_s_of", ())})
    policy = {**plan["policy"], **changes}
    if policy_from(policy).no_show_min_calls > policy["max_calls"]:
        raise RuleBroken("invalid", field="no_show_min_calls")
    version = work.log.next_seq()
    work.floors.save_policy(policy, version)
    work.log.record(Event("PolicySet", ask.now, ask.actor, data={"changed": changes}))
    return Answer(200, policy)


def _must_be_known(work: Work, services: set[str]) -> None:
    unknown = sorted(services - work.floors.current().services.keys())
    if unknown:
        raise RuleBroken("unknown_service", service=unknown[0][:60])


def policy_of(work: Work) -> dict[str, Any]:
    policy = asdict(work.floors.current().policy)
    return {**policy, "priorities": list(policy["priorities"])}
