// Small helpers for charts drawn as inline SVG, and the frame each stands in: title, key, drawing, and the table behind it.

import { el, replace } from "/shared/dom.js";
import { t } from "/shared/text.js";

const NS = "http://www.w3.org/2000/svg";

/** svg("rect", {x: 1, class: "bar"}, ...children): what is null or false is left out. */
export function svg(tag, props, ...children) {
  const node = document.createElementNS(NS, tag);
  const is = (value) => value !== null && value !== undefined && value !== false;
  for (const [name, value] of Object.entries(props || {})) if (is(value)) node.setAttribute(name, String(value));
  node.append(...children.flat(2).filter(is));
  return node;
}

/** A drawing of this size in pixels, with what it shows in words. */
export function drawing(width, height, label, ...children) {
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label }, ...children);
}

/** Something on a drawing that opens into its legs. The table behind has the same link, so the keyboard need not pass here. */
export function link(href, label, ...children) {
  return svg("a", { href, "aria-label": label, tabindex: -1 }, svg("title", {}, label), ...children);
}

export const words = (x, y, text, props = {}) => svg("text", { x, y, ...props }, text);

/** Round steps from 0 to at least `most`: [0, 50, 100], not more than five. */
export function ticks(most) {
  const wanted = Math.max(1, most) / 4;
  const ten = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * ten).find((one) => one >= wanted));
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, n) => n * step);
}

/** A chart with its table; `draw(width)` gives the drawing for so many pixels, again whenever the room for it changes. */
export function chart({ name, title, say, keys = [], draw, table }) {
  const room = el("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": title });
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(room.clientWidth);
    if (width && width !== drawn) replace(room, draw((drawn = width)));
  }).observe(room);
  return el("section", { class: "box chart", data: { chart: name } },
    el("h2", {}, title), el("p", { class: "quiet" }, say),
    keys.length ? el("ul", { class: "keys" }, keys.map(([mark, word]) => el("li", {}, mark, word))) : null,
    room, el("details", {}, el("summary", {}, t("history.show_table")), scrolled(title, table)));
}

/** A table that may be wider than its place. */
export function scrolled(label, table) {
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, table);
}

/** A real table: `heads` texts, `rows` of cells of which the first heads its row. */
export function tableOf(caption, heads, rows) {
  return el("table", {}, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))),
    el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), rest.map((one) => el("td", {}, one))))));
}
