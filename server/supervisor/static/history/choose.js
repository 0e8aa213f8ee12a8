// Choosing on the history page: the kind of period, one back or forth, which one, and what it is narrowed to.

import { el, replace } from "/shared/dom.js";
import { has, t } from "/shared/text.js";
import { PERIODS, around, isDate, moved, periodWords } from "./periods.js";
import { FILTERS, MEASURES, addressOf } from "./wish.js";

const LISTED = { month: 37, quarter: 13, year: 4 }; // as far back as one question may reach
const KINDS = { channel: ["kiosk", "petugas", "online", "bergerak", "api"], mode: ["langsung", "elektronik", "mandiri", "bergerak"] };
const go = (address) => window.location.assign(address);

/** The row of periods and, below it, < one >; `today` may be unknown when the server refused. */
export function chooser(wish, today) {
  const from = isDate(wish.from) ? wish.from : today;
  const stretch = isDate(wish.to) ? { from, to: wish.to } : around(wish.period, from);
  const last = today && stretch.to > today && stretch.from <= today ? today : stretch.from;
  const tab = (period) => el("a", { class: "button small", "aria-current": period === wish.period ? "true" : null, data: { period },
    href: addressOf(wish, { period, ...(period === "range" ? stretch : around(period, last)) }) }, t(`history.period.${period}`));
  const step = (by, sign) => {
    const to = moved(wish.period, stretch, by);
    const isOff = by > 0 && today && to.from > today;
    return el(isOff ? "span" : "a", { class: `button step${isOff ? " off" : ""}`, href: isOff ? null : addressOf(wish, to), data: { step: by },
      "aria-label": t(by < 0 ? "history.earlier" : "history.later", { period: periodWords(wish.period, to) }), role: isOff ? "img" : null }, sign);
  };
  return [
    el("nav", { class: "periods", "aria-label": t("history.periods") }, PERIODS.map(tab)),
    el("div", { class: "which-one" }, step(-1, "‹"), el("h2", { id: "period" }, periodWords(wish.period, stretch)), step(1, "›"), picker(wish, stretch, today)),
  ];
}

/** A list of months, quarters or years; a date for a day or week; two for a range. */
function picker(wish, stretch, today) {
  if (wish.period === "range") return range(wish, stretch);
  const first = LISTED[wish.period] ? listOf(wish, stretch, today) : el("input", { id: "pick", type: "date", class: "field", value: stretch.from, max: today });
  const show = (event) => {
    event.preventDefault();
    if (isDate(first.value)) go(addressOf(wish, around(wish.period, first.value)));
  };
  return el("form", { class: "pick", onSubmit: show }, el("label", { for: "pick", class: "visually-hidden" }, t("history.pick")), first,
    el("button", { type: "submit", class: "small" }, t("history.show")));
}

function listOf({ period }, stretch, today) {
  let one = around(period, today || stretch.from);
  const found = [];
  for (let n = 0; n < LISTED[period]; n += 1, one = moved(period, one, -1)) found.push(one);
  if (!found.some(({ from }) => from === stretch.from)) found.push(stretch);
  const select = el("select", { id: "pick", class: "field" }, found.map((each) => el("option", { value: each.from }, periodWords(period, each))));
  select.value = stretch.from;
  return select;
}

function range(wish, stretch) {
  const input = (id, value, word) => [el("label", { for: id }, t(word)), el("input", { id, type: "date", class: "field", value, required: true })];
  const show = (event) => {
    event.preventDefault();
    go(addressOf(wish, { from: document.getElementById("from").value, to: document.getElementById("to").value }));
  };
  return el("form", { class: "pick", onSubmit: show }, input("from", stretch.from, "history.from"), input("to", stretch.to, "history.to"),
    el("button", { type: "submit", class: "small" }, t("history.show")));
}

/** What there is to choose of a filter: [[code, name]]; services and counters of the gerai in hand only. */
function optionsOf(name, choices, gerai) {
  if (KINDS[name]) return KINDS[name].map((code) => [code, filterWords(name, code, choices)]);
  const rows = choices[name].filter((row) => !gerai || !row.gerai || row.gerai === gerai);
  const place = new Map(choices.gerai.map((row) => [row.code, row.name]));
  const known = rows.map((row) => [row.code, row.gerai && !gerai ? `${row.name} (${place.get(row.gerai) || row.gerai})` : row.name]);
  return name === "priority" ? [["umum", t("history.priority.umum")], ...known] : known;
}

/** A filter's value in words. */
export function filterWords(name, code, choices) {
  if (code === "-") return t("history.none_of_it");
  const own = `history.${name}.${code}`;
  return has(own) ? t(own) : choices?.[name]?.find((row) => row.code === code)?.name || code;
}

/** The form of filters, closed until wanted, with what is chosen in words above it. */
export function narrower(wish, choices) {
  const chosen = Object.entries(wish.filters);
  const select = (name, gerai) => {
    const options = optionsOf(name, choices, gerai);
    const value = wish.filters[name] ?? "";
    if (value && !options.some(([code]) => code === value)) options.push([value, filterWords(name, value, choices)]);
    const made = el("select", { id: `filter-${name}`, class: "field" }, el("option", { value: "" }, t("history.all")), options.map(([code, word]) => el("option", { value: code }, word)));
    made.value = value;
    return made;
  };
  const fields = Object.fromEntries(FILTERS.map((name) => [name, select(name, wish.filters.gerai)]));
  fields.gerai.addEventListener("change", () => ["service", "counter"].forEach((name) =>
    replace(fields[name], el("option", { value: "" }, t("history.all")), optionsOf(name, choices, fields.gerai.value).map(([code, word]) => el("option", { value: code }, word)))));
  const apply = (event) => {
    event.preventDefault();
    go(addressOf(wish, { filters: Object.fromEntries(FILTERS.filter((name) => fields[name].value).map((name) => [name, fields[name].value])) }));
  };
  return [
    chosen.length ? el("ul", { class: "chosen", "aria-label": t("history.narrowed") }, chosen.map(([name, code]) => chip(wish, name, filterWords(name, code, choices)))) : null,
    el("details", { class: "narrow" }, el("summary", {}, t("history.narrow")), el("form", { onSubmit: apply },
      FILTERS.map((name) => el("div", { class: "entry" }, el("label", { for: `filter-${name}` }, t(`history.filter.${name}`)), fields[name])),
      el("div", { class: "endings" }, el("a", { class: "button small", href: addressOf(wish, { filters: {} }) }, t("history.narrow_none")),
        el("button", { type: "submit", class: "small", data: { kind: "main" } }, t("history.narrow_yes"))))),
  ];
}

function chip(wish, name, word) {
  const filters = Object.fromEntries(Object.entries(wish.filters).filter(([other]) => other !== name));
  const words = `${t(`history.filter.${name}`)}: ${word}`;
  return el("li", {}, words, el("a", { href: addressOf(wish, { filters }), "aria-label": t("history.unnarrow", { what: words }) }, "×"));
}

/** What the heat map and the trend tell of. */
export function measures(wish) {
  return el("nav", { class: "measures", "aria-label": t("history.measures") }, el("span", {}, t("history.measures")), MEASURES.map((measure) =>
    el("a", { class: "button small", "aria-current": measure === wish.measure ? "true" : null, href: addressOf(wish, { measure }), data: { measure } },
      t(`history.measure.${measure}`))));
}
