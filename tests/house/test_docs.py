"""The docs say what the code has, all of it.

Planted: a setting without a comment, an event without a sentence, a code without a text,
a command left out of the README -> red, each.
"""

import re

from server.cli.main import COMMANDS
from server.domain.errors import CODES
from server.domain.events import EVENTS
from server.ops import reference
from server.web.errors import STATUS
from tests.house.files import ROOT


def test_the_reference_is_what_the_code_says() -> None:
    written = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert written == reference.reference(), "run: python -m server.ops.reference > docs/reference.md"


def test_every_setting_is_described() -> None:
    assert [key for key, _, meaning in reference.settings() if len(meaning) < 10] == []


def test_every_event_is_described() -> None:
    assert [name for name, (text, _) in EVENTS.items() if len(text) < 20] == []


def test_every_code_has_a_status_and_a_sentence() -> None:
    titles = reference.texts_of.load("id")
    assert set(CODES) <= set(STATUS)
    assert [code for code in STATUS if not titles.get(f"error.{code}")] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"./mpp {name}" not in readme] == []


def test_every_room_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    laws = [*ROOT.glob("[a-z]*/README.md"), *ROOT.glob("server/*/README.md")]
    rooms = [law.parent.relative_to(ROOT).as_posix() for law in laws]
    assert [room for room in rooms if f"`{room}`" not in readme] == []


def test_what_the_documents_point_at_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGES.md", *ROOT.glob("docs/*.md")]
    targets = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))]
    assert [link for page, link in targets if not (page.parent / link).exists()] == []
