"""P1 to P5 held against a database: its tables, its log, and what its callers were told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.ops.prove.ledger import ACTIVE, LIVE, Ledger
from server.ops.prove.records import Records

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DOUBLES = {
    "a number twice": "SELECT label FROM ticket GROUP BY site, business_date, series, number HAVING count(*) > 1",
    "a paper twice": "SELECT label FROM ticket GROUP BY site, business_date, label HAVING count(*) > 1",
    "two visitors at a counter": f"SELECT counter FROM leg WHERE state IN {ACTIVE} GROUP BY counter HAVING count(*) > 1",
    "a ticket in two places": f"SELECT ticket FROM leg WHERE state IN {LIVE} GROUP BY ticket HAVING count(*) > 1",
    "a counter opened twice": "SELECT counter FROM counter_session WHERE closed_at IS NULL GROUP BY counter HAVING count(*) > 1",
    "an officer at two": "SELECT officer FROM counter_session WHERE closed_at IS NULL GROUP BY officer HAVING count(*) > 1",
    "two open days": "SELECT count(*) FROM business_day WHERE closed_at IS NULL HAVING count(*) > 1",
    "an open leg of a closed day": f"SELECT leg.id FROM leg JOIN business_day ON date = business_date "
    f"WHERE state IN {(*LIVE, 'planned')} AND closed_at IS NOT NULL",
    "numbers with a gap": "SELECT series FROM ticket GROUP BY business_date, series HAVING max(number) <> count(*)",
    "a series behind its papers": "SELECT d.series FROM series_day d LEFT JOIN ticket t ON t.series = d.series AND "
    "t.business_date = d.business_date GROUP BY d.business_date, d.series HAVING max(t.number) IS NOT d.last_given",
    "time that runs backwards": "SELECT id FROM leg WHERE first_called_at < queued_at OR last_called_at < first_called_at "
    "OR ended_at < queued_at",
    "a call of nobody": "SELECT id FROM call WHERE id NOT IN (SELECT seq FROM event)",
}


def catch_up(ledger: Ledger, records: Records) -> None:
    """Hand the ledger what the log has got since."""
    for event, digest in records.events(ledger.seq):
        ledger.take(event, digest)


def wrongs(ledger: Ledger, records: Records) -> list[str]:
    """What breaks a promise, in words; the ledger must have caught up."""
    found = list(ledger.wrong)
    for what, sql in _DOUBLES.items():
        found += [f"{what}: {row}" for row in records.rows(sql)]
    found += _compare(ledger, records)
    [(seq, digest)] = records.rows("SELECT seq, hash FROM event_head")
    if (seq, digest) != (ledger.seq, ledger._hash):
        found.append(f"the head stands at {seq}, the log at {ledger.seq}")
    return found


def _compare(ledger: Ledger, records: Records) -> list[str]:
    """Tables and log tell the same story."""
    told = {leg: (stop.ticket, stop.service, stop.state, stop.counter) for leg, stop in ledger.stops.items()}
    sql = f"SELECT id, ticket, service, state, iif(state IN {ACTIVE}, counter, NULL) FROM leg WHERE state <> 'planned'"
    kept = {row[0]: row[1:] for row in records.rows(sql)}
    found = [f"leg {leg}: log {told.get(leg)}, table {kept.get(leg)}"
             for leg in sorted(told.keys() | kept.keys()) if told.get(leg) != kept.get(leg)]
    places = {row[0]: row[1:] for row in records.rows("SELECT id, rank_at, rank_seq FROM leg WHERE state = 'waiting'")}
    for leg, place in places.items():
        rank_at, rank_seq = ledger.stops[leg].rank
        if place != ((rank_at - EPOCH) // timedelta(microseconds=1), rank_seq):
            found.append(f"leg {leg} stands at {place}, by the rule at {ledger.stops[leg].rank}")
    labels = {ticket: visit.label for ticket, visit in ledger.visits.items()}
    if labels != dict(records.rows("SELECT id, label FROM ticket")):
        found.append("tickets in the log and in the table differ")
    return found


def lost(acknowledged: dict[int, str], records: Records) -> list[str]:
    """P1: numbers somebody was told of that the database does not know."""
    kept = dict(records.rows("SELECT id, label FROM ticket"))
    return [f"{label} (ticket {ticket})" for ticket, label in acknowledged.items() if kept.get(ticket) != label]


def verdict(records: Records, acknowledged: dict[int, str], policy: dict[str, int]) -> tuple[Ledger, list[str]]:
    """All of it at once, as of one moment; a server may go on meanwhile. `acknowledged`: ticket id -> label."""
    ledger = Ledger(dict(policy))
    with records.one_moment():
        catch_up(ledger, records)
        found = [*wrongs(ledger, records), *(f"lost: {ticket}" for ticket in lost(acknowledged, records))]
        if not records.is_sound():
            found.append("the file or a foreign key is broken")
    return ledger, found
