// Says that a page goes on below the edge, and scrolls there at one touch: not everyone swipes.

import { setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

const HIDDEN_PX = 24; // less than this below the edge is not worth a word
const STEP = 0.7; // of the visible height

/** Keeps `button` shown while `area` has more below. */
export function createMore(area, button) {
  function look() {
    const below_px = area.scrollHeight - area.scrollTop - area.clientHeight;
    // While shown, the button itself takes room: without it, so much less would be hidden.
    const room_px = button.hidden ? 0 : button.offsetHeight;
    button.hidden = below_px - room_px < HIDDEN_PX;
    setText(button, `▼ ${t("kiosk.more")}`);
  }
  button.addEventListener("click", () => area.scrollBy({ top: area.clientHeight * STEP, behavior: "smooth" }));
  area.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(area);
  const watch = new MutationObserver(look);
  watch.observe(area, { childList: true });
  watch.observe(document.documentElement, { attributes: true }); // larger letters, another contrast
}
