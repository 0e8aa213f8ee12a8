"""Every migration down and up again on the same data, each step looked at."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from server.cli.places import home
from server.ops.prove.upgrade.looking import Picture, changed_objects, changed_rows, empty_tables, forgiving, picture
from server.storage import migrate
from server.storage.engine import open_writer, sqlite_url

VERSIONS = "server/storage/migrations/versions"
BASE = "base"


def revisions(code: Path) -> list[str]:
    """Oldest first, by the files of that program."""
    found = (re.match(r"(\d+)_\w+\.py", path.name) for path in (code / VERSIONS).iterdir())
    return sorted(one[1] for one in found if one)


@dataclass
class Steps:
    """`folder` is for copies. `is_each`: also one step up alone from each. `steps`: ways that were gone, down and up."""

    month: Path
    folder: Path
    is_each: bool
    say: Callable[[str], object]
    broken: list[str] = field(default_factory=list)
    steps: int = 0
    rows: int = 0

    def run(self) -> None:
        """One step down at a time to nothing; from each up again."""
        names = revisions(home())
        fresh = self._fresh(names)
        whole = picture(self.month)
        self.rows = sum(len(rows) for rows in whole.rows.values())
        self._look(self.month, "at first", whole, whole, fresh[names[-1]])
        self.broken += [f"nothing in {name} to compare: let the month fill it (month.py)" for name in empty_tables(whole)]
        path = Path(shutil.copy(self.month, self.folder / "down"))
        before = whole
        for at in range(len(names) - 2, -1, -1):
            lower, upper = names[at], names[at + 1]
            self._move(path, migrate.downgrade, lower)
            seen = picture(path)
            self._look(path, f"down from {upper} to {lower}", seen, before, fresh[lower])
            self._and_up(path, lower, names[-1], seen, fresh)
            if self.is_each and upper != names[-1]:
                self._and_up(path, lower, upper, seen, fresh)
            before = seen
        self._to_nothing(path, fresh[names[-1]])

    def _fresh(self, names: list[str]) -> dict[str, Picture]:
        """The schema that an empty file gets at each revision."""
        path, found = self.folder / "fresh", {}
        for name in names:
            self._move(path, migrate.upgrade, name)
            found[name] = picture(path)
        return found

    def _and_up(self, path: Path, lower: str, upper: str, seen: Picture, fresh: dict[str, Picture]) -> None:
        again = Path(shutil.copy(path, self.folder / "up"))
        self._move(again, migrate.upgrade, upper)
        self._look(again, f"down to {lower} and up to {upper}", picture(again), seen, fresh[upper])

    def _to_nothing(self, path: Path, newest: Picture) -> None:
        self._move(path, migrate.downgrade, BASE)
        if left := picture(path).objects:
            self.broken.append(f"down to nothing: {sorted(left)} are left")
        self._move(path, migrate.upgrade, newest.revision)
        self.broken += [f"up from nothing: {what}" for what in changed_objects(picture(path), newest)]

    def _move(self, path: Path, way: Callable[..., None], to: str) -> None:
        engine = open_writer(sqlite_url(path))
        try:
            way(engine, to)
            self.steps += 1
        finally:
            engine.dispose()

    def _look(self, path: Path, when: str, seen: Picture, before: Picture, wanted: Picture) -> None:
        wrong = changed_objects(seen, wanted) + changed_rows(seen, before) + forgiving(path)
        if seen.revision != wanted.revision:
            wrong.append(f"it says that it is {seen.revision}")
        self.broken += [f"{when}: {one}" for one in wrong]
        self.say(f"{when}: {len(wrong)} wrong")
