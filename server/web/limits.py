"""How often one address, account, token or ticket link may ask: fixed windows in memory.

On the monotonic clock: a wall clock that is set back by a day would hold a window open for a day, and refuse whoever comes.
Only log-in, enrolment, the public ticket and numbers for tokens are limited. A mall's visitors share one address, so the
limits per address are wide.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.web.errors import WebRefusal
from server.web.pace import Pace, Rule

#: an address may do this many times what one account, browser or link may
ADDRESS_FACTOR = 20
#: windows that are over are forgotten when so many are kept
WINDOWS_MOST = 10_000


@dataclass(frozen=True)
class _Limit:
    """`most` in `window_s` seconds."""

    name: str
    most: int
    window_s: int


class Limits:
    """`login_per_minute`, `public_per_minute`, `program_per_second`, `kiosk_token_per_second`: settings [security]; `kiosk`: how fast kiosks'
    pages give numbers. `now`: seconds that only go forward."""

    def __init__(
        self, login_per_minute: int, public_per_minute: int, program_per_second: int, kiosk_token_per_second: int = 20, kiosk: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.kiosk = kiosk or Pace(lambda device: Rule(0, 0, 1))
        self._login = _Limit("login", login_per_minute, 60)
        self._login_address = _Limit("login-address", login_per_minute * ADDRESS_FACTOR, 60)
        self._public = _Limit("public", public_per_minute, 60)
        self._public_address = _Limit("public-address", public_per_minute * ADDRESS_FACTOR, 60)
        self._program = _Limit("program", program_per_second, 1)
        self._kiosk_token = _Limit("kiosk-token", kiosk_token_per_second, 1)
        self._now = now
        self._lock = threading.Lock()
        #: (limit, who) -> when the window ends, and how often it was asked
        self._windows: dict[tuple[str, ...], tuple[float, int]] = {}

    def login(self, username: str, browser: str, address: str) -> None:
        """Count one log-in; raises WebRefusal('too_many') with `retry_after_s`."""
        self._count(self._login, username.lower(), browser)
        self._count(self._login_address, address)

    def public(self, token: str, address: str) -> None:
        """Count one look at a ticket's page; raises WebRefusal('too_many')."""
        self._count(self._public, token)
        self._count(self._public_address, address)

    def program(self, actor: str) -> None:
        """Count one wish of a program for a number; raises WebRefusal('too_many')."""
        self._count(self._program, actor)

    def kiosk_token(self, actor: str) -> None:
        """Count one wish under a kiosk's token, which no page paces; raises WebRefusal('too_many')."""
        self._count(self._kiosk_token, actor)

    def enrolment(self, address: str) -> None:
        """Count one question for an enrolment code; raises WebRefusal('too_many')."""
        self._count(self._login, "enrolment", address)

    def _count(self, limit: _Limit, *who: str) -> None:
        with self._lock:
            now = self._now()
            if len(self._windows) >= WINDOWS_MOST:
                self._windows = {key: one for key, one in self._windows.items() if one[0] > now}
            ends, asked = self._windows.get((limit.name, *who), (0.0, 0))
            if ends <= now:
                ends, asked = now + limit.window_s, 0
            self._windows[limit.name, *who] = (ends, asked + 1)
        if asked >= limit.most:
            raise WebRefusal("too_many", retry_after_s=limit.window_s)
