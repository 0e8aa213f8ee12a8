// Running durations: <time> elements that count by themselves from an instant of the view.
// Views hold instants, never ages, so the age is made here, from the server's time.

import { el, setText } from "./dom.js";
import { secondsSince, stopwatch } from "./clock.js";
import { t } from "./text.js";

const TICK_MS = 1000;
const STYLES = { words: short, watch: stopwatch };

/** "< 1 mnt", "12 mnt", "1 j 5 mnt": whole minutes that have passed, short enough for a list. */
function short(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return t("staff.age.under");
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours ? t("staff.age.hours", { hours, minutes: rest }) : t("staff.age.minutes", { minutes });
}

function refresh(node) {
  const seconds = secondsSince(node.dataset.since);
  setText(node, seconds === null ? "" : STYLES[node.dataset.style](seconds));
  const limit_s = Number(node.dataset.limit);
  if (limit_s && seconds !== null) node.dataset.over = String(seconds > limit_s);
}

/** A running duration since an ISO instant; `style` words | watch; past `limit_s` data-over is "true". */
export function age(since, { style = "words", limit_s = null } = {}) {
  const node = el("time", { class: "age", datetime: since, data: { since, style, limit: limit_s } });
  refresh(node);
  return node;
}

/** Keeps every age on the page running, and calls `also()` each second. */
export function keepAges(also = () => {}) {
  return setInterval(() => {
    document.querySelectorAll("time[data-since]").forEach(refresh);
    also();
  }, TICK_MS);
}
