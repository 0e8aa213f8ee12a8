"""The letter around the report, and issued reports, which take no change and no deletion."""

import sqlalchemy as sa
from alembic import op

from server.storage.types import Instant, Key

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_SQLITE = (
    """CREATE TRIGGER issued_report_no_update BEFORE UPDATE ON issued_report
BEGIN SELECT RAISE(ABORT, 'issued reports are append-only'); END""",
    """CREATE TRIGGER issued_report_no_delete BEFORE DELETE ON issued_report
BEGIN SELECT RAISE(ABORT, 'issued reports are append-only'); END""",
    """CREATE TRIGGER issued_report_no_replace BEFORE INSERT ON issued_report
WHEN EXISTS (SELECT 1 FROM issued_report WHERE id = NEW.id
    OR (site = NEW.site AND form = NEW.form AND period = NEW.period AND scope = NEW.scope AND revision = NEW.revision))
BEGIN SELECT RAISE(ABORT, 'issued reports are append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION issued_report_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'issued reports are append-only'; END $$""",
    """CREATE TRIGGER issued_report_no_update BEFORE UPDATE ON issued_report
FOR EACH ROW EXECUTE FUNCTION issued_report_append_only()""",
    """CREATE TRIGGER issued_report_no_delete BEFORE DELETE OR TRUNCATE ON issued_report
FOR EACH STATEMENT EXECUTE FUNCTION issued_report_append_only()""",
)


def upgrade() -> None:
    op.create_table('report_letter',
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_report_letter_site_site')),
        sa.PrimaryKeyConstraint('site', name=op.f('pk_report_letter'))
    )
    op.create_table('issued_report',
        sa.Column('id', Key, nullable=False),
        sa.Column('site', sa.String(), nullable=False),
        sa.Column('form', sa.String(), nullable=False),
        sa.Column('period', sa.String(), nullable=False),
        sa.Column('scope', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('issued_at', Instant(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('json_sha', sa.String(), nullable=False),
        sa.Column('pdf_sha', sa.String(), nullable=False),
        sa.Column('xlsx_sha', sa.String(), nullable=False),
        sa.Column('json', sa.LargeBinary(), nullable=False),
        sa.Column('pdf', sa.LargeBinary(), nullable=False),
        sa.Column('xlsx', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['site'], ['site.code'], name=op.f('fk_issued_report_site_site')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_report')),
        sa.UniqueConstraint('site', 'form', 'period', 'scope', 'revision', name=op.f('uq_issued_report_site_form_period_scope_revision'))
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    # Triggers go with their table.
    op.drop_table('issued_report')
    op.drop_table('report_letter')
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION issued_report_append_only()")
