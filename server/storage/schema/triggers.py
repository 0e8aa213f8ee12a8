"""What the database itself refuses: the event log (P15) and issued reports take no change and no deletion.

`TRIGGERS[dialect]` is the list of statements that make them, as declared; the migrations
hold their own copy, and a test compares what they made with this.
"""

from __future__ import annotations

_SQLITE = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    """CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE site = NEW.site AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
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
    """CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
FOR EACH ROW EXECUTE FUNCTION event_append_only()""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE OR TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()""",
    """CREATE FUNCTION issued_report_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'issued reports are append-only'; END $$""",
    """CREATE TRIGGER issued_report_no_update BEFORE UPDATE ON issued_report
FOR EACH ROW EXECUTE FUNCTION issued_report_append_only()""",
    """CREATE TRIGGER issued_report_no_delete BEFORE DELETE OR TRUNCATE ON issued_report
FOR EACH STATEMENT EXECUTE FUNCTION issued_report_append_only()""",
)

TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
