// The server's time on this screen, and times and durations in words.
// The screen's own wall clock is never shown: an old TV box may be years off.

import { language, t } from "./text.js";

const ZONES = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const LOCALES = { en: "en-GB" };
const RATE_SPAN_MS = 2000; // shorter spans measure the network, not the rate

let anchor = null; // {server_ms, local_ms}: the newest pair
let paceFrom = null; // an older pair, to measure the rate of a practice clock
let practice = false;
let rate = 1;
let zone = "Asia/Jakarta";

/** Sets the site's time zone (IANA name) for all words below. */
export function useZone(name) {
  if (name) zone = name;
}

/** Takes the server's instant of a view or pulse just received. A practice clock may run faster. */
export function observe(at, simulated = practice, local_ms = performance.now()) {
  const server_ms = Date.parse(at);
  if (Number.isNaN(server_ms)) return;
  anchor = { server_ms, local_ms };
  practice = Boolean(simulated);
  if (!practice) rate = 1;
  else if (!paceFrom) paceFrom = anchor;
  else if (local_ms - paceFrom.local_ms >= RATE_SPAN_MS) {
    rate = Math.max(1, Math.round((server_ms - paceFrom.server_ms) / (local_ms - paceFrom.local_ms)));
    paceFrom = anchor;
  }
}

/** Server time now, in ms since 1970; null before the first view. */
export function now_ms(local_ms = performance.now()) {
  return anchor ? anchor.server_ms + (local_ms - anchor.local_ms) * rate : null;
}

/** How many business seconds pass in one real second (1 but for a practice clock). */
export function clockRate() {
  return rate;
}

/** Business seconds since an ISO instant, at least 0; null when either is unknown. */
export function secondsSince(iso) {
  const now = now_ms();
  if (!iso || now === null) return null;
  return Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
}

function format(ms, options) {
  return new Intl.DateTimeFormat(LOCALES[language()] || "id-ID", { timeZone: zone, ...options }).format(ms);
}

function dotted(text) {
  return language() === "en" ? text : text.replaceAll(":", ".");
}

const asMs = (instant) => (typeof instant === "string" ? Date.parse(instant) : instant);

/** "08.15" (Indonesian) or "08:15"; takes ISO or ms. */
export function timeOf(instant) {
  return dotted(format(asMs(instant), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
}

/** "08.15.07"; takes ISO or ms. */
export function timeWithSeconds(instant) {
  return dotted(format(asMs(instant), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }));
}

/** "Selasa, 3 November 2026"; takes ISO or ms. */
export function dateOf(instant) {
  return format(asMs(instant), { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** "Sel, 3 Nov 2026"; takes ISO or ms. */
export function shortDate(instant) {
  return format(asMs(instant), { weekday: "short", day: "numeric", month: "short", year: "numeric" });
}

/** True when both instants fall on one site-local date. */
export function sameDay(one, other) {
  const day = (instant) => format(asMs(instant), { year: "numeric", month: "2-digit", day: "2-digit" });
  return day(one) === day(other);
}

/** "08.15", with the date when it is not today: "08.15, Sel, 3 Nov 2026". */
export function timeOrDate(instant) {
  const today = now_ms() === null || sameDay(instant, now_ms());
  return today ? timeOf(instant) : `${timeOf(instant)}, ${shortDate(instant)}`;
}

const WEEKDAYS = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** {weekday: 1 (Monday) to 7, minute: after midnight} at the site; null before the first view. */
export function localMoment(ms = now_ms()) {
  if (ms === null) return null;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(ms);
  const of = (type) => parts.find((one) => one.type === type).value;
  return { weekday: WEEKDAYS[of("weekday")], minute: Number(of("hour")) * 60 + Number(of("minute")) };
}

/** "WIB", "WITA" or "WIT"; "" for a zone outside Indonesia. */
export function zoneName() {
  return ZONES[zone] || "";
}

/** "12 menit", "1 jam 5 menit", "kurang dari 1 menit". */
export function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return t("common.under_minute");
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = [];
  if (hours) parts.push(t(hours === 1 ? "common.hour" : "common.hours", { n: hours }));
  if (rest) parts.push(t(rest === 1 ? "common.minute" : "common.minutes", { n: rest }));
  return parts.join(" ");
}

/** "10–15 menit" from an estimate {from_s, to_s}. */
export function range(estimate) {
  const from = Math.max(1, Math.round(estimate.from_s / 60));
  const to = Math.max(from, Math.round(estimate.to_s / 60));
  if (from === to) return duration(from * 60);
  return t("common.minutes", { n: `${from}–${to}` });
}

/** "04.37": minutes and seconds of a running time, "1.04.37" above an hour. */
export function stopwatch(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return dotted(h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`);
}
