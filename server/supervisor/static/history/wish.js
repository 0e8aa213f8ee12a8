// What the history page is asked for, as it stands in its address: one address for each state, so that it can be kept.

import { periodOf } from "./periods.js";

const PAGE = "/supervisor/riwayat";
const LEGS = `${PAGE}/langkah`;
export const FILTERS = ["agency", "gerai", "service", "counter", "channel", "mode", "priority"];
export const MEASURES = ["issued", "served", "median", "p90"];
const OF_LEGS = ["zone", "officer", "hour", "weekday", "date", "month", "counts", "over", "upto", "after"];

/** {period, from, to, measure, filters} of an address's search; without dates they are null, and the server chooses. */
export function wishOf(search) {
  const given = new URLSearchParams(search);
  const measure = given.get("measure");
  const [from, to] = [given.get("from"), given.get("to")];
  return {
    period: periodOf(given.get("period"), from, to),
    from,
    to,
    measure: MEASURES.includes(measure) ? measure : MEASURES[0],
    filters: chosen(given, FILTERS),
  };
}

function chosen(given, names) {
  return Object.fromEntries(names.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
}

function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return new URLSearchParams(known).toString();
}

/** The page's address for a wish with some of it changed. */
export function addressOf(wish, change = {}) {
  const { period, from, to, measure, filters } = { ...wish, ...change };
  return `${PAGE}?${query({ period, from, to, ...filters, measure: measure === MEASURES[0] ? null : measure })}`;
}

/** What is asked of the API: dates and filter. */
export function askedOf({ from, to, filters }) {
  return query({ from, to, ...filters });
}

/** The address of the legs behind a figure: `stretch` {from, to} of the wish's filter, and what it is told by and counts. */
export function legsOf(wish, { from, to }, more) {
  return `${LEGS}?${query({ from, to, ...wish.filters, ...more, back: addressOf(wish).slice(PAGE.length + 1) })}`;
}

/** What the page of legs is asked for: {from, to, told, back}; `told` as the API takes it. */
export function legsWish(search) {
  const given = new URLSearchParams(search);
  return { from: given.get("from"), to: given.get("to"), told: chosen(given, [...FILTERS, ...OF_LEGS]), back: given.get("back") || "" };
}

/** The API's question for a page of legs. */
export function legsAsked({ from, to, told }) {
  return query({ from, to, ...told });
}

/** The page of legs further on. */
export function furtherOf({ from, to, told, back }, after) {
  return `${LEGS}?${query({ from, to, ...told, after, back })}`;
}

/** Where the page of legs was come from; of a link from elsewhere, the same dates. */
export function backOf({ from, to, told, back }) {
  return `${PAGE}?${back || query({ from, to, ...Object.fromEntries(FILTERS.map((name) => [name, told[name]])) })}`;
}
