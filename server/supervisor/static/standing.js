// How a gerai stands against its promises: calm, near or over, in a word with a shape, from the instants of the view.

import { now_ms } from "/shared/clock.js";
import { el, setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** "calm", "near" or "over" of {near_at, over_at} (ISO instants or null). */
export function standingOf({ near_at, over_at }, now = now_ms()) {
  const past = (instant) => Boolean(instant) && now !== null && now >= Date.parse(instant);
  if (past(over_at)) return "over";
  return past(near_at) ? "near" : "calm";
}

/** The data attributes of what stands so; `keepStandings` keeps them true. */
export function watched(one) {
  return { standing: standingOf(one), near: one.near_at, over: one.over_at };
}

/** The word, inside an element with the attributes above. */
export function word(one) {
  return el("span", { class: "word" }, t(`supervisor.standing.${standingOf(one)}`));
}

/** Brings every standing on the page up to the present second. */
export function keepStandings() {
  for (const node of document.querySelectorAll("[data-standing]")) {
    const standing = standingOf({ near_at: node.dataset.near, over_at: node.dataset.over });
    if (node.dataset.standing === standing) continue;
    node.dataset.standing = standing;
    const said = node.querySelector(".word");
    if (said) setText(said, t(`supervisor.standing.${standing}`));
  }
}
