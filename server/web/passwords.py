"""Password hashes (argon2id) and what a password must be. Slow: call through house.slow.

Cost after OWASP's password storage sheet (19 MiB, 2 passes, 1 lane): about 30 ms on the
small PC this runs on, and no more memory than it can spare.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.domain.errors import RuleBroken

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

#: a hash of nothing anyone can type: an unknown name costs as much time as a known one
NOBODY = _hasher.hash("\0nobody")

LONGEST = 200

_COMMON = ("password", "qwerty", "123456", "rahasia", "indonesia", "antrian", "antrean", "admin", "petugas")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is that hash's; a hash we cannot read matches nothing."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def check_strength(password: str, username: str, shortest: int) -> None:
    """Raise RuleBroken('weak_password') with `min_length`, and `reason` short|common.

    Common means: one well-known word, or the user's own name, and hardly anything else
    (NIST SP 800-63B 5.1.1.2 asks for such a list and for no rules about character classes).
    """
    if len(password) < shortest:
        raise RuleBroken("weak_password", min_length=shortest, reason="short")
    rest = password.lower()
    for word in (username.lower(), *_COMMON):
        rest = rest.replace(word, "") if word else rest
    if len(rest) < 4 or len(set(password)) < 4:
        raise RuleBroken("weak_password", min_length=shortest, reason="common")


def wrong() -> RuleBroken:
    """The one answer to a password that does not fit, whatever the reason."""
    return RuleBroken("bad_login")
