"""Migrations up and down on a month's data, and releases serving on each other's schemas (P14)."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from server.cli.places import home
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.upgrade.month import played
from server.ops.prove.upgrade.serving import RELEASE, Serving, release_before
from server.ops.prove.upgrade.steps import VERSIONS, Steps, revisions

TITLE = "Upgrade: every migration both ways, and a release put back"
HOW = """
What is promised (P14): a release can be rolled back. Migrations run both ways on real data, triggers and partial indexes
included, and the last release serves on the schema of the next, so that a bad evening needs no way down at all.

A small hall (two gerai, three lines) lives for 30 days by the ordinary acts on a simulated clock, with something in *every* table
of the schema (an empty table is a broken promise here), and stops in the middle of the 31st: people wait, one is called, an officer
rests, a slip was sent and has not ended. Then, one migration at a time, the data go down to nothing; from each step they also go
one step up, and the whole way up. After each step a reader of plain SQLite compares

- every table, index (with its condition), CHECK and trigger with those of an empty file brought to that revision;
- all rows of every table that was there before and is there now, in the columns that both have. One difference is stated in the
  design: a slip that was *sent* is *uncertain* below 0007, because that release knows no such state;
- what the file refuses whoever asks, tried on its own rows and taken back: changing, deleting and replacing the log, a number twice, two
  open legs or two visitors at a counter, two officers, two open days, pauses and slips, a state that is none, a leg of nobody.

Then real servers: today's program starts on data of the revision before, which upgrades them, serves an hour of presses, and is judged
(P1 to P5 by the plain database and by what was answered). On the same data a made-up schema of tomorrow is laid: a table, an index,
columns and keys in the rows of the floor plan more, under a revision that this program has never heard of, and an event of a kind that it does not know stands last in
the log. It must serve the same hour on it and leave what it does not know as it is. And the last tagged release, unpacked beside
this one, serves the hour on today's schema, followed by today's program again.

Which release: the nearest tag before this commit; `MPP_PROVE_RELEASE` names another commit. Where there is none (no tag yet,
or a folder without git's history) there is no release that anybody could go back to, and the made-up schema alone stands for it:
it tries the very code by which this release will be put back one day.

What it cannot show: a migration whose *meaning* an older program gets wrong while its tables fit. The rule for those is in
`server/storage/migrate.py` (rename what older programs must not read), and the hour on the tagged release is its test. The
release before runs with the libraries of this one. PostgreSQL is not tried here.
"""
PLANTS = (
    Plant("an upgrade that loses answers", f"{VERSIONS}/0009_displays.py", "    op.create_table('speaker',", "    op.execute('DELETE FROM answer')\n    op.create_table('speaker',"),
    Plant("a way back that forgets an index's condition", f"{VERSIONS}/0007_fallback_and_sent.py", '''    _index("state = 'sending'")''', '''    _index("state = 'sent'")'''),
    Plant("slips that were sent stay so for a release that does not know them", f"{VERSIONS}/0007_fallback_and_sent.py", '''ended_at = claimed_at WHERE state = 'sent'"''', '''ended_at = claimed_at WHERE state = 'gone'"'''),
    Plant("a log whose lines can be replaced", f"{VERSIONS}/0001_floor_and_log.py", "seq = NEW.seq)", "seq = -NEW.seq)"),
    Plant("what a newer release did cannot be read", "server/storage/work/log.py", "    return as_told(\n", "    return Event(\n"),
    Plant("a release that was put back does not start", "server/storage/migrate.py", "        if is_newer(connection):", "        if is_newer(connection) and not connection:"),
    Plant("what a newer release wrote into the floor plan cannot be read", "server/domain/floor.py", "{one.name: row[one.name] for one in fields(kind) if one.name in row}", "row"),
)

#: days, and visitors of a day
SHORT, LONG = (30, 3), (30, 120)
_MEMORY = Path("/dev/shm")


def run(order: Order) -> Findings:
    """The campaign; see campaign.py."""
    findings, took = Findings(), {}
    length, visitors = LONG if order.is_long else SHORT
    with tempfile.TemporaryDirectory(prefix="mpp-prove-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        folder, began = Path(name), time.monotonic()
        month = played(order.seed, length, visitors, folder / "hall")
        took["living a month"] = time.monotonic() - began
        order.say(f"{length} days, {month.acts} acts")
        steps = Steps(month.path, folder, order.is_long, order.say)
        steps.run()
        took["migrations"] = time.monotonic() - began - sum(took.values())
        serving = Serving(month, folder, order.say)
        before = _serve(serving, folder)
        took["servers"] = time.monotonic() - began - sum(took.values())
    findings.broken += steps.broken + serving.broken
    findings.figures += [
        "",
        f"{length} days, {month.acts} acts, {steps.rows} rows in every table of revision {revisions(home())[-1]}; "
        f"{steps.steps} ways gone down and up, and looked at after each.",
        f"Served for an hour of presses: {'; '.join(serving.served)}.",
        before,
        "",
        f"Seconds: {', '.join(f'{what} {seconds:.1f}' for what, seconds in took.items())}.",
    ]
    return findings


def _serve(serving: Serving, folder: Path) -> str:
    """Let the servers work, the release before among them; which one it was, in words."""
    code = folder / "code"
    code.mkdir()
    release = release_before(code)
    serving.run(release)
    if release is None:
        return "There is no release before this one yet: no tag in this history."
    return f"The release before: `{release.name}`, whose own schema is {revisions(release.code)[-1]} (another: `{RELEASE}`)."
