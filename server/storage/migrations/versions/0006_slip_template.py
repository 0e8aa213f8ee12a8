"""The site's own template of a slip."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('slip_template',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_slip_template_site_site')),
        sa.PrimaryKeyConstraint('site', name=op.f('pk_slip_template'))
    )


def downgrade() -> None:
    op.drop_table('slip_template')
