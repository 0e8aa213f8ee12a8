"""The alerts that stand now, with who has taken them on."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alert',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('gerai', sa.String(), nullable=True),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('since', Instant(), nullable=True),
        sa.Column('raised_at', Instant(), nullable=False),
        sa.Column('acked_by', sa.String(), nullable=True),
        sa.Column('acked_at', Instant(), nullable=True),
        sa.CheckConstraint('(acked_by IS NULL) = (acked_at IS NULL)', name=op.f('ck_alert_acked')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_alert_site_site')),
        sa.PrimaryKeyConstraint('site', 'key', name=op.f('pk_alert'))
    )


def downgrade() -> None:
    op.drop_table('alert')
