"""The statements that read what the screens need (see server/storage/snapshot.py)."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, func, select

from server.app.snapshot import CALLS_MAX, EXCEPTION_TYPES, EXCEPTIONS_MAX, PRINTS_MAX
from server.domain.tickets import OPEN
from server.storage.prepared import Prepared, one_of
from server.storage.schema.displays import call_spoken
from server.storage.schema.hall import call, counter_session, leg, pause, ticket
from server.storage.schema.log import event
from server.storage.schema.paper import print_job
from server.storage.schema.people import person
from server.storage.types import Instant
from server.storage.types import as_number as _us
from server.storage.work.hall_sql import LEG_COLUMNS, TICKET_COLUMNS

#: legs read to find the newest service times of all services
_RECENT_READ = 400

_SITE_DAY = (leg.c.site == bindparam("site"), leg.c.business_date == bindparam("day"))
_STOPS = select(*TICKET_COLUMNS, *LEG_COLUMNS).join(ticket, ticket.c.id == leg.c.ticket)
OPEN_LEGS = Prepared(
    _STOPS.where(
        *_SITE_DAY, one_of(leg.c.state, OPEN)
    ).order_by(leg.c.rank_at, leg.c.rank_seq)
)
_later = leg.alias("later")
MISSED = Prepared(
    _STOPS.where(
        *_SITE_DAY,
        one_of(leg.c.state, ["no_show"]),
        ~exists().where(and_(_later.c.ticket == leg.c.ticket, _later.c.position > leg.c.position)),
    ).order_by(leg.c.ended_at)
)
CALLS = Prepared(
    select(
        call.c.id,
        call.c.at,
        call.c.leg,
        call.c.ticket,
        call.c.label,
        call.c.counter,
        call.c.gerai,
        call.c.count,
        call.c.language,
        call.c.kind,
        call_spoken.c.at,
    )
    .select_from(call.outerjoin(call_spoken, and_(call_spoken.c.site == call.c.site, call_spoken.c.call == call.c.id)))
    .where(call.c.site == bindparam("site"), call.c.business_date == bindparam("day"))
    .order_by(call.c.id.desc())
    .limit(CALLS_MAX)
)
SESSIONS = Prepared(
    select(
        counter_session.c.counter,
        counter_session.c.officer,
        person.c.name,
        counter_session.c.opened_at,
        counter_session.c.services,
        pause.c.from_at,
        pause.c.reason,
        counter_session.c.lost_since,
    )
    .select_from(
        counter_session.outerjoin(person, person.c.username == counter_session.c.officer).outerjoin(
            pause, and_(pause.c.session == counter_session.c.id, pause.c.to_at.is_(None))
        )
    )
    .where(counter_session.c.site == bindparam("site"), counter_session.c.closed_at.is_(None))
    .order_by(counter_session.c.counter)
)
ISSUED = Prepared(
    select(ticket.c.service, func.count())
    .where(ticket.c.site == bindparam("site"), ticket.c.business_date == bindparam("day"))
    .group_by(ticket.c.service)
)
ENDED = Prepared(
    select(leg.c.service, leg.c.state, func.count())
    .where(*_SITE_DAY, one_of(leg.c.state, ["finished", "no_show", "cancelled"]))
    .group_by(leg.c.state, leg.c.service)
)
PRINTS = Prepared(
    select(
        print_job.c.id,
        print_job.c.ticket,
        ticket.c.label,
        ticket.c.service,
        print_job.c.device,
        print_job.c.printer,
        print_job.c.copy,
        print_job.c.state,
        print_job.c.cause,
        func.coalesce(print_job.c.ended_at, print_job.c.claimed_at, print_job.c.created_at, type_=Instant),
    )
    .join(ticket, ticket.c.id == print_job.c.ticket)
    .where(
        print_job.c.site == bindparam("site"),
        # not needed for the answer, but ends the walk through the index at midnight
        print_job.c.created_at >= bindparam("since"),
        ticket.c.business_date == bindparam("day"),
    )
    .order_by(print_job.c.created_at.desc(), print_job.c.id.desc())
    .limit(PRINTS_MAX)
)
PENDING = Prepared(
    select(print_job.c.printer, func.count())
    .where(print_job.c.site == bindparam("site"), one_of(print_job.c.state, ["queued", "sending", "sent"]))
    .group_by(print_job.c.printer)
)
RECENT = Prepared(
    # Added up here: no instant has to be made of four hundred rows in every view.
    select(leg.c.service, leg.c.served_s + (_us(leg.c.started_at) - _us(leg.c.first_called_at)) // 1_000_000)
    .where(
        *_SITE_DAY, one_of(leg.c.state, ["finished"]), leg.c.service_reliable,
        leg.c.first_called_at.is_not(None), leg.c.started_at.is_not(None),
    )
    .order_by(leg.c.ended_at.desc())
    .limit(_RECENT_READ)
)
EXCEPTIONS = Prepared(
    select(event.c.seq, event.c.at, event.c.type, event.c.actor, event.c.data, event.c.gerai, event.c.service, event.c.counter)
    .where(
        event.c.site == bindparam("site"),
        event.c.seq > bindparam("after"),
        one_of(event.c.type, EXCEPTION_TYPES),
    )
    .order_by(event.c.seq.desc())
    .limit(EXCEPTIONS_MAX)
)
CLOCK = Prepared(
    select(event.c.type, event.c.at)
    .where(
        event.c.site == bindparam("site"), one_of(event.c.type, ["ClockDoubted", "ClockConfirmed"])
    )
    .order_by(event.c.at.desc())
    .limit(1)
)
