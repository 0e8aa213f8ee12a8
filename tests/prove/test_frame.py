"""What all campaigns share: the command, the planted bugs, the pages.

Planted: a campaign that ended early without a broken promise counted as caught -> red; what could not be tried ending
with 0 -> red; two places of a plant's text replaced -> red.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from server.cli import prove
from server.cli.faults import Stop
from server.cli.places import home
from server.ops.bench.servers import NotStarted
from server.ops.prove import plants
from server.ops.prove.campaign import CAMPAIGNS, Findings, Order, Plant, campaign
from server.ops.prove.page import tells_of_long, write, write_controls
from server.ops.prove.plants import Caught, catch, planted



@pytest.mark.parametrize("name", CAMPAIGNS)
def test_every_campaign_says_what_it_tries_and_its_plants_have_their_place(name: str) -> None:
    told = campaign(name)
    assert told.TITLE and len(told.HOW) > 100 and callable(told.run) and told.PLANTS
    for plant in told.PLANTS:
        assert (home() / plant.file).read_text("utf-8").count(plant.old) == 1, plant.name


def test_a_plant_is_put_into_a_copy_only() -> None:
    plant = Plant("no overview", "server/cli/main.py", "def _overview() -> str:", "def _overview_() -> str:")
    with planted(plant) as copy:
        assert "def _overview_() -> str:" in (copy / plant.file).read_text()
        assert plant.old in (home() / plant.file).read_text()
    assert not copy.exists()
    with pytest.raises(ValueError, match="has 2 times"), planted(Plant("x", plant.file, "BAD_ARGUMENTS", "")):
        raise AssertionError("a text that stands there twice is no place")


@pytest.mark.parametrize(
    ("code", "said", "is_caught"),
    [(1, "- P1: lost", True), (1, "Traceback", False), (0, "- none", False), (3, "- P1: lost", False)],
)
def test_only_a_broken_promise_is_a_bug_found(monkeypatch: pytest.MonkeyPatch, code: int, said: str, is_caught: bool) -> None:
    monkeypatch.setattr(plants, "PARTS", ("setup.cfg",))
    monkeypatch.setattr(plants.subprocess, "run", lambda *a, **k: SimpleNamespace(returncode=code, stdout=said + "\n", stderr=""))
    assert catch("paper", Plant("p", "setup.cfg", "name = antrian-mpp", "name = other"), 1).is_caught is is_caught


@pytest.mark.parametrize(
    ("findings", "code"),
    [(Findings(), 0), (Findings(broken=["P1"]), 1), (Findings(left_out=["strace"]), 3), (Findings(broken=["P1"], left_out=["x"]), 1)],
)
def test_the_exit_code_says_what_came_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, findings: Findings, code: int
) -> None:
    monkeypatch.setattr(campaign("paper"), "run", lambda order: findings)
    assert prove.run(["paper", "--seed", "7", "--out", str(tmp_path)]) == code
    text = (tmp_path / "paper.md").read_text()
    for line in (f"**Promises broken: {len(findings.broken)}.**", "./mpp prove paper --seed 7", *findings.broken, *findings.left_out):
        assert line in text
    assert f"**Promises broken: {len(findings.broken)}.**" in capsys.readouterr().out


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_page_of_each_campaign_tells_of_a_long_run(name: str) -> None:
    """And is known as such, or the next short run would be written over it."""
    assert tells_of_long(prove.PAGES / f"{name}.md")


def test_a_short_run_does_not_replace_the_page_of_a_long_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Planted: a short run writes no page; it always does -> red each."""
    monkeypatch.setattr(prove, "PAGES", tmp_path)
    monkeypatch.setattr(campaign("paper"), "run", lambda order: Findings(figures=["short" if not order.is_long else "long"]))
    for words, stands in (([], "\nshort\n"), (["--long"], "\nlong\n"), ([], "\nlong\n")):
        prove.run(["paper", *words])
        assert stands in (tmp_path / "paper.md").read_text()


def test_a_page_says_of_what_size_a_run_was_told_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Planted: only the command's own words are written down -> red."""
    monkeypatch.setenv("MPP_PROVE_FLOORS", "1x30")
    write(tmp_path, "floors", Order(is_long=True, seed=11, say=print), Findings())
    assert "Repeat: `MPP_PROVE_FLOORS=1x30 ./mpp prove floors --long --seed 11`" in (tmp_path / "floors.md").read_text()


def test_the_pages_of_a_long_run_and_of_the_controls(tmp_path: Path) -> None:
    write(tmp_path, "paper", Order(is_long=True, seed=3, say=print), Findings(figures=["| a |"]))
    assert "`./mpp prove paper --long --seed 3`" in (tmp_path / "paper.md").read_text()
    plant = Plant("lost", "x", "y", "z")
    write_controls(tmp_path, 3, [Caught("paper", plant, True, "a | b"), Caught("paper", plant, False, "")])
    text = (tmp_path / "controls.md").read_text()
    assert "**Caught: 1 of 2.**" in text and "a \\| b" in text and "| **no** |" in text


def test_a_broken_promise_outranks_what_could_not_be_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And what could not be started does not keep the others from their turn. Planted: the greatest of the codes; the first refusal ends all -> red."""
    def no_start(order: Order) -> Findings:
        raise NotStarted("no port")

    for name, does in (("paper", no_start), ("clock", lambda order: Findings(broken=["P1"])), ("power", lambda order: Findings(left_out=["strace"]))):
        monkeypatch.setattr(campaign(name), "run", does)
    assert prove.run(["paper", "clock", "power", "--out", str(tmp_path)]) == 1
    assert prove.run(["paper", "power", "--out", str(tmp_path)]) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"clock.md", "power.md"}


def test_controls_of_one_campaign_leave_the_page_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(prove, "PAGES", tmp_path)
    monkeypatch.setattr(prove, "catch_all", lambda names, seed, say: [])
    prove.run(["paper", "--controls"])
    assert not (tmp_path / "controls.md").exists()
    prove.run(["--controls"])
    assert (tmp_path / "controls.md").exists()


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(campaign("paper"), "run", lambda order: pytest.fail("tried"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(Stop, match="tidak dapat dibuat"):
        prove.run(["paper", "--out", str(tmp_path / "file")])
