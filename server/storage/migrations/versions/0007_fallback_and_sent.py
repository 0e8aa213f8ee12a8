"""A kiosk's fallback printer; a slip that was sent and has not ended holds its printer too."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

INDEX = 'one_job_per_printer'


def upgrade() -> None:
    op.create_table('device_fallback',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=False),
        sa.Column('printer', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['site', 'device'], ['device.site', 'device.code'], name=op.f('fk_device_fallback_site_device_device')),
        sa.ForeignKeyConstraint(['site', 'printer'], ['printer.site', 'printer.code'], name=op.f('fk_device_fallback_site_printer_printer')),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_device_fallback_site_site')),
        sa.PrimaryKeyConstraint('site', 'device', name=op.f('pk_device_fallback'))
    )
    _index("state IN ('sending', 'sent')")


def downgrade() -> None:
    # The release before knows no slip that was sent: without its end it is uncertain, and says why.
    op.execute("UPDATE print_job SET state = 'uncertain', cause = 'lease', ended_at = claimed_at WHERE state = 'sent'")
    _index("state = 'sending'")
    op.drop_table('device_fallback')


def _index(where: str) -> None:
    op.drop_index(INDEX, table_name='print_job')
    op.create_index(INDEX, 'print_job', ['site', 'printer'], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
