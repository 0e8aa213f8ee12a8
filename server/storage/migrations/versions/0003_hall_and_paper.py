"""Tickets, legs, calls, sessions, printers and slips."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def _make_printer() -> None:
    op.create_table('printer',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('host', sa.String(), nullable=False),
        sa.Column('transport', sa.JSON(), nullable=False),
        sa.Column('profile', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('cause', sa.String(), nullable=True),
        sa.Column('since', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_printer_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_printer'))
    )


def _make_series_day() -> None:
    op.create_table('series_day',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('series', sa.String(), nullable=False),
        sa.Column('prefix', sa.String(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('last_given', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_series_day_site_site')),
        sa.PrimaryKeyConstraint('site', 'business_date', 'series', name=op.f('pk_series_day')),
        sa.UniqueConstraint('site', 'business_date', 'prefix', name=op.f('uq_series_day_site_business_date_prefix'))
    )


def _make_counter_session() -> None:
    op.create_table('counter_session',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('counter', sa.String(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.Column('officer', sa.String(), nullable=False),
        sa.Column('services', sa.JSON(), nullable=False),
        sa.Column('opened_at', Instant(), nullable=False),
        sa.Column('last_act_at', Instant(), nullable=False),
        sa.Column('closed_at', Instant(), nullable=True),
        sa.Column('flagged', sa.Boolean(), nullable=False),
        sa.Column('lost_since', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site', 'counter'], ['counter.site', 'counter.code'], name=op.f('fk_counter_session_site_counter_counter')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_counter_session_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_counter_session'))
    )
    op.create_index('ix_counter_session_date', 'counter_session', ['site', 'business_date'], unique=False)
    op.create_index('one_session_per_counter', 'counter_session', ['site', 'counter'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('one_session_per_officer', 'counter_session', ['site', 'officer'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))


def _make_ticket() -> None:
    op.create_table('ticket',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('series', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('label', sa.String(), nullable=False),
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('service', sa.String(), nullable=False),
        sa.Column('issued_at', Instant(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('mode', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('priority', sa.String(), nullable=True),
        sa.Column('priority_state', sa.String(), nullable=True),
        sa.CheckConstraint('number >= 0', name=op.f('ck_ticket_number')),
        sa.ForeignKeyConstraint(['site', 'service'], ['service.site', 'service.code'], name=op.f('fk_ticket_site_service_service')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_ticket_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
        sa.UniqueConstraint('site', 'business_date', 'label', name=op.f('uq_ticket_site_business_date_label')),
        sa.UniqueConstraint('site', 'business_date', 'series', 'number', name=op.f('uq_ticket_site_business_date_series_number')),
        sa.UniqueConstraint('token', name=op.f('uq_ticket_token'))
    )
    op.create_index('ix_ticket_service', 'ticket', ['site', 'business_date', 'service'], unique=False)


def _make_leg() -> None:
    op.create_table('leg',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('ticket', Key, nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('service', sa.String(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('is_priority', sa.Boolean(), nullable=False),
        sa.Column('queued_at', Instant(), nullable=False),
        sa.Column('rank_at', Instant(), nullable=False),
        sa.Column('rank_seq', Key, nullable=False),
        sa.Column('origin', sa.String(), nullable=False),
        sa.Column('promised_wait_s', sa.Integer(), nullable=False),
        sa.Column('promised_service_s', sa.Integer(), nullable=False),
        sa.Column('standard_version', sa.String(), nullable=False),
        sa.Column('ahead', sa.Integer(), nullable=False),
        sa.Column('open_counters', sa.Integer(), nullable=False),
        sa.Column('estimate_from_s', sa.Integer(), nullable=True),
        sa.Column('estimate_to_s', sa.Integer(), nullable=True),
        sa.Column('first_called_at', Instant(), nullable=True),
        sa.Column('last_called_at', Instant(), nullable=True),
        sa.Column('call_count', sa.Integer(), nullable=False),
        sa.Column('round_calls', sa.Integer(), nullable=False),
        sa.Column('started_at', Instant(), nullable=True),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('held_at', Instant(), nullable=True),
        sa.Column('counter', sa.String(), nullable=True),
        sa.Column('officer', sa.String(), nullable=True),
        sa.Column('outcome', sa.String(), nullable=True),
        sa.Column('wait_reliable', sa.Boolean(), nullable=False),
        sa.Column('service_reliable', sa.Boolean(), nullable=False),
        sa.Column('served_s', sa.Integer(), nullable=False),
        sa.Column('serving_since', Instant(), nullable=True),
        sa.Column('held_s', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('called', 'cancelled', 'expired', 'finished', 'no_show', 'on_hold', 'planned', 'serving', 'transferred', 'waiting')", name=op.f('ck_leg_state')),
        sa.CheckConstraint('served_s >= 0 AND held_s >= 0', name=op.f('ck_leg_durations')),
        sa.ForeignKeyConstraint(['site', 'service'], ['service.site', 'service.code'], name=op.f('fk_leg_site_service_service')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_leg_site_site')),
        sa.ForeignKeyConstraint(['ticket'], ['ticket.id'], name=op.f('fk_leg_ticket_ticket')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_leg')),
        sa.UniqueConstraint('ticket', 'position', name=op.f('uq_leg_ticket_position'))
    )
    _index_leg()


def _index_leg() -> None:
    op.create_index('ix_leg_day', 'leg', ['site', 'business_date', 'state', 'service'], unique=False)
    op.create_index('ix_leg_recent', 'leg', ['site', 'business_date', 'ended_at'], unique=False, sqlite_where=sa.text("state = 'finished' AND service_reliable"), postgresql_where=sa.text("state = 'finished' AND service_reliable"))
    op.create_index('ix_leg_recent_service', 'leg', ['site', 'business_date', 'service', 'ended_at'], unique=False, sqlite_where=sa.text("state = 'finished' AND service_reliable"), postgresql_where=sa.text("state = 'finished' AND service_reliable"))
    op.create_index('ix_leg_waiting', 'leg', ['site', 'business_date', 'service', 'is_priority', 'rank_at', 'rank_seq'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('one_active_leg_per_counter', 'leg', ['site', 'counter'], unique=True, sqlite_where=sa.text("state IN ('called', 'serving')"), postgresql_where=sa.text("state IN ('called', 'serving')"))
    op.create_index('one_open_leg_per_ticket', 'leg', ['ticket'], unique=True, sqlite_where=sa.text("state IN ('called', 'on_hold', 'serving', 'waiting')"), postgresql_where=sa.text("state IN ('called', 'on_hold', 'serving', 'waiting')"))


def _make_pause() -> None:
    op.create_table('pause',
        sa.Column('id', Key, nullable=False),
        sa.Column('session', Key, nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('from_at', Instant(), nullable=False),
        sa.Column('to_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['session'], ['counter_session.id'], name=op.f('fk_pause_session_counter_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    op.create_index('ix_pause_session', 'pause', ['session'], unique=False)
    op.create_index('one_open_pause', 'pause', ['session'], unique=True, sqlite_where=sa.text('to_at IS NULL'), postgresql_where=sa.text('to_at IS NULL'))


def _make_print_job() -> None:
    op.create_table('print_job',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('ticket', Key, nullable=False),
        sa.Column('printer', sa.String(), nullable=False),
        sa.Column('copy', sa.Integer(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('slip', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('cause', sa.String(), nullable=True),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('claimed_at', Instant(), nullable=True),
        sa.Column('lease_until', Instant(), nullable=True),
        sa.Column('host', sa.String(), nullable=True),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'confirmed', 'assumed', 'uncertain', 'failed', 'late')", name=op.f('ck_print_job_state')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_print_job_site_site')),
        sa.ForeignKeyConstraint(['ticket'], ['ticket.id'], name=op.f('fk_print_job_ticket_ticket')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_print_job')),
        sa.UniqueConstraint('ticket', 'copy', name=op.f('uq_print_job_ticket_copy'))
    )
    op.create_index('ix_print_job_created', 'print_job', ['site', 'created_at'], unique=False)
    op.create_index('ix_print_job_state', 'print_job', ['site', 'state', 'printer'], unique=False)
    op.create_index('one_job_per_printer', 'print_job', ['site', 'printer'], unique=True, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))


def _make_call() -> None:
    op.create_table('call',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('id', Key, autoincrement=False, nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('leg', Key, nullable=False),
        sa.Column('ticket', Key, nullable=False),
        sa.Column('label', sa.String(), nullable=False),
        sa.Column('counter', sa.String(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.Column('service', sa.String(), nullable=False),
        sa.Column('zone', sa.String(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('is_priority', sa.Boolean(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('call', 'pick', 'recall', 'resume')", name=op.f('ck_call_kind')),
        sa.ForeignKeyConstraint(['leg'], ['leg.id'], name=op.f('fk_call_leg_leg')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_call_site_site')),
        sa.ForeignKeyConstraint(['ticket'], ['ticket.id'], name=op.f('fk_call_ticket_ticket')),
        sa.PrimaryKeyConstraint('site', 'id', name=op.f('pk_call'))
    )
    op.create_index('ix_call_date', 'call', ['site', 'business_date', 'id'], unique=False)
    op.create_index('ix_call_gerai', 'call', ['site', 'business_date', 'gerai', 'id'], unique=False)
    op.create_index('ix_call_ticket', 'call', ['ticket'], unique=False)


def _make_span() -> None:
    op.create_table('span',
        sa.Column('id', Key, nullable=False),
        sa.Column('leg', Key, nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('from_at', Instant(), nullable=False),
        sa.Column('to_at', Instant(), nullable=False),
        sa.Column('counter', sa.String(), nullable=True),
        sa.Column('officer', sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('held', 'serving')", name=op.f('ck_span_kind')),
        sa.CheckConstraint('to_at >= from_at', name=op.f('ck_span_forward')),
        sa.ForeignKeyConstraint(['leg'], ['leg.id'], name=op.f('fk_span_leg_leg')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_span'))
    )
    op.create_index('ix_span_leg', 'span', ['leg'], unique=False)


def upgrade() -> None:
    _make_printer()
    _make_series_day()
    _make_counter_session()
    _make_ticket()
    _make_leg()
    _make_pause()
    _make_print_job()
    _make_call()
    _make_span()


def downgrade() -> None:
    op.drop_table('span')
    op.drop_table('call')
    op.drop_table('print_job')
    op.drop_table('pause')
    op.drop_table('leg')
    op.drop_table('ticket')
    op.drop_table('counter_session')
    op.drop_table('series_day')
    op.drop_table('printer')
