"""Pictures of every page and main state: `python -m tests.faces.pictures OUTDIR [NAME ...]`.

A name chooses the states that begin with it; each is taken at its sizes, the kiosk's main ones
also in large text, high contrast and low reach.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from server.cli.testing import find_browser
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.faces import states
from tests.faces.stage import Stage

#: sizes at which a kind of page is looked at
SIZES = {
    "kiosk": {"portrait": states.PORTRAIT, "landscape": states.WIDE, "tablet": (1280, 800)},
    "display": {"tv": states.TV},
}
WISHES = {"large": {"text": "large"}, "contrast": {"contrast": "high"}, "low": {"reach": "low"}}
WISHED = {"kiosk-home", "kiosk-service", "kiosk-result"}


def main(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        path = os.environ.get("MPP_CHROMIUM") or find_browser()
        browser = driver.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        for state in states.STAGED:
            if state.name.startswith(names):
                staged(browser, state, folder)
        if any(state.name.startswith(names) for state in states.SERVED):
            served(browser, folder, names)
        browser.close()


def staged(browser: Browser, state: states.OnStage, folder: Path) -> None:
    for label, (width, height) in SIZES[state.path.split("/")[1]].items():
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
        page = state.show(Stage(context.new_page()))
        taken(page, folder / f"{state.name}-{label}.png")
        for name, wish in WISHES.items() if state.name in WISHED and label == "portrait" else ():
            page.evaluate("(wish) => Object.assign(document.documentElement.dataset, wish)", wish)
            taken(page, folder / f"{state.name}-{label}-{name}.png")
            page.evaluate("(wish) => Object.keys(wish).forEach((key) => delete document.documentElement.dataset[key])", wish)
        context.close()


def served(browser: Browser, folder: Path, names: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as place, states.a_mall(browser, Path(place)) as mall:
        for state in states.SERVED:
            if state.name.startswith(names):
                page = state.show(mall)
                taken(page, folder / f"{state.name}.png")
                page.context.close()


def taken(page: Page, file: Path) -> None:
    page.evaluate("document.fonts.ready.then(() => null)")
    page.screenshot(path=file, full_page=page.viewport_size != {"width": 1080, "height": 1920}, animations="disabled")
    print(file)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or ("",))
