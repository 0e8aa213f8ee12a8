"""People: whose password is still the one that somebody else made.

Planted: a change by another person's name taken for one's own; practice not looked at -> red.
"""

from dataclasses import replace
from datetime import timedelta

from server.app import people
from server.app.ask import Ask
from tests.app.small_hall import SmallHall


def is_asked(hall: SmallHall, username: str) -> bool:
    """Whether a log-in tells the page to ask for a password of one's own."""
    hall.later(seconds=1)
    ask = Ask("nobody", hall.now)
    session = f"session-{hall.now.timestamp()}"
    body = hall.say(ask, people.login, username=username, ok=True, session_hash=session, csrf="c",
                    expires_at=hall.now + timedelta(hours=1), browser="", lock_after=5, lock_s=60)
    return bool(body["first_password"])


def test_a_password_made_by_somebody_else_is_told_until_it_is_changed(hall: SmallHall) -> None:
    assert is_asked(hall, "ani") and is_asked(hall, "budi")
    hall.say(hall.person("ani"), people.set_password, username="ani", password_hash="own", must_change=False)
    assert not is_asked(hall, "ani")
    assert is_asked(hall, "budi")


def test_in_practice_nobody_is_asked(hall: SmallHall) -> None:
    hall.around = replace(hall.around, simulated=True)
    hall.restart()
    assert not is_asked(hall, "ani")
