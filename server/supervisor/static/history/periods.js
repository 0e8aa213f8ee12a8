// Days, weeks, months, quarters, years and ranges: their dates, the next and the one before, and their names.
// Dates are texts like "2026-10-31", reckoned in UTC, so that no zone or summer time moves them.

import { language, t } from "/shared/text.js";

export const PERIODS = ["day", "week", "month", "quarter", "year", "range"];
const MONTHS = { month: 1, quarter: 3, year: 12 };
const ROMAN = ["I", "II", "III", "IV"];
const DAY_MS = 86_400_000;

const ms = (date) => Date.parse(`${date}T00:00:00Z`);
/** The date of an instant in UTC. */
export const iso = (at_ms) => new Date(at_ms).toISOString().slice(0, 10);
const firstOf = (month) => iso(Date.UTC(Math.floor(month / 12), month % 12, 1));
const monthOf = (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

/** The date so many days later. */
export const later = (date, days) => iso(ms(date) + days * DAY_MS);
/** 0 (Monday) to 6. */
const weekday = (date) => (new Date(ms(date)).getUTCDay() + 6) % 7;
const length = (from, to) => Math.round((ms(to) - ms(from)) / DAY_MS) + 1;

/** True for a text that is a date. */
export const isDate = (text) => /^\d{4}-\d\d-\d\d$/.test(text || "") && !Number.isNaN(ms(text)) && iso(ms(text)) === text;

/** {from, to} of the period in which `date` lies; a range is that date alone. */
export function around(period, date) {
  if (MONTHS[period]) {
    const first = monthOf(date) - (monthOf(date) % MONTHS[period]);
    return { from: firstOf(first), to: later(firstOf(first + MONTHS[period]), -1) };
  }
  if (period !== "week") return { from: date, to: date };
  const monday = later(date, -weekday(date));
  return { from: monday, to: later(monday, 6) };
}

/** The same kind of stretch, `by` of them later (or earlier, below 0). */
export function moved(period, { from, to }, by) {
  if (MONTHS[period]) return around(period, firstOf(monthOf(from) + by * MONTHS[period]));
  const days = period === "range" ? Math.max(1, length(from, to)) : length(...Object.values(around(period, from)));
  return { from: later(from, by * days), to: later(to, by * days) };
}

const isWhole = (period, { from, to }) => around(period, from).from === from && around(period, from).to === to;

/** Which period two dates are, whatever a link called them: `named` where they are one, else the shortest they are, else a range. */
export function periodOf(named, from, to) {
  if (!isDate(from) || !isDate(to)) return PERIODS.includes(named) ? named : "month";
  return [named, ...PERIODS].find((period) => PERIODS.includes(period) && (period === "range" || isWhole(period, { from, to })));
}

/** What a trend is told by from `from` to `to`: every hour, date or month. */
export function slots(step, { from, to }) {
  if (step === "hour") return Array.from({ length: 24 }, (_, hour) => hour);
  if (step === "date") return Array.from({ length: length(from, to) }, (_, n) => later(from, n));
  return Array.from({ length: monthOf(to) - monthOf(from) + 1 }, (_, n) => firstOf(monthOf(from) + n).slice(0, 7));
}

function said(date, options) {
  const locale = language() === "en" ? "en-GB" : "id-ID";
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(ms(date));
}

const LONG = { day: "numeric", month: "long", year: "numeric" };
export const dateWords = (date) => said(date, { weekday: "long", ...LONG });
const shortDate = (date) => said(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** "26 – 30 Oktober 2026": what both ends share is said once. */
function between(from, to) {
  const same = (letters) => from.slice(0, letters) === to.slice(0, letters);
  return `${said(from, same(7) ? { day: "numeric" } : same(4) ? { day: "numeric", month: "long" } : LONG)} – ${said(to, LONG)}`;
}

/** "Oktober 2026", "Triwulan IV 2026", "26 Oktober – 1 November 2026"; a stretch that is no such period by its dates. */
export function periodWords(period, { from, to }) {
  if (from === to) return dateWords(from);
  if (!MONTHS[period] || !isWhole(period, { from, to })) return between(from, to);
  if (period === "month") return said(from, { month: "long", year: "numeric" });
  const year = from.slice(0, 4);
  return period === "year" ? t("history.year_words", { year }) : t("history.quarter_words", { part: ROMAN[(monthOf(from) % 12) / 3], year });
}

/** The names of the stretches that stand beside each other; before a year there is none but a year ago. */
export const beside = ({ before, year_ago: ago }) => ["now", "before", ...(ago.from === before.from ? [] : ["year_ago"])];

/** A trend's slot in words: "08.00–08.59", "Sen, 2 Nov 2026", "November 2026". */
export function slotWords(step, at) {
  if (step === "hour") return hourWords(at);
  return step === "date" ? shortDate(at) : said(`${at}-01`, { month: "long", year: "numeric" });
}

/** The same below an axis: "08", "2", "Nov". */
export function slotMark(step, at) {
  if (step === "hour") return String(at).padStart(2, "0");
  return step === "date" ? String(Number(at.slice(8))) : said(`${at}-01`, { month: "short" });
}

/** "08.00–08.59" */
export function hourWords(hour) {
  const two = String(hour).padStart(2, "0");
  return language() === "en" ? `${two}:00–${two}:59` : `${two}.00–${two}.59`;
}

/** The name of a weekday, 0 (Monday) to 6. */
export const weekdayWords = (day, form = "long") => said(later("2024-01-01", Number(day)), { weekday: form });
