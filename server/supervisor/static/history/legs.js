// The legs behind a figure: which are meant in words, then a list of them, page by page.

import { byId, el, replace } from "/shared/dom.js";
import { timeOf, useZone } from "/shared/clock.js";
import { enter, leave } from "/shared/login.js";
import { has, problem, t } from "/shared/text.js";
import { figures } from "./asking.js";
import { filterWords } from "./choose.js";
import { clock, count } from "./numbers.js";
import { dateWords, hourWords, periodOf, periodWords, slotWords, weekdayWords } from "./periods.js";
import { scrolled, tableOf } from "./svg.js";
import { FILTERS, backOf, furtherOf, legsAsked, legsWish } from "./wish.js";

const ROLES = ["supervisor", "admin", "viewer", "agency_head"];
const NAMED = ["zone", ...FILTERS, "officer"];
const COLUMNS = ["number", "date", "wait", "service_time", "state", "service", "counter", "queued", "called", "ended"];
const wish = legsWish(window.location.search);

enter({ place: byId("gate"), roles: ROLES, onReady: begin });

async function begin(me) {
  byId("strip").hidden = byId("past").hidden = false;
  replace(byId("who"), me.name);
  byId("back").href = backOf(wish);
  byId("leave").addEventListener("click", leave);
  const answer = await figures(`/figures/legs?${legsAsked(wish)}`);
  if (answer.status === 401) return window.location.reload();
  if (!answer.ok) return replace(byId("told"), el("p", { class: "notice", role: "status", data: { kind: "bad" } }, answer.body?.errors?.[0]?.message || problem(answer)));
  useZone(answer.body.timezone);
  return draw(answer.body);
}

function draw({ items, next, total, names }) {
  replace(byId("told"), el("p", { class: "meant" }, meant(names)), el("p", { id: "total" }, t(total === 1 ? "history.one_leg" : "history.n_legs", { n: count(total) })));
  const heads = COLUMNS.map((name) => t(`history.leg.${name}`));
  replace(byId("drawn"), items.length ? scrolled(t("history.legs"), tableOf(t("history.legs"), heads, items.map((leg) => row(leg, names)))) : null,
    el("nav", { class: "pages", "aria-label": t("history.pages") },
      wish.told.after ? el("a", { class: "button", href: furtherOf(wish, null), data: { go: "first" } }, t("history.first_page")) : null,
      next ? el("a", { class: "button", href: furtherOf(wish, next), data: { go: "next" } }, t("history.next_page")) : null));
}

/** "Waktu tunggu · Oktober 2026 · Gerai: … · Senin · pukul 08.00–08.59 · lebih dari 15 menit" */
function meant(names) {
  const { told } = wish;
  const bounds = [["over", "history.more_than"], ["upto", "history.at_most"]].filter(([name]) => told[name])
    .map(([name, key]) => t(key, { n: count(Math.round(told[name] / 60)) }));
  return [
    t(told.counts ? `history.counts.${told.counts}` : "history.counts.all"),
    periodWords(periodOf(null, wish.from, wish.to), wish),
    ...NAMED.filter((name) => told[name]).map((name) => `${t(`history.filter.${name}`)}: ${names[name]?.[told[name]] || filterWords(name, told[name], null)}`),
    told.month ? slotWords("month", told.month) : null,
    told.date && told.date !== wish.from ? dateWords(told.date) : null,
    told.weekday ? weekdayWords(told.weekday) : null,
    told.hour ? t("history.at_hour", { hour: hourWords(told.hour) }) : null,
    ...bounds,
  ].filter(Boolean).join(" · ");
}

function row(leg, names) {
  const time = (instant) => (instant ? timeOf(instant) : "–");
  const place = names.gerai[leg.gerai] || leg.gerai;
  return [leg.label, slotWords("date", leg.business_date), clock(leg.wait), clock(leg.service_time), stateWords(leg),
    [names.service[leg.service] || leg.service, el("span", { class: "which" }, place)], names.counter[leg.counter] || leg.counter || "–",
    time(leg.queued_at), time(leg.first_called_at), time(leg.ended_at)];
}

/** How it went; a time that is not to be believed is said so, for it is in no figure of times. */
function stateWords({ state, wait_reliable: wait, service_reliable: service }) {
  const word = has(`state.${state}`) ? t(`state.${state}`) : state;
  return wait && service ? word : [word, el("span", { class: "which" }, t("history.doubted"))];
}
