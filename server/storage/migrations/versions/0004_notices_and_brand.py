"""Words that run on the displays, and how the hall looks."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('zone', sa.String(), nullable=True),
        sa.Column('date_from', sa.Date(), nullable=False),
        sa.Column('date_to', sa.Date(), nullable=True),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_notice_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_table('brand',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('color', sa.String(), nullable=True),
        sa.Column('logo', sa.LargeBinary(), nullable=True),
        sa.Column('logo_sha', sa.String(), nullable=True),
        sa.CheckConstraint('(logo IS NULL) = (logo_sha IS NULL)', name=op.f('ck_brand_logo')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_brand_site_site')),
        sa.PrimaryKeyConstraint('site', name=op.f('pk_brand'))
    )


def downgrade() -> None:
    op.drop_table('brand')
    op.drop_table('notice')
