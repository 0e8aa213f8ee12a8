"""People, their sessions, devices and browsers."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def _make_browser() -> None:
    op.create_table('browser',
        sa.Column('hash', sa.String(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('hash', name=op.f('pk_browser'))
    )


def _make_login_guard() -> None:
    op.create_table('login_guard',
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked_until', Instant(), nullable=True),
        sa.Column('last_at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('subject', name=op.f('pk_login_guard'))
    )


def _make_person() -> None:
    op.create_table('person',
        sa.Column('username', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('role', sa.String(), nullable=False),
        sa.Column('password_hash', sa.String(), nullable=False),
        sa.Column('must_change', sa.Boolean(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.CheckConstraint("role IN ('officer', 'receptionist', 'agency_head', 'viewer', 'supervisor', 'admin')", name=op.f('ck_person_role')),
        sa.PrimaryKeyConstraint('username', name=op.f('pk_person'))
    )


def _make_device() -> None:
    op.create_table('device',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('zone', sa.String(), nullable=True),
        sa.Column('printer', sa.String(), nullable=True),
        sa.Column('token_hash', sa.String(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('revoked_at', Instant(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('since', Instant(), nullable=False),
        sa.CheckConstraint("kind IN ('kiosk', 'display', 'print-host', 'program')", name=op.f('ck_device_kind')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_device_site_site')),
        sa.PrimaryKeyConstraint('site', 'code', name=op.f('pk_device')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_device_token_hash'))
    )


def _make_enrolment() -> None:
    op.create_table('enrolment',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('wanted', sa.String(), nullable=False),
        sa.Column('browser', sa.String(), nullable=False),
        sa.Column('asked_at', Instant(), nullable=False),
        sa.Column('expires_at', Instant(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['browser'], ['browser.hash'], name=op.f('fk_enrolment_browser_browser')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_enrolment_site_site')),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_enrolment'))
    )


def _make_person_gerai() -> None:
    op.create_table('person_gerai',
        sa.Column('username', sa.String(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['username'], ['person.username'], name=op.f('fk_person_gerai_username_person')),
        sa.PrimaryKeyConstraint('username', 'gerai', name=op.f('pk_person_gerai'))
    )


def _make_session() -> None:
    op.create_table('session',
        sa.Column('hash', sa.String(), nullable=False),
        sa.Column('username', sa.String(), nullable=False),
        sa.Column('csrf', sa.String(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('expires_at', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['username'], ['person.username'], name=op.f('fk_session_username_person')),
        sa.PrimaryKeyConstraint('hash', name=op.f('pk_session'))
    )
    op.create_index('ix_session_username', 'session', ['username'], unique=False)


def _make_browser_device() -> None:
    op.create_table('browser_device',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('browser', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['browser'], ['browser.hash'], name=op.f('fk_browser_device_browser_browser')),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_browser_device_site_device_device')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_browser_device_site_site')),
        sa.PrimaryKeyConstraint('site', 'browser', 'device', name=op.f('pk_browser_device'))
    )


def upgrade() -> None:
    _make_browser()
    _make_login_guard()
    _make_person()
    _make_device()
    _make_enrolment()
    _make_person_gerai()
    _make_session()
    _make_browser_device()


def downgrade() -> None:
    op.drop_table('browser_device')
    op.drop_table('session')
    op.drop_table('person_gerai')
    op.drop_table('enrolment')
    op.drop_table('device')
    op.drop_table('person')
    op.drop_table('login_guard')
    op.drop_table('browser')
