"""How often one address, account or ticket link may ask: fixed windows in memory.

Uses `limits`, the engine below Flask-Limiter, directly: the extension's hooks would run on
every request, and only log-in, enrolment, the public ticket and numbers for tokens are limited. A mall's
visitors share one address, so the limits per address are wide.
"""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from server.web.errors import WebRefusal
from server.web.pace import Pace, Rule

#: an address may do this many times what one account, browser or link may
ADDRESS_FACTOR = 20


class Limits:
    """`login_per_minute`, `public_per_minute`, `program_per_second`, `kiosk_token_per_second`: settings [security]; `kiosk`: how fast kiosks'
    pages give numbers."""

    def __init__(self, login_per_minute: int, public_per_minute: int, program_per_second: int, kiosk_token_per_second: int = 20, kiosk: Pace | None = None) -> None:
        self.kiosk = kiosk or Pace(lambda device: Rule(0, 0, 1))
        self._strategy = FixedWindowRateLimiter(MemoryStorage())
        self._login = RateLimitItemPerMinute(login_per_minute, namespace="login")
        self._login_address = RateLimitItemPerMinute(login_per_minute * ADDRESS_FACTOR, namespace="login-address")
        self._public = RateLimitItemPerMinute(public_per_minute, namespace="public")
        self._public_address = RateLimitItemPerMinute(public_per_minute * ADDRESS_FACTOR, namespace="public-address")
        self._program = RateLimitItemPerSecond(program_per_second, namespace="program")
        self._kiosk_token = RateLimitItemPerSecond(kiosk_token_per_second, namespace="kiosk-token")

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

    def _count(self, item: RateLimitItem, *who: str) -> None:
        if self._strategy.hit(item, *who):
            return
        raise WebRefusal("too_many", retry_after_s=item.get_expiry())
