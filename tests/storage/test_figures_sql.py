"""What figures ask of SQL itself: local hours of zones that change, and statements that PostgreSQL takes too.

Planted: one offset for the whole range, where the zone changes -> test_the_hour_is_the_sites red.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import BigInteger, bindparam, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite

from server.domain.measures import TIMES
from server.storage.schema.hall import leg
from server.storage.work import figures_sql as sql


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura", "America/New_York", "Australia/Lord_Howe"])
def test_the_hour_is_the_sites(zone: str) -> None:
    """Over two years, with an hour before and after each change of the zone among them."""
    first, last = date(2025, 6, 1), date(2027, 5, 31)
    hour = select(sql.local_hour(bindparam("at", type_=BigInteger), zone, first, last))
    begin = datetime(2025, 6, 1, tzinfo=UTC)
    odd = [begin + timedelta(hours=7 * n, minutes=13 * n % 60) for n in range(2400)]
    near = [datetime(2026, month, day, h, m, tzinfo=UTC) for month, day in ((3, 8), (4, 4), (10, 3), (11, 1)) for h in range(24) for m in (0, 29, 30, 59)]
    with create_engine("sqlite://").connect() as connection:
        for at in odd + near:
            found = connection.execute(hour, {"at": int(at.timestamp()) * 1_000_000}).scalar_one()
            assert found == at.astimezone(ZoneInfo(zone)).hour, at


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda dialect: dialect.name)
def test_both_databases_take_it(dialect: object) -> None:
    """Whole seconds by whole division, booleans as each database has them, everything selected grouped or summed."""
    by = ["zone", "hour", "priority", "date"]
    columns = {**sql.COLUMNS, "hour": sql.local_hour(leg.c.queued_at, "Asia/Makassar", date(2026, 1, 1), date(2026, 12, 31))}
    dims = [columns[name] for name in by]
    stops = str(sql.stops([*sql.MEASURES, *dims], by).compile(dialect=dialect))  # type: ignore[arg-type]
    visits = str(sql.visits(dims, by, whole=False).compile(dialect=dialect))  # type: ignore[arg-type]
    assert [column.name for column in sql.MEASURES] == ["facts", "running", *TIMES]
    assert "JOIN gerai" in stops and "JOIN ticket" in stops and "GROUP BY" in visits
    assert ("wait_reliable = 1" in stops) == (dialect.name == "sqlite")  # type: ignore[attr-defined]
