"""The import direction of the house, and that importing does nothing.

Planted: `import sqlalchemy` in server/domain/errors.py -> test_rooms_import_what_the_table_allows red.
Planted: a `threading.Thread(...).start()` and an `open(...)` at the top of server/wsgi.py -> test_importing... red.
"""

import json
import subprocess
import sys

from tests.house.files import ROOT, product_modules

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_rooms_import_what_the_table_allows() -> None:
    linted = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_importing_starts_and_opens_nothing() -> None:
    # A program's entry and Alembic's scripts are there to be run, not to be imported.
    modules = [path for path in product_modules() if path.stem != "__main__" and "migrations" not in path.parts]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules]
    watched = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.house.import_watch"], input=json.dumps(names),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert watched.returncode == 0, watched.stderr
    assert json.loads(watched.stdout) == []
