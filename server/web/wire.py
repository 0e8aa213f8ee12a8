"""JSON as it goes over the wire: compact, UTF-8, instants as RFC 3339 with Z."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

JSON = "application/json"


def instant(at: datetime) -> str:
    """An aware instant as '2026-11-03T00:30:00.000Z' (UTC, milliseconds)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain).encode


def dumps(value: Any) -> bytes:
    """Compact UTF-8 JSON; a lone surrogate (not a character) becomes '?'."""
    return _encode(value).encode("utf-8", "replace")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


def loads(raw: bytes) -> Any:
    """Strict JSON (no NaN); raises ValueError, also when nested beyond reason."""
    try:
        return _decode(raw.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def fingerprint(method: str, path: str, body: Mapping[str, Any]) -> str:
    """sha256 (hex) of a request's meaning; the order of the body's keys has none."""
    return hashlib.sha256(f"{method} {path} {_canonical(body)}".encode()).hexdigest()


def sha256(secret: str) -> str:
    """How a secret is kept and looked up: never the secret itself."""
    return hashlib.sha256(secret.encode()).hexdigest()
