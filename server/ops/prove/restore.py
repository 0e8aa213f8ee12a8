"""P13: a hall under load is backed up, killed, robbed of its data, restored, and goes on, again and again.

Server, backups and restores are the product's own commands in processes of their own. What is judged are the backup file
taken apart here, the databases read with SQLite alone, and what every kiosk was told.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from server.cli.places import home
from server.ops.backup import archive
from server.ops.bench.servers import Server, start_hall
from server.ops.prove import damage
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.judging import verdict
from server.ops.prove.losing import AGAIN, GONE, KEPT, TORN, TORN_LOG, Loss
from server.ops.prove.records import Records
from server.ops.prove.visitors import Told, Visitors

TITLE = "Restore: data lost, and brought back from a backup"
HOW = """
What is promised (P13): a backup of a running server holds everything that was acknowledged before it began; a damaged file is
refused and nothing is changed; after a restore no number is given that may already be on paper, the screens are told apart
by a new epoch, and every skipped number is flagged (`SeriesJumped`); a slip that was on its way is in doubt, never printed
again without a mark; a restore refuses to run beside a server.

A real hall (`mpp serve`, real clock) with four kiosks and two lokets that press without pause. A first backup is made while
they rest, when the newest numbers stand in the WAL alone, and before one of the kiosks gave its first number of the day. In
each round `mpp backup` is run, under that load or at rest, more numbers are taken, the server is killed with SIGKILL, and
the data are lost: *gone* (the folder is removed), *gone, and the same backup is restored again*, *torn* (the database is
overwritten), *torn log* (one bit of its write-ahead log is changed, behind which SQLite sees nothing and says nothing) or
*kept*. Then `mpp restore` brings them back, the server starts, and the load goes on.
How many numbers are taken in between goes to the edge of what is promised in each case, always beyond the 100 that are skipped
in any: where the data are kept, 130 and more; where only time can tell, 100 and one for each second.
Tickets are told apart by their random tokens, so a number that two visitors hold is seen whatever the databases say. At the
end P1 to P5 are judged over the whole log. Then bytes of a backup are changed, one at a time, all of its first 100 and the others
drawn; and it is cut off at drawn places: each such file must be refused.

What it cannot show: without readable old data the jump is reckoned from the time that has passed (100 numbers of each
series and one for each second, from 5000 on one for each ten), so the load keeps to that. A hall that gave more than 60 numbers of one series in
a minute would need `mpp restore --jump`. A service that is added between backup and loss, the nightly trial and the copies
onto other disks are tested in `tests/backup`.
"""
PLANTS = (
    Plant("no jump after a restore", "server/app/restoring.py", "        work.days.skip_to(day, row.series, gap[1])", "        pass"),
    Plant("only what the backup knows is jumped", "server/app/restoring.py", "            work.days.freeze_series(day, code, floor)", "            pass"),
    Plant("a jump that is not in the log", "server/app/restoring.py", '        work.log.record(Event("SeriesJumped"', '        (Event("SeriesJumped"'),
    Plant("what the replaced data know is ignored", "server/ops/backup/evidence.py", "for key, number in (old.given if old is not None else {}).items():", "for key, number in {}.items():"),
    Plant("a torn log is taken for whole", "server/ops/backup/evidence.py", "is_whole = wal.is_whole(log) if", "is_whole = True if"),
    Plant("the time that has passed is not reckoned", "server/domain/numbering.py", "math.ceil(quick_minutes * SKIPPED_PER_MINUTE + (minutes - quick_minutes) * SKIPPED_LATER_PER_MINUTE)", "0"),
    Plant("a second restore does not know of the first", "server/ops/backup/restoring.py", "        remembered = evidence.remember(file, now, told)\n", "        remembered = True\n"),
    Plant("the same epoch after a restore", "server/app/restoring.py", "    work.floors.renew_epoch(epoch)", "    pass"),
    Plant("slips on their way wait again", "server/app/restoring.py", "for job in work.paper.unended():", "for job in ():"),
    Plant("a damaged backup is believed", "server/ops/backup/archive.py", "    if digest.hexdigest().encode() != line[len(MAGIC):-1]:", "    if False:"),
    Plant(
        "the database is copied without its WAL", "server/ops/backup/copying.py", "            old.backup(new)\n",
        '            new.close()\n            __import__("shutil").copyfile(source, target)\n'
        "            new = sqlite3.connect(target, isolation_level=None)\n",
    ),
    Plant("a second writer on the same data", "server/ops/data_folder.py", "fcntl.flock(self.fd, fcntl.LOCK_EX", "fcntl.flock(self.fd, fcntl.LOCK_SH"),
    Plant("a restore beside a running server", "server/cli/restore.py", "    lock = DataLock(folder, 2.0)", '    lock = type("Held", (), {"fd": os.open(folder, 0)})'),
)
POLICY = {"priority_ratio": 2, "max_wait_guard_s": 3600, "put_back_places": 3, "return_places": 2}
COMMAND_S = 600.0
SOON_S = 120.0
#: numbers of a series in a stretch that nothing hangs on
AT_EASE = 80


@dataclass(frozen=True)
class Plan:
    """`losses`: one after the other; `each`: numbers of a kiosk before a backup; `flips`, `cuts`: damaged files."""

    losses: tuple[Loss, ...]
    each: int
    flips: int
    cuts: int


SHORT = Plan((TORN_LOG, AGAIN, KEPT), each=8, flips=120, cuts=20)
LONG = Plan((TORN_LOG, AGAIN, KEPT, GONE, TORN) * 6, each=20, flips=20_000, cuts=2_000)


@dataclass
class Campaign:
    """One run. `alive`: what was told and must still be there; `lost`: how many numbers went with the data."""

    plan: Plan
    order: Order
    folder: Path
    findings: Findings = field(default_factory=Findings)
    alive: list[Told] = field(default_factory=list)
    lost: int = 0
    refused: int = 0
    backup_s: list[float] = field(default_factory=list)
    restore_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = self.folder / "hall"
        self.file = self.folder / "one.mppb"
        self.draw = random.Random(self.order.seed)
        self.visitors = Visitors()

    def run(self) -> None:
        with ExitStack() as ends:
            server = self._start()
            ends.callback(lambda: self.server.stop())
            self.visitors.enrol(server, self.data)
            for number, loss in enumerate(self.plan.losses, 1):
                self.order.say(f"round {number} of {len(self.plan.losses)}: the data are {loss.name}")
                if not self._round(loss):
                    return
            self.visitors.mark(AT_EASE)
            self.visitors.press(self.server)
            self.visitors.wait_more(self.plan.each, SOON_S)
            self.visitors.rest()
        self._judge_end()
        self._damage()

    def _start(self) -> Server:
        self.server = start_hall(self.data, frozenset(os.sched_getaffinity(0)), clock="")
        return self.server

    def _round(self, loss: Loss) -> bool:
        """Whether it came to its end; what broke stands in the findings."""
        visitors = self.visitors
        if not loss.is_again and not self._back_up(loss):
            return False
        log = self.data / f"{archive.DATABASE}-wal"
        log_bytes = log.stat().st_size if log.exists() else 0
        if loss.is_alone:
            visitors.rest()
            visitors.mark(loss.most, loss.per_s)
            visitors.press(self.server, is_alone=True)
        visitors.wait_more(loss.least, SOON_S)
        if not self.restore_s and not self._refuse_beside():
            visitors.rest()
            return False
        self.server.process.kill()
        self.server.process.wait()
        visitors.rest()
        fresh = visitors.told[self._seen:]
        sure = [one for one in fresh if one.at < self._begun]
        self.lost += len(fresh) - len(sure)
        self.alive += sure
        self._seen = len(visitors.told)
        before = self._judge_backup(self.alive)
        if self.findings.broken:  # what follows would be of no hall that there ever was
            return False
        loss.spoil(self.data, self.draw, log_bytes)
        return self._restore(before)

    def _back_up(self, loss: Loss) -> bool:
        """While all press, or at rest, when the newest numbers stand in the WAL alone and must be in the backup."""
        visitors = self.visitors
        visitors.mark(AT_EASE)
        visitors.press(self.server)
        visitors.wait_more(self.plan.each, SOON_S)
        if loss.at_rest:
            visitors.rest()
        self._begun = visitors.mark(loss.most)
        done, took = self._mpp("backup", str(self.file))
        if done.returncode:
            visitors.rest()
            return self._broke(f"mpp backup on a running server: {done.returncode} {done.stderr.strip()[-300:]}")
        self.backup_s.append(took)
        return True

    _seen = 0
    _begun = 0.0

    def _broke(self, what: str) -> bool:
        self.findings.broken.append(what)
        return False

    def _mpp(self, *words: str) -> tuple[subprocess.CompletedProcess[str], float]:
        """An `mpp` command on the hall's data, and its seconds."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
        command = [sys.executable, "-m", "server.cli.main", *words, "--data", str(self.data)]
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=home(), env={**environment, "PYTHONPATH": str(home())}, capture_output=True, text=True, timeout=COMMAND_S, check=False
        )
        return done, time.monotonic() - began

    def _refuse_beside(self) -> bool:
        done, _ = self._mpp("restore", str(self.file))
        return done.returncode != 0 or self._broke("mpp restore ran beside a running server")

    def _judge_backup(self, alive: list[Told]) -> str:
        """Take the file apart with gzip and tar alone; the epoch in it."""
        place = self.folder / "taken-apart.sqlite3"
        with self.file.open("rb") as file:
            file.readline()
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(file.read()))) as tar:
                member = tar.extractfile(archive.DATABASE)
                assert member is not None
                place.write_bytes(member.read())
        return self._judge(place, "in the backup", alive)

    def _judge(self, path: Path, where: str, alive: list[Told]) -> str:
        records = Records(path)
        try:
            _, found = verdict(records, {one.ticket: one.number for one in alive}, POLICY)
            tokens = dict(records.rows("SELECT token, label FROM ticket"))
            found += [f"{one.number} was told to somebody else" for one in alive if tokens.get(one.token) != one.number]
            self.findings.broken += [f"{where}: {one}" for one in found[:10]]
            return str(records.one("SELECT epoch FROM site"))
        finally:
            records.close()

    def _restore(self, before: str) -> bool:
        began = time.monotonic()
        done, took = self._mpp("restore", str(self.file))
        if done.returncode:
            return self._broke(f"mpp restore: {done.returncode} {done.stderr.strip()[-300:]}")
        self.restore_s.append(took)
        if self._judge(self.data / archive.DATABASE, "restored", self.alive) == before:
            self._broke("the epoch is the same after a restore: screens would take the new for the old")
        records = Records(self.data / archive.DATABASE)
        waiting = records.one("SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending', 'sent')")
        records.close()
        if waiting:
            self._broke(f"{waiting} slips that may be on paper wait for their printer again")
        self._start()
        self.back_s.append(time.monotonic() - began)
        return True

    def _judge_end(self) -> None:
        """Every number ever told belongs to one visitor; the last database tells the same."""
        self.alive += self.visitors.told[self._seen:]
        self._judge(self.data / archive.DATABASE, "at the end", self.alive)
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in self.visitors.told:
            holders[one.date, one.number].add(one.token)
        self.findings.broken += [f"{number} of {date} is on the paper of {len(who)} visitors" for (date, number), who in holders.items() if len(who) > 1]
        self.findings.broken += self.visitors.odd[:5]

    def _damage(self) -> None:
        """Every changed or shortened file is refused, and a refused restore changes nothing."""
        self.order.say(f"{self.plan.flips} changed bytes, {self.plan.cuts} cuts")
        damaged = self.folder / "damaged.mppb"
        self.refused, believed = damage.try_all(self.file, damaged, self.plan.flips, self.plan.cuts, self.draw)
        self.findings.broken += [f"a backup with {what} is taken for whole" for what in believed]
        before = _sums(self.data)
        done, _ = self._mpp("restore", str(damaged))
        if done.returncode == 0 or _sums(self.data) != before:
            self._broke(f"a refused restore: exit code {done.returncode}, the data {'are the same' if _sums(self.data) == before else 'changed'}")


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file() and path.name != "mpp.lock"}


def run(order: Order) -> Findings:
    """The campaign; see campaign.py."""
    plan = LONG if order.is_long else SHORT
    with tempfile.TemporaryDirectory(prefix="mpp-prove-") as folder:
        campaign = Campaign(plan, order, Path(folder))
        campaign.run()
        size = campaign.file.stat().st_size if campaign.file.exists() else 0
    campaign.findings.figures += _figures(campaign, size)
    return campaign.findings


def _figures(campaign: Campaign, size: int) -> list[str]:
    told = len(campaign.visitors.told)
    return [
        "",
        f"{len(campaign.restore_s)} restores; {told} numbers told to visitors, of which {campaign.lost} were taken after the backup "
        "that was restored, and are lost with the data; none of them was given again.",
        f"{campaign.refused} damaged files refused, of a backup of {size} bytes.",
        "",
        "| seconds | median | longest |", "|---|---|---|",
        *(_row(name, values) for name, values in (
            ("`mpp backup` under load", campaign.backup_s), ("`mpp restore`", campaign.restore_s),
            ("from the start of the restore to the first answer", campaign.back_s),
        )),
    ]


def _row(name: str, values: list[float]) -> str:
    return f"| {name} | {sorted(values)[len(values) // 2]:.1f} | {max(values):.1f} |" if values else f"| {name} | | |"
