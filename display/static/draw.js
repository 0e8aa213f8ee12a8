// The parts of the display, each from plain data.

import { closedBy, hallClosedBy } from "/shared/closed.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { zoneChip, zoneCss } from "/shared/zone.js";

const PAGE = 12; // gerai in the strip at a time

const chars = (number) => ({ "--chars": String(number.length), "--half": String(Math.max(...halves(number).map((half) => half.length))) });

/** "PTSP-" and "012": where a number may be broken into two lines. */
function halves(number) {
  const at = number.lastIndexOf("-") + 1;
  return [number.slice(0, at), number.slice(at)];
}

/** The current call, very large; `isNew` while it is being announced. Without one, the quiet words. */
export function drawCurrent(call, isNew, quiet) {
  if (!call) return el("p", { class: "opening" }, quiet);
  return el("div", { class: "call", data: { call: call.call_id, new: isNew }, css: zoneCss(call.zone_color) },
    el("p", { class: "zone-band" }, call.zone_name, call.recall && el("span", {}, t("display.recall", { n: call.count }))),
    el("p", { class: "label" }, t("display.now")),
    el("p", { class: "big number", css: chars(call.number) }, halves(call.number)[0], el("wbr"), halves(call.number)[1]),
    el("p", { class: "label" }, t("display.please_go")),
    el("p", { class: "counter" }, call.counter_label),
    el("p", { class: "gerai" }, call.gerai_name));
}

/** The earlier calls as a list. */
export function drawEarlier(calls) {
  return calls.length > 0 && [
    el("h2", {}, t("display.recent")),
    el("ol", {}, calls.map((call) => el("li", { data: { call: call.call_id } },
      el("span", { class: "number", css: chars(call.number) }, call.number),
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
    el("ul", { data: { few: rows.length <= 3 } }, rows.slice(from, from + PAGE).map((row) => el("li", {},
      el("span", { class: "name" }, row.gerai_name), el("strong", { class: "number" }, String(row.waiting))))),
  ];
}

/** What a loket says where no number stands: never by colour alone. */
const word = (row) => t(`display.state.${row.state}`);

/** The lokets of a board, page `turn` of them; `fit` as distance.js works it out. */
export function drawBoard(rows, fit, turn) {
  const size = fit.columns * fit.rows;
  const from = (turn % fit.pages) * size;
  return [
    el("ol", { class: "lokets", css: { "--columns": String(fit.columns), "--rows": String(fit.rows), "--font": `${fit.font}px` } },
      rows.slice(from, from + size).map((row) => el("li", { data: { counter: row.counter, state: row.state }, css: zoneCss(row.zone_color) },
        el("span", { class: "where" }, el("strong", {}, row.label), " ", el("span", { class: "place" }, row.gerai_short)),
        row.number ? el("span", { class: "number" }, row.number) : el("span", { class: "word" }, word(row))))),
    fit.pages > 1 && el("p", { class: "page-of" }, t("display.page", { n: (turn % fit.pages) + 1, of: fit.pages })),
  ];
}

/** One loket on a small screen above it. */
export function drawSign(row) {
  if (!row) return el("p", { class: "opening" }, t("display.opening"));
  return el("div", { class: "sign", data: { state: row.state }, css: zoneCss(row.zone_color) },
    el("p", { class: "zone-band" }, row.label, el("span", {}, row.gerai_name)),
    row.number && el("p", { class: "big number", css: chars(row.number) }, row.number),
    el("p", { class: "word" }, word(row)));
}

/** One of those closed today at a time, by name: {gerai_name, service_name, reason, why}. */
export function drawClosure(rows, turn) {
  const row = rows[turn % rows.length];
  if (!row.gerai) return [hallClosedBy(row)];
  return [el("strong", {}, [row.gerai_name, row.service_name].filter(Boolean).join(", ")), " – ", closedBy(row)];
}

/** Words that run when they are longer than the place; the sheet lets them stand where nothing may move. */
export function drawTicker(words) {
  return el("p", { class: "run", css: { "--letters": String(words.length) } }, words);
}
