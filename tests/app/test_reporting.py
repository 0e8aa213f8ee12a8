"""The monthly report against a second, naive computation over the same month.

Planted: waits left out of the days -> red; UTC hours instead of local -> red; legs
counted for issued -> red; unreliable waits counted -> red; a cancelled leg always late -> red;
pauses left in the open time -> red; the last date of the month left out -> red (all in
test_agrees_with_a_naive_count); sessions of other gerai kept, or a transferred ticket counted
as issued there -> test_an_agencys_own_report red.
"""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.app.definitions import NOT_RECORDED
from server.app.reporting import dates_of, monthly
from server.domain import tickets
from server.domain.tickets import State
from tests.domain.builders import at, make_floor, make_leg, make_ticket

FLOOR = make_floor()
WITA = timezone(timedelta(hours=8))
GERAI = {"KTP": "DKC", "KK": "DKC", "NPWP": "PJK", "LAMA": "TUA"}
LIVES = "finish forgot no_show left dropped expire transfer put_back held returned open".split()


def lived(leg, life, random):
    """A leg after one of the lives visitors lead; seconds from `random`."""
    now = leg.queued_at + timedelta(seconds=random.choice([0, 30, 599, 600, 601, 4000]))

    def later():
        nonlocal now
        now += timedelta(seconds=random.randint(0, 1500), milliseconds=random.randint(0, 999))
        return now

    if life in {"left", "dropped"}:
        return tickets.cancel(leg, "visitor" if life == "left" else "staff", now)
    if life == "open":
        return leg
    if life == "expire":
        return tickets.close_day(leg, now)
    leg = tickets.call(leg, "L1", "siti", now)
    if life == "forgot":
        return tickets.finish(leg, later())
    if life in {"no_show", "returned"}:
        leg = tickets.no_show(leg, later())
        if life == "no_show":
            return leg
        leg = tickets.call(tickets.give_back(leg, later(), 9), "L1", "siti", later())
    if life == "put_back":
        leg = tickets.call(tickets.put_back(leg, now, 5), "L1", "siti", later())
    leg = tickets.start(tickets.recall(leg, later()), later())
    if life == "held":
        leg = tickets.resume(tickets.hold(leg, later()), "L2", "budi", later())
    return tickets.transfer(leg, later()) if life == "transfer" else tickets.finish(leg, later())


def visit(number, random):
    issued = datetime(2026, 10, 1, 7, tzinfo=WITA) + timedelta(
        days=random.randint(-1, 31), seconds=random.randint(0, 32_400)
    )
    service = random.choice(list(GERAI))
    priority = random.choice([None, None, "lansia"])
    ticket = make_ticket(
        number,
        issued_at=issued.astimezone(UTC),
        business_date=issued.date(),
        service=service,
        priority=priority,
        priority_state=priority and random.choice(["asked", "removed"]),
        channel=random.choice(["kiosk", "petugas"]),
    )
    legs, life, queued = [], random.choice(LIVES), issued.astimezone(UTC)
    while True:
        leg = make_leg(
            len(legs) + 1, ticket=number, position=len(legs) + 1, queued_at=queued,
            business_date=issued.date(), service=service, gerai=GERAI[service],
            origin="transferred" if legs else "issued",
            wait_reliable=random.random() > 0.1,
        )
        legs.append(lived(leg, life, random))
        if life != "transfer":
            return ticket, legs
        queued, service, life = legs[-1].ended_at, random.choice(list(GERAI)), random.choice(LIVES)


def session(random):
    opened = datetime(2026, 9, 30, tzinfo=UTC) + timedelta(seconds=random.randint(0, 33 * 86_400))
    closed = opened + timedelta(seconds=random.randint(600, 20_000))
    return {
        "opened_at": opened, "closed_at": random.choice([closed, closed, None]), "counter": "L1",
        "gerai": random.choice(["DKC", "TUA"]), "paused_s": random.randint(0, 500),
        "flagged": random.random() < 0.3,
    }


def refusal(random):
    reasons = ["closed", "break", "after_cutoff", "quota_reached", "range_exhausted", "holiday"]
    return {
        "at": datetime(2026, 9, 30, tzinfo=UTC) + timedelta(hours=random.randint(0, 33 * 24)),
        "service": random.choice(list(GERAI)), "reason": random.choice(reasons),
    }


def within(moment):
    return moment.astimezone(WITA).strftime("%Y-%m") == "2026-10"


def figures(values):
    """Mean, median, P90 and maximum, counted out the long way."""
    values = sorted(values)
    n = len(values)
    if not n:
        return {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    median = values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2
    p90 = next(v for v in values if 10 * sum(w <= v for w in values) >= 9 * n)
    mean = round(sum(values) / n, 1)
    return {"n": n, "mean": mean, "median": median, "p90": p90, "max": values[-1]}


def gone(since, until):
    return int((until - since).total_seconds())


def naive_row(rows):
    """The counts and times of legs by reading the definitions off DESIGN section 7."""
    waits, services, within_n, within_of = [], [], 0, 0
    for leg in rows:
        if leg.first_called_at and leg.wait_reliable:
            waits.append(gone(leg.queued_at, leg.first_called_at))
            within_of += 1
            within_n += waits[-1] <= leg.promised_wait_s
        elif leg.wait_reliable and not leg.first_called_at:
            if leg.outcome == "expired":
                within_of += 1
            if str(leg.outcome).startswith("cancelled"):
                within_of += gone(leg.queued_at, leg.ended_at) > leg.promised_wait_s
        if leg.started_at and leg.ended_at and leg.service_reliable:
            services.append(leg.served_s)
    outcome = [leg.outcome for leg in rows]
    return {
        "called": len([leg for leg in rows if leg.call_count]),
        "served": outcome.count("finished"),
        "no_show": outcome.count("no_show"),
        "cancelled": outcome.count("cancelled_by_visitor") + outcome.count("cancelled_by_staff"),
        "expired": outcome.count("expired"),
        "transferred_in": len([leg for leg in rows if leg.position > 1]),
        "transferred_out": outcome.count("transferred"),
        "wait": figures(waits),
        "service_time": figures(services),
        "within_standard": {"n": within_n, "of": within_of},
    }


def part(found, wanted):
    return {key: found[key] for key in wanted}


def report_of(visits, refusals=(), sessions=(), exceptions=(), closed=()):
    return monthly("2026-10", FLOOR, visits, refusals, sessions, exceptions, closed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 60))
def test_agrees_with_a_naive_count(seed, size):
    random = Random(seed)
    visits = [visit(n + 1, random) for n in range(size)]
    refusals = [refusal(random) for _ in range(size)]
    sessions = [session(random) for _ in range(size // 4)]
    found = report_of(visits, refusals, sessions)
    json.dumps(found, allow_nan=False)

    own = [(t, legs) for t, legs in visits if t.business_date.strftime("%Y-%m") == "2026-10"]
    legs = [leg for _, stops in own for leg in stops]
    wanted = {**naive_row(legs), "issued": len(own), "visits": len(own)}
    assert part(found["totals"], wanted) == wanted
    lost = [s for _, s in own if not any(leg.outcome == "finished" for leg in s)]
    lost = [s for s in lost if s[-1].outcome in {"expired", "cancelled_by_visitor"}]
    assert found["totals"]["abandoned"] == {"n": len(lost), "of": len(own)}

    for row in found["services"]:
        mine = [leg for leg in legs if leg.service == row["service"]]
        wanted = {**naive_row(mine), "issued": sum(t.service == row["service"] for t, _ in own)}
        assert part(row, wanted) == wanted
    assert sum(row["issued"] for row in found["services"]) == len(own)

    assert [row["date"] for row in found["days"]] == [f"2026-10-{n:02d}" for n in range(1, 32)]
    for row in found["days"]:
        today = [(t, s) for t, s in own if t.business_date.isoformat() == row["date"]]
        wanted = naive_row([leg for _, s in today for leg in s])
        wanted = {"issued": len(today), **part(wanted, ["called", "served", "no_show", "wait"])}
        assert part(row, wanted) == wanted

    assert [len(day) for day in found["hours"]] == [24] * 7
    for day in range(7):
        for hour in range(24):
            local = [t.issued_at + timedelta(hours=8) for t, _ in own]
            here = [x for x in local if (x.weekday(), x.hour) == (day, hour)]
            assert found["hours"][day][hour] == len(here)

    asked = [r["reason"] for r in refusals if within(r["at"])]
    closed = asked.count("closed") + asked.count("break") + asked.count("holiday")
    assert found["unmet"] == {
        "closed": closed,
        "after_cutoff": asked.count("after_cutoff"),
        "quota": asked.count("quota_reached"),
        "other": asked.count("range_exhausted"),
    }
    check_pace(found, [s for s in sessions if within(s["opened_at"])], legs)


def check_pace(found, sessions, legs):
    ended = [s for s in sessions if s["closed_at"]]
    open_s = sum(gone(s["opened_at"], s["closed_at"]) - s["paused_s"] for s in ended)
    served = len([leg for leg in legs if leg.outcome == "finished"])
    pace = found["totals"]["throughput"]
    assert (pace["served"], pace["open_s"]) == (served, open_s)
    rate = round(served / (open_s / 3600), 2) if open_s else NOT_RECORDED
    assert pace["per_hour"] == (pytest.approx(rate, abs=0.011) if open_s else rate)
    assert sum(row["throughput"]["served"] for row in found["gerai"]) == served
    counted = {row["code"]: row["n"] for row in found["quality"]}
    assert counted["sessions_flagged"] == sum(s["flagged"] for s in sessions)
    assert counted["sessions_open"] == len(sessions) - len(ended)
    assert counted["wait_unreliable"] == len([leg for leg in legs if not leg.wait_reliable])
    assert counted["service_unreliable"] == len([leg for leg in legs if not leg.service_reliable])
    assert counted["legs_open"] == len([leg for leg in legs if not leg.outcome])


def test_an_empty_month_shows_no_invented_figures():
    found = report_of([])
    assert found["totals"]["issued"] == 0
    assert found["totals"]["wait"]["mean"] is None
    assert found["totals"]["throughput"]["per_hour"] == NOT_RECORDED
    assert found["totals"]["occupancy"]["share"] == NOT_RECORDED
    assert {row["service"] for row in found["services"]} == set(FLOOR.services)
    unknown = [row for row in found["quality"] if row["code"] == "not_recorded"]
    assert unknown and all(NOT_RECORDED in row["text"] and row["n"] is None for row in unknown)


def test_the_shape_of_the_contract():
    """DESIGN section 7; additions are free."""
    found = report_of([visit(1, Random(1))])
    for key in "month site timezone definitions_version totals services days hours unmet".split():
        assert key in found
    assert {"exceptions", "quality", "closed_days", "definitions"} <= set(found)
    row = set(found["services"][0])
    assert row >= set(
        "gerai service issued called served no_show cancelled expired transferred_in "
        "transferred_out wait service_time within_standard".split()
    )
    assert all(text.endswith(".") for text in found["definitions"].values())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_an_agencys_own_report(seed):
    """The same rows as in the whole report, and nothing of anybody else."""
    random = Random(seed)
    visits = [visit(n + 1, random) for n in range(30)]
    refusals, sessions = [refusal(random) for _ in range(9)], [session(random) for _ in range(9)]
    whole = report_of(visits, refusals, sessions)
    own = monthly("2026-10", FLOOR, visits, refusals, sessions, [], [], frozenset({"DKC"}))
    for name in ("services", "gerai"):
        assert own[name] == [row for row in whole[name] if row["gerai"] == "DKC"]
    for name in ("issued", "called", "served", "expired", "transferred_in"):
        assert own["totals"][name] == sum(row[name] for row in own["services"])
        assert own["totals"][name] == sum(row.get(name, 0) for row in own["days"])
    assert sum(map(sum, own["hours"])) == own["totals"]["issued"]
    assert own["unmet"]["quota"] == sum(row["unmet"]["quota"] for row in own["services"])
    assert own["totals"]["stay"]["n"] <= whole["totals"]["stay"]["n"]


def test_exceptions_and_heads():
    """P4 and P15: who and why, and the head of each closed day."""
    day = date(2026, 10, 31)
    rows = [
        {"seq": 9, "at": at("09:00", day), "type": "TicketPicked", "actor": "user:siti",
         "label": "A-002", "reason": "terburu-buru"},
        {"seq": 3, "at": at("08:00", day), "type": "TicketReturned", "actor": "user:siti",
         "label": "A-001", "reason": None},
        {"seq": 1, "at": at("23:59", date(2026, 9, 30)), "type": "TicketPicked",
         "actor": "user:siti", "label": "A-009", "reason": "x"},
    ]
    closed = [{"date": day, "head": "ab" * 32}, {"date": date(2026, 11, 1), "head": "cd" * 32}]
    found = report_of([], exceptions=rows, closed=closed)
    assert [row["seq"] for row in found["exceptions"]] == [3, 9]
    assert found["exceptions"][1]["at"] == "2026-10-31T01:00:00.000Z"
    assert found["closed_days"] == [{"date": "2026-10-31", "head": "ab" * 32}]
    assert found["days"][30]["head"] == "ab" * 32
    assert found["days"][29]["head"] is None


def test_a_removed_priority_counts_with_everybody():
    ticket = make_ticket(
        business_date=date(2026, 10, 5), priority="lansia", priority_state="removed"
    )
    asked = ticket._replace(id=2, priority_state="asked")
    leg = make_leg(business_date=ticket.business_date, state=State.WAITING)
    found = report_of([(ticket, [leg]), (asked, [leg])])
    assert found["totals"]["priorities"] == {"lansia": 1, "umum": 1}


def test_months():
    assert len(dates_of("2028-02")) == 29
    for wrong in ("2026-13", "2026", "kemarin", "2026-1"):
        with pytest.raises(ValueError):
            dates_of(wrong)
