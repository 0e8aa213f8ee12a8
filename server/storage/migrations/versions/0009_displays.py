"""Who speaks in a sound group, what each display is worth, its volume and key, and calls that were heard."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('speaker',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('sound_group', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('since', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_speaker_site_device_device')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_speaker_site_site')),
        sa.PrimaryKeyConstraint('site', 'sound_group', name=op.f('pk_speaker'))
    )
    op.create_table('display_state',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('condition', sa.String(), nullable=True),
        sa.Column('since', Instant(), nullable=True),
        sa.Column('volume', sa.Integer(), nullable=False),
        sa.Column('commands', sa.JSON(), nullable=False),
        sa.Column('key_hash', sa.String(), nullable=True),
        sa.CheckConstraint('volume BETWEEN 0 AND 100', name=op.f('ck_display_state_volume')),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_display_state_site_device_device')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_display_state_site_site')),
        sa.PrimaryKeyConstraint('site', 'device', name=op.f('pk_display_state')),
        sa.UniqueConstraint('key_hash', name=op.f('uq_display_state_key_hash'))
    )
    op.create_table('call_spoken',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('call', Key, autoincrement=False, nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['site', 'call'], ['call.site', 'call.id'], name=op.f('fk_call_spoken_site_call_call')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_call_spoken_site_site')),
        sa.PrimaryKeyConstraint('site', 'call', name=op.f('pk_call_spoken'))
    )


def downgrade() -> None:
    op.drop_table('call_spoken')
    op.drop_table('display_state')
    op.drop_table('speaker')
