// What does not fit on the screen: the home page is set more tightly first; then a card that the lower edge
// would cut is left for the next page, and one large button says that there is one and goes there.

import { setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

const HIDDEN_PX = 24; // less than this below the edge is not worth a word
const STEP = 0.7; // of the visible height, where no card stands at the edge
const DENSEST = 2; // page.css, data-dense
const GAP_PX = 12; // above the first card of a page that was turned to

/** Keeps `area` as full as it can be, and `button` shown while it has more than fits. */
export function createMore(area, button) {
  // While shown, the button itself takes room: without it, so much less would be hidden.
  const room_px = () => area.clientHeight + (button.hidden ? 0 : button.offsetHeight);
  const isEnd = () => area.scrollHeight - area.scrollTop - area.clientHeight < HIDDEN_PX;
  const isOver = () => area.scrollHeight - room_px() >= HIDDEN_PX;
  const edge_px = () => area.getBoundingClientRect().top + area.clientHeight;
  const top_px = (card) => card.getBoundingClientRect().top;

  /** The loosest setting of the home page that fits; the plain one where none does. */
  function fit() {
    delete area.dataset.dense;
    if (!area.querySelector(".home")) return;
    for (let dense = 1; dense <= DENSEST && isOver(); dense += 1) area.dataset.dense = String(dense);
    if (isOver()) delete area.dataset.dense;
  }

  function look() {
    const isMore = isOver();
    button.hidden = !isMore;
    for (const card of area.querySelectorAll(".tile")) {
      const isCut = isMore && top_px(card) < edge_px() && card.getBoundingClientRect().bottom > edge_px() + 1;
      card.toggleAttribute("data-cut", isCut);
    }
    setText(button, isEnd() ? `▲ ${t("kiosk.more_back")}` : `▼ ${t("kiosk.more")}`);
  }

  /** To the first card that is not whole yet, or back to the top from the end. */
  function turn() {
    const ahead = [...area.querySelectorAll(".tile")].filter((card) => card.hasAttribute("data-cut") || top_px(card) >= edge_px());
    const first_px = Math.min(...ahead.map(top_px));
    const step = Number.isFinite(first_px) ? first_px - area.getBoundingClientRect().top - GAP_PX : area.clientHeight * STEP;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    area.scrollTo({ top: isEnd() ? 0 : area.scrollTop + step, behavior: isStill ? "auto" : "smooth" });
  }

  const again = () => {
    fit();
    look();
  };
  button.addEventListener("click", turn);
  area.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(again).observe(area);
  const watch = new MutationObserver(again);
  watch.observe(area, { childList: true });
  watch.observe(document.documentElement, { attributes: true }); // larger letters, another contrast
}
