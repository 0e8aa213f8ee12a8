"""How displays are set, and the media they play."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('device_screen',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('layout', sa.String(), nullable=True),
        sa.Column('text', sa.String(), nullable=True),
        sa.Column('distance_m', sa.Integer(), nullable=True),
        sa.Column('diagonal_in', sa.Integer(), nullable=True),
        sa.Column('gerai', sa.String(), nullable=True),
        sa.Column('counter', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_device_screen_site_device_device')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_device_screen_site_site')),
        sa.PrimaryKeyConstraint('site', 'device', name=op.f('pk_device_screen'))
    )
    op.create_table('medium',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('sha', sa.String(), nullable=False),
        sa.Column('mime', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('bytes', sa.Integer(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('length_ms', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('sound', sa.Boolean(), nullable=False),
        sa.Column('zone', sa.String(), nullable=True),
        sa.Column('days', sa.String(), nullable=False),
        sa.Column('from_min', sa.Integer(), nullable=False),
        sa.Column('to_min', sa.Integer(), nullable=False),
        sa.Column('date_from', sa.Date(), nullable=True),
        sa.Column('date_to', sa.Date(), nullable=True),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('trouble', sa.String(), nullable=True),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('removed_at', Instant(), nullable=True),
        sa.CheckConstraint("mime IN ('image/jpeg', 'video/mp4', 'video/webm')", name=op.f('ck_medium_mime')),
        sa.CheckConstraint('from_min >= 0 AND from_min < to_min AND to_min <= 1440', name=op.f('ck_medium_hours')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_medium_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_medium'))
    )


def downgrade() -> None:
    op.drop_table('medium')
    op.drop_table('device_screen')
