// Searching with large own keys: the system's keyboard is small, covers the page, or is absent.

import { el } from "/shared/dom.js";
import { language, t } from "/shared/text.js";
import { mostWanted } from "./choose.js";
import { find, otherNames } from "./find.js";
import { geraiTile, serviceTile } from "./tiles.js";

const ROWS = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];
const FOUND_MAX = 12;

function key(name, words, onClick, label = null) {
  return el("button", { type: "button", class: "key", "aria-label": label, data: { focus: `key:${name}`, key: name }, onClick }, words);
}

function keyboard(query, act) {
  const letters = (row) => [...row].map((letter) => key(letter, letter, () => act.toSearch(query + letter.toLowerCase())));
  return el("div", { class: "keyboard", role: "group", "aria-label": t("kiosk.keyboard") },
    letters(ROWS[0]), letters(ROWS[1]),
    key("back", "⌫", () => act.toSearch(query.slice(0, -1)), t("kiosk.key_delete")),
    letters(ROWS[2]),
    key("space", t("kiosk.key_space"), () => act.toSearch(query && !query.endsWith(" ") ? `${query} ` : query)),
    key("clear", t("kiosk.key_clear"), () => act.toSearch("")));
}

function results(data, found, act) {
  const short = (service) => data.gerai.find((one) => one.code === service.gerai)?.short;
  return el("ul", { class: "tiles" }, found.map(({ service, gerai }) =>
    (service ? serviceTile(service, short(service), act) : geraiTile(data, gerai, act))));
}

/** The search page for what was typed so far. */
export function drawSearch(data, query, act) {
  const found = find(query, data, otherNames(t("kiosk.search_names"))).slice(0, FOUND_MAX);
  const shown = query.trim() ? found : mostWanted(data.services).map((service) => ({ service }));
  const words = !query.trim() ? t("kiosk.popular") : found.length ? t("kiosk.found", { n: found.length }) : t("kiosk.found_none");
  return el("div", { class: "search" },
    el("h1", { class: "visually-hidden", tabindex: "-1" }, t("kiosk.search")),
    el("div", { class: "asking" }, el("input", {
      id: "query", type: "text", value: query, lang: language(), inputmode: "none", autocomplete: "off", spellcheck: "false",
      maxlength: "40", placeholder: t("kiosk.search_hint"), "aria-label": t("kiosk.search_hint"),
      data: { focus: "query", first: "" }, onInput: (event) => act.toSearch(event.target.value),
    }), el("button", { type: "button", id: "more-found", hidden: true, data: { focus: "more-found" } },
      el("span", { class: "sign", "aria-hidden": "true" }), " ", el("span", { class: "words" }))), // more.js
    el("section", { class: "found" }, el("h2", {}, el("span", { role: "status" }, words)),
      found.length || !query.trim() ? results(data, shown, act)
        : el("button", { type: "button", id: "ask", data: { kind: "main", focus: "ask" }, onClick: act.toHelp }, t("kiosk.unknown_ask"))),
    keyboard(query, act));
}
