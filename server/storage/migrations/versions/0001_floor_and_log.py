"""The floor plan, the event log and the business days."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


_SQLITE = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    """CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE site = NEW.site AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
FOR EACH ROW EXECUTE FUNCTION event_append_only()""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE OR TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()""",
)


def _on() -> str:
    return "" if op.get_bind().dialect.name == "sqlite" else " ON event"


def _make_answer() -> None:
    op.create_table('answer',
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('actor', 'key', name=op.f('pk_answer'))
    )
    op.create_index('ix_answer_at', 'answer', ['at'], unique=False)


def _make_site() -> None:
    op.create_table('site',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('epoch', sa.String(), nullable=False),
        sa.Column('floor_version', Key, nullable=False),
        sa.Column('calendar_version', Key, nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('clock_kind', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_site'))
    )


def _make_agency() -> None:
    op.create_table('agency',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_agency_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_agency'))
    )


def _make_business_day() -> None:
    op.create_table('business_day',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('opened_at', Instant(), nullable=False),
        sa.Column('closed_at', Instant(), nullable=True),
        sa.Column('head_seq', Key, nullable=True),
        sa.Column('head_hash', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_business_day_site_site')),
        sa.PrimaryKeyConstraint('site', 'date', name=op.f('pk_business_day'))
    )
    op.create_index('one_open_day', 'business_day', ['site'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))


def _make_calendar_override() -> None:
    op.create_table('calendar_override',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('scope', sa.String(), nullable=False),
        sa.Column('target', sa.String(), nullable=True),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('date_from', sa.Date(), nullable=False),
        sa.Column('date_to', sa.Date(), nullable=True),
        sa.Column('intervals', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_calendar_override_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_override'))
    )


def _make_event() -> None:
    op.create_table('event',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('seq', Key, autoincrement=False, nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('type', sa.String(), nullable=False),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('ticket', Key, nullable=True),
        sa.Column('leg', Key, nullable=True),
        sa.Column('gerai', sa.String(), nullable=True),
        sa.Column('service', sa.String(), nullable=True),
        sa.Column('counter', sa.String(), nullable=True),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_event_site_site')),
        sa.PrimaryKeyConstraint('site', 'seq', name=op.f('pk_event'))
    )
    op.create_index('ix_event_ticket', 'event', ['site', 'ticket'], unique=False)
    op.create_index('ix_event_type_at', 'event', ['site', 'type', 'at'], unique=False)
    op.create_index(
        'ix_event_exception', 'event', ['site', 'seq'], unique=False,
        sqlite_where=sa.text(_EXCEPTION), postgresql_where=sa.text(_EXCEPTION),
    )


def _make_event_head() -> None:
    op.create_table('event_head',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('seq', Key, nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_event_head_site_site')),
        sa.PrimaryKeyConstraint('site', name=op.f('pk_event_head'))
    )


def _make_refusal() -> None:
    op.create_table('refusal',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=True),
        sa.Column('service', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_refusal_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal')),
        sa.UniqueConstraint('actor', 'key', name=op.f('uq_refusal_actor_key'))
    )
    op.create_index('ix_refusal_business_date', 'refusal', ['site', 'business_date'], unique=False)


def _make_series() -> None:
    op.create_table('series',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('prefix', sa.String(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_series_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_series'))
    )


def _make_zone() -> None:
    op.create_table('zone',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_zone_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_zone'))
    )


def _make_gerai() -> None:
    op.create_table('gerai',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('agency', sa.String(), nullable=False),
        sa.Column('zone', sa.String(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site', 'agency'], ['agency.site', 'agency.code'], name=op.f('fk_gerai_site_agency_agency')),
        sa.ForeignKeyConstraint(['site', 'zone'], ['zone.site', 'zone.code'], name=op.f('fk_gerai_site_zone_zone')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_gerai_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_gerai'))
    )


def _make_counter() -> None:
    op.create_table('counter',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site', 'gerai'], ['gerai.site', 'gerai.code'], name=op.f('fk_counter_site_gerai_gerai')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_counter_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_counter'))
    )


def _make_service() -> None:
    op.create_table('service',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.Column('series', sa.String(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.Column('archived_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site', 'gerai'], ['gerai.site', 'gerai.code'], name=op.f('fk_service_site_gerai_gerai')),
        sa.ForeignKeyConstraint(['site', 'series'], ['series.site', 'series.code'], name=op.f('fk_service_site_series_series')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_service_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_service'))
    )

_EXCEPTION = (
    "type IN ("
    "'BrandingSet', 'ClockConfirmed', 'ClockDoubted', 'CounterReleased', 'DayClosed', "
    "'DeviceRevoked', 'FloorLoaded', 'GeraiArchived', 'GeraiChanged', 'GeraiRestored', "
    "'KioskPaused', 'KioskResumed', 'LoginLocked', 'NoticeEnded', 'NoticeSet', 'OfficerLost', "
    "'OverrideEnded', 'OverrideSet', 'PolicySet', 'PrioritySet', 'SeriesJumped', "
    "'ServiceArchived', 'ServiceChanged', 'ServiceRestored', 'SiteChanged', 'SlipQueued', "
    "'TicketPicked', 'TicketPutBack', 'TicketReturned', 'TicketTransferred')"
)


def upgrade() -> None:
    _make_answer()
    _make_site()
    _make_agency()
    _make_business_day()
    _make_calendar_override()
    _make_event()
    _make_event_head()
    _make_refusal()
    _make_series()
    _make_zone()
    _make_gerai()
    _make_counter()
    _make_service()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER event_no_update" + _on())
    op.execute("DROP TRIGGER event_no_delete" + _on())
    if _on():
        op.execute("DROP FUNCTION event_append_only()")
    else:
        op.execute("DROP TRIGGER event_no_replace")
    op.drop_table('service')
    op.drop_table('counter')
    op.drop_table('gerai')
    op.drop_table('zone')
    op.drop_table('series')
    op.drop_table('refusal')
    op.drop_table('event_head')
    op.drop_table('event')
    op.drop_table('calendar_override')
    op.drop_table('business_day')
    op.drop_table('agency')
    op.drop_table('site')
    op.drop_table('answer')
