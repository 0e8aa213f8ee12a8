// Figures as the report prints them: 1.234 · 93,4% · 0:12:05 (hours, minutes, seconds) · – where there is none.

import { el } from "/shared/dom.js";
import { language, t } from "/shared/text.js";

const NOTHING = "–";
const number = (value, digits = 0) => new Intl.NumberFormat(language() === "en" ? "en-GB" : "id-ID",
  { minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: "halfEven" }).format(value); // as the printed report rounds

export const count = (n) => (n === null || n === undefined ? NOTHING : number(n));
export const decimal = (value) => (typeof value === "number" ? number(value, 2) : t("history.not_recorded"));
/** A share {n, of}. */
export const percent = ({ n, of }) => (of ? `${number((n / of) * 100, 1)}%` : NOTHING);

/** Half a second goes to the even one, as in the printed report. */
const rounded = (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/** Seconds as h:mm:ss. */
export function clock(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  const whole = rounded(seconds);
  const two = (n) => String(n).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** A row's value by a measure: a number, or seconds, or null. */
export function valueOf(row, measure) {
  if (measure === "median" || measure === "p90") return row?.wait[measure] ?? null;
  return row?.[measure] ?? 0;
}

export const isTime = (measure) => measure === "median" || measure === "p90";
/** What the legs behind a value of this measure count. */
export const countsOf = (measure) => (isTime(measure) ? "wait" : measure);
/** A value of a measure in words. */
export const told = (value, measure) => (isTime(measure) ? clock(value) : count(value));
/** A value as it stands on a chart: times in whole minutes. */
export const brief = (value, measure) => (isTime(measure) && value !== null ? number(Math.round(value / 60)) : count(value));

/** A figure that opens into its legs; one of nothing is text alone. */
export function opened(text, href, label, isSome = true) {
  return isSome && text !== NOTHING ? el("a", { href, "aria-label": t("history.open", { what: label, value: text }) }, text) : text;
}
