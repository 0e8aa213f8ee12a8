// The parts of the display, each from plain data.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { zoneChip, zoneCss } from "/shared/zone.js";

const PAGE = 12; // gerai in the strip at a time

/** The current call, very large; `isNew` while it is being announced. Without one, the quiet words. */
export function drawCurrent(call, isNew, quiet) {
  if (!call) return el("p", { class: "opening" }, quiet);
  return el("div", { class: "call", data: { call: call.call_id, new: isNew }, css: zoneCss(call.zone_color) },
    el("p", { class: "zone-band" }, call.zone_name, call.recall && el("span", {}, t("display.recall", { n: call.count }))),
    el("p", { class: "label" }, t("display.now")),
    el("p", { class: "big number", css: { "--chars": String(call.number.length) } }, call.number),
    el("p", { class: "label" }, t("display.please_go")),
    el("p", { class: "counter" }, call.counter_label),
    el("p", { class: "gerai" }, call.gerai_name));
}

/** The earlier calls as a list. */
export function drawEarlier(calls) {
  return calls.length > 0 && [
    el("h2", {}, t("display.recent")),
    el("ol", {}, calls.map((call) => el("li", { data: { call: call.call_id } },
      el("span", { class: "number", css: { "--chars": String(call.number.length) } }, call.number),
      el("span", { class: "where" }, el("strong", {}, call.counter_label), " ", zoneChip(call.zone_name, call.zone_color),
        el("span", { class: "place" }, call.gerai_name))))),
  ];
}

/** How many wait at each gerai; more than fit are shown in turn (page n of `pages`). */
export function drawWaiting(rows, turn) {
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const from = (turn % pages) * PAGE;
  return [
    el("h2", {}, t("display.waiting")),
    el("ul", {}, rows.slice(from, from + PAGE).map((row) => el("li", {},
      el("span", { class: "name" }, row.gerai_name), el("strong", { class: "number" }, String(row.waiting))))),
  ];
}
