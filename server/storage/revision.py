"""Which schema a database has, without the program that changes it: looked at by every start, where nothing is to be done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSIONS = Path(__file__).parent / "migrations" / "versions"


class TooNew(Exception):
    """A newer program has changed what this one needs; the text names the first such things."""


def known() -> frozenset[str]:
    """Every revision this program can bring to the newest: its files begin with them."""
    return frozenset(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def newest() -> str:
    """The revision this program needs."""
    return max(known())


def revision_of(connection: Connection) -> str | None:
    """None: an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
