"""Every way a rule can say no, each with a stable code."""

from __future__ import annotations

from typing import Any

#: code -> what it means. The HTTP status and the Indonesian sentence live elsewhere
#: (`server/web/errors.py`, `config/texts`); a test holds the three lists together.
CODES: dict[str, str] = {
    "unknown_service": "no such service on this floor",
    "unknown_ticket": "no such ticket",
    "unknown_leg": "no such leg",
    "unknown_counter": "no such counter",
    "unknown_gerai": "no such gerai",
    "unknown_display": "no such display",
    "unknown_device": "no such device",
    "unknown_printer": "no such printer",
    "unknown_job": "no such print job",
    "unknown_user": "no such person",
    "unknown_override": "no such calendar override",
    "unknown_enrolment": "no such enrolment code, or it has lapsed",
    "unknown_room": "no such room",
    "closed": "the service gives no numbers now",
    "after_cutoff": "the cut-off before closing has passed",
    "quota_reached": "the service's numbers for the day are used up",
    "range_exhausted": "the series has no number left today",
    "clock_suspect": "the clock is doubted too much to issue",
    "counter_taken": "another officer has this counter open",
    "officer_busy": "this officer has another counter open",
    "counter_busy": "a visitor is active at this counter",
    "counter_closed": "the counter is not open",
    "counter_paused": "the counter is paused",
    "counter_open": "the counter is open already",
    "not_your_counter": "the counter belongs to another gerai or officer",
    "wrong_state": "the leg's state does not allow this",
    "too_early": "the rule asks to wait or call again before a no-show",
    "too_many_calls": "the rule's highest number of calls is reached",
    "ticket_active": "the ticket is active at another counter",
    "day_closed": "the ticket's day is closed",
    "not_held": "the host does not hold this print job",
    "unknown_alert": "no such alert, or its cause is gone",
    "unknown_notice": "no such notice",
    "unknown_report": "no such issued report",
    "letter_missing": "the letter around the report lacks what a signature needs; see `missing`",
    "report_under_way": "another report is being made; see `form` and `period`",
    "period_ahead": "the period has not begun",
    "already_ended": "somebody else has ended it",
    "too_many_notices": "the displays have as many notices as anyone would read",
    "bad_layout": "the layout has mistakes; see errors[] with line and remedy",
    "unknown_medium": "no such picture or video in the playlist",
    "too_many_media": "the playlist is full",
    "media_full": "all media together would be larger than the room set for them",
    "low_contrast": "text in that colour would be hard to read",
    "still_used": "somebody waits or is served there",
    "last_service": "a gerai in the plan has at least one service",
    "changed_meanwhile": "somebody else changed this row since it was read",
    "last_admin": "nobody else could administer any more",
    "already_exists": "that code or name is taken",
    "site_mismatch": "the floor plan is for another site",
    "expired_link": "the ticket's page has ended",
    "bad_login": "name and password do not match",
    "locked": "too many failed log-ins",
    "weak_password": "the password is too short or too common",
    "forbidden": "the role does not allow this",
    "other_epoch": "the report is about another history than the database's",
    "range_backwards": "the stretch of dates ends before it begins",
    "range_too_long": "the stretch of dates is longer than figures are made of",
    "range_in_future": "the stretch of dates has not begun yet",
    "too_many_rows": "told by these, the figures would have more rows than anyone would read",
    "invalid": "a field's value cannot be used",
}


class RuleBroken(Exception):
    """An expected refusal. `facts` are plain values shown to whoever asked."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        if code not in CODES:
            raise ValueError(f"unlisted rule code {code!r}")
        super().__init__(code)
        self.code = code
        self.facts = facts
