// What the parts of the page share: lists from the API, tables that become cards on a narrow screen.

import { el } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { t } from "/shared/text.js";

export const API = "/api/v1";

/** The answer's body; throws its answer when it is none, for the page to say. */
export async function asked(path) {
  const answer = await get(`${API}${path}`);
  if (!answer.ok) throw answer;
  return answer.body;
}

export const listed = async (path) => (await asked(path)).items;

/** A table; `cols` name the heads (admin.col.*), each row is [data attributes, cells]. */
export function table(cols, rows) {
  if (!rows.length) return el("p", { class: "quiet" }, t("admin.nothing"));
  return el("div", { class: "scroll" }, el("table", { class: "list" },
    el("thead", {}, el("tr", {}, cols.map((name) => el("th", { scope: "col" }, t(`admin.col.${name}`))))),
    el("tbody", {}, rows.map(([data, cells]) => el("tr", { data }, cells.map((cell, n) => (n === 0
      ? el("th", { scope: "row" }, cell) : el("td", { data: { col: cols[n] } }, cell))))))));
}

/** The title of a form: what is changed by its name, with its code small beside it. */
export function titleOf(name, code) {
  return [t("admin.change_of", { name }), ...(code && code !== name ? [" ", el("span", { class: "quiet code-of" }, code)] : [])];
}

/** A small button of a row. */
export function small(word, focus, off, onClick) {
  return el("button", { type: "button", class: "small", disabled: off, data: { focus, act: focus.split("-")[0] }, onClick }, t(word));
}

/** The button that adds. */
export function adder(word, off, onClick) {
  return el("button", { type: "button", data: { kind: "main", focus: "add" }, disabled: off, onClick }, t(word));
}
