"""The address that phones open, and a kiosk's own pace."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('public_address',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_public_address_site_site')),
        sa.PrimaryKeyConstraint('site', name=op.f('pk_public_address'))
    )
    op.create_table('device_pace',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('interval_s', sa.Integer(), nullable=False),
        sa.Column('per_minute', sa.Integer(), nullable=False),
        sa.Column('pause_s', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_device_pace_site_device_device')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_device_pace_site_site')),
        sa.PrimaryKeyConstraint('site', 'device', name=op.f('pk_device_pace'))
    )


def downgrade() -> None:
    op.drop_table('device_pace')
    op.drop_table('public_address')
