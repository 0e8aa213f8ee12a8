"""P1 to P5 held against a database: its tables, its log, and what its callers were told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.ops.doctor.invariants import INVARIANTS
from server.ops.prove.ledger import ACTIVE, Ledger
from server.ops.prove.records import Records

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def catch_up(ledger: Ledger, records: Records) -> None:
    """Hand the ledger what the log has got since."""
    for event, digest in records.events(ledger.seq):
        ledger.take(event, digest)


def wrongs(ledger: Ledger, records: Records) -> list[str]:
    """What breaks a promise, in words; the ledger must have caught up."""
    found = list(ledger.wrong)
    for what, (_, sql) in INVARIANTS.items():
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
