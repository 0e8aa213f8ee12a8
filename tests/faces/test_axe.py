"""Every page and main state under axe-core: no violation, plain and in high contrast with large text.

Planted, each seen red and taken out: --ink-soft of high contrast #555555; the desk's hidden `<h1>` left
out; `lang` off base.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.faces import states
from tests.faces.stage import Stage
from tests.faces.staff.mall import Mall

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
LOOK = "document.documentElement.dataset"
SCENES = [list(states_of) for _, states_of in groupby(states.SERVED, key=lambda state: state.scene)]
#: the rules whose outcome hangs on colours and sizes; the others read the same page whatever it looks like
OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size"]
RUN = """async (only) => {
  const which = only ? { runOnly: only } : { rules: { "target-size": { enabled: true } } };
  const told = await axe.run(document, { preload: false, resultTypes: ["violations"], ...which });
  return told.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1).join(";")}`)); }"""


@cache
def axe() -> str:
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, and as somebody who sees little has it."""
    page.evaluate(axe())
    found = page.evaluate(RUN)
    page.evaluate(f"was = {{ ...{LOOK} }}; Object.assign({LOOK}, {{ contrast: 'high', text: 'large' }})")
    found += [f"in high contrast: {one}" for one in page.evaluate(RUN, OF_LOOKS) if one not in found]
    page.evaluate(f"delete {LOOK}.contrast; delete {LOOK}.text; Object.assign({LOOK}, was)")
    return found


@pytest.mark.parametrize("state", states.STAGED, ids=lambda state: state.name)
def test_a_visitors_page(stage: Stage, complaints: list[str], state: states.OnStage) -> None:
    page = state.show(stage)
    own = list(complaints)
    found = violations(page)
    complaints[:] = own  # axe-core itself tries inline styles, which the policy forbids
    assert found == []


@pytest.fixture(scope="module")
def mall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    with states.a_mall(chromium, tmp_path_factory.mktemp("axe")) as mall:
        yield mall


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene[0].name)
def test_a_page_of_the_house(mall: Mall, scene: list[states.OnServer]) -> None:
    page = scene[0].show(mall)
    found = {scene[0].name: violations(page)}
    for state in scene[1:]:
        state.follow(mall, page)
        found[state.name] = violations(page)
    page.context.close()
    assert {name: told for name, told in found.items() if told} == {}


def test_axe_is_the_pinned_one_with_its_licence() -> None:
    assert axe().startswith("/*! axe v4.14.1")
    assert "Mozilla Public License" in AXE.with_name("axe.LICENSE.txt").read_text("utf-8")
