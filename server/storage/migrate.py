"""Bringing a database to the newest schema, or back to an older one.

A program that was put back after an upgrade serves the newer schema as it is (P14), as long as all that it knows is still
there. So a migration only adds; what older programs would get wrong is renamed, and what is not used any more
goes a release later.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from server.storage.revision import TooNew, known, revision_of
from server.storage.schema import metadata

log = logging.getLogger("mpp.migrate")
_HERE = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the revisions up to `to` in one transaction: all of them or none.

    A newer program's schema is left as it is. Raises TooNew when this program cannot serve on it.
    """
    config = _config()
    with engine.begin() as connection:
        if is_newer(connection):
            return _must_fit(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Run the revisions down to `to` in one transaction."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def is_newer(connection: Connection) -> bool:
    """Whether the schema is one that this program has never heard of."""
    revision = revision_of(connection)
    return revision is not None and revision not in known()


def _must_fit(connection: Connection) -> None:
    wrong = misfits(connection)
    if wrong:
        raise TooNew(", ".join(wrong[:3]))
    log.warning("the data are of a newer program's schema; this one serves on it")


def misfits(connection: Connection) -> list[str]:
    """What stands between this program and the schema: its tables and columns that are gone, and new ones it must fill."""
    here = inspect(connection)
    tables = set(here.get_table_names())
    found = [f"{name} is gone" for name in sorted(set(metadata.tables) - tables)]
    for name in sorted(tables & set(metadata.tables)):
        own, columns = metadata.tables[name].columns, {row["name"]: row for row in here.get_columns(name)}
        found += [f"{name}.{column.name} is gone" for column in own if column.name not in columns]
        found += [f"{name}.{code} is needed" for code, row in columns.items() if code not in own and not (row["nullable"] or row["default"])]
    return found
