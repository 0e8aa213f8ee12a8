// What does not fit on the screen: the home page is set more tightly first; then a card that the lower edge
// would cut is left for the next page, and one large button says that there is one and goes there.

import { setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

const HIDDEN_PX = 24; // less than this below the edge is not worth a word
const STEP = 0.7; // of the visible height, where no card stands at the edge
const DENSEST = 2; // page.css, data-dense
const GAP_PX = 12; // above the first card of a page that was turned to

/** What scrolls (`box`), the button that turns its page, and how much room the button takes from it (px). */
function pager(box, button, taken_px) {
  // While shown, the button itself takes room: without it, so much less would be hidden.
  const room_px = () => box.clientHeight + (button.hidden ? 0 : taken_px);
  const isEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < HIDDEN_PX;
  const isOver = () => box.scrollHeight - room_px() >= HIDDEN_PX;
  const edge_px = () => box.getBoundingClientRect().top + box.clientHeight;
  const top_px = (card) => card.getBoundingClientRect().top;
  const cards = () => [...box.querySelectorAll(".tile")].filter((card) => card.closest(".found .tiles, #screen") === box);

  function look() {
    const isMore = isOver();
    button.hidden = !isMore;
    for (const card of cards()) {
      const isCut = isMore && top_px(card) < edge_px() && card.getBoundingClientRect().bottom > edge_px() + 1;
      card.toggleAttribute("data-cut", isCut);
    }
    const words = t(isEnd() ? "kiosk.more_back" : "kiosk.more");
    setText(button.querySelector(".sign"), isEnd() ? "▲" : "▼");
    setText(button.querySelector(".words"), words);
  }

  /** To the first card that is not whole yet, or back to the top from the end. */
  function turn(gap_px) {
    const ahead = cards().filter((card) => card.hasAttribute("data-cut") || top_px(card) >= edge_px());
    const first_px = Math.min(...ahead.map(top_px));
    const step = Number.isFinite(first_px) ? first_px - box.getBoundingClientRect().top - gap_px : box.clientHeight * STEP;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: isEnd() ? 0 : box.scrollTop + step, behavior: isStill ? "auto" : "smooth" });
  }

  return { isOver, look, turn };
}

/** Keeps `area` as full as it can be, and `button` shown while it has more than fits; the list of what was found too. */
export function createMore(area, button) {
  const page = () => pager(area, button, button.offsetHeight);

  function found() {
    const [list, turner] = [area.querySelector(".found .tiles"), area.querySelector("#more-found")];
    return list && turner && pager(list, turner, 0); // it stands beside the list
  }

  /** The loosest setting of the home page that fits; the plain one where none does. */
  function fit() {
    delete area.dataset.dense;
    if (!area.querySelector(".home")) return;
    const { isOver } = page();
    for (let dense = 1; dense <= DENSEST && isOver(); dense += 1) area.dataset.dense = String(dense);
    if (isOver()) delete area.dataset.dense;
  }

  function look() {
    found()?.look();
    page().look();
  }

  const again = () => {
    fit();
    look();
  };
  button.addEventListener("click", () => page().turn(GAP_PX));
  area.addEventListener("click", (event) => event.target.closest("#more-found") && found().turn(0));
  area.addEventListener("scroll", look, { passive: true, capture: true }); // of the list within it too
  new ResizeObserver(again).observe(area);
  const watch = new MutationObserver(again);
  watch.observe(area, { childList: true });
  watch.observe(document.documentElement, { attributes: true }); // larger letters, another contrast
}
