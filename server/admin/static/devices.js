// Devices: let in by the code on their screen or added by name, named, placed, revoked; since when heard.

import { confirm } from "/shared/ask.js";
import { dateOf, now_ms, sameDay, timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { choice, number, text } from "./fields.js";
import { askForm, showOnce } from "./form.js";
import { adder, API, asked, listed, small, table, titleOf } from "./part.js";

const KINDS = ["kiosk", "display", "print-host", "program"];

/** Zones come from the plan; who is heard is in the live view, a kiosk's pace and each row's version in the list. */
export async function load() {
  const [plan, rows] = await Promise.all([asked("/plan"), listed("/devices")]);
  return { zones: plan.zones, rows: Object.fromEntries(rows.map((one) => [one.code, one])) };
}

export function draw({ data, zones, rows, off }, page) {
  const places = { zones: zones.map((one) => [one.code, `${one.code} – ${one.name}`]),
    printers: data.printers.map((one) => [one.code, `${one.code} – ${one.name}`]) };
  return [
    el("h1", {}, t("admin.devices"), el("span", { class: "count" }, data.devices.length)),
    data.enrolments.length ? el("ul", { class: "alerts" }, data.enrolments.map((one) => asking(one, places, off, page))) : null,
    adder("admin.device_add", off, () => add(places, page)),
    table(["code", "name", "kind", "where", "heard", "acts"], data.devices.map((one) => row(one, rows[one.code], places, off, page))),
  ];
}

function asking(one, places, off, page) {
  return el("li", { class: "notice", data: { kind: "warn", enrolment: one.code } },
    el("b", { class: "code" }, one.code), el("span", { class: "words" }, t("admin.asks", { kind: t(`admin.kind.${one.kind}`), time: timeOf(one.asked_at) })),
    small("admin.approve", `approve-${one.code}`, off, () => approve(one, places, page)));
}

function row(one, kept, places, off, page) {
  return [{ device: one.code, state: one.state }, [
    one.code, one.name, t(`admin.kind.${one.kind}`),
    [one.zone && t("admin.in_zone", { zone: one.zone }), one.printer && t("admin.prints_at", { printer: one.printer }),
      one.fallback && t("admin.fallback_at", { printer: one.fallback })].filter(Boolean).join(" · ") || "–",
    el("span", { class: "lamp" }, heard(one)),
    [small("admin.change", `change-${one.code}`, off, () => change(one, kept, places, page)),
      small("admin.revoke", `revoke-${one.code}`, off, () => revoke(one, kept, page))],
  ]];
}

/** "Tersambung sejak 08.15", "Terputus sejak 17.02, 3 November 2026". */
function heard(one) {
  const words = t(`admin.link.${one.state}`);
  if (one.state === "never" || !one.since) return words;
  const today = now_ms() === null || sameDay(one.since, now_ms());
  return `${words} ${t("admin.since", { time: today ? timeOf(one.since) : `${timeOf(one.since)}, ${dateOf(one.since)}` })}`;
}

function placing(places, { kind, name = "", zone = null, printer = null, fallback = null }) {
  return [text("name", t("admin.device_name"), { value: name, required: Boolean(name) }),
    choice("zone", t("admin.zone"), places.zones, { value: zone, empty: t("admin.not_set") }),
    ...(kind === "display" || kind === "print-host" || kind === "program" ? []
      : [choice("printer", t("admin.printer"), places.printers, { value: printer, empty: t("admin.not_set") })]),
    ...(kind === "kiosk" ? [choice("fallback", t("admin.fallback"), places.printers, { value: fallback, empty: t("admin.not_set") })] : [])];
}

/** Left empty means: not said, so that the server keeps its own. */
const said = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));
const beside = { already_exists: "device_code", unknown_printer: "printer" };

async function approve(one, places, page) {
  const answer = await askForm({
    title: t("admin.approve_title", { kind: t(`admin.kind.${one.kind}`), code: one.code }), why: t("admin.approve_why"), yes: t("admin.approve"),
    url: `${API}/enrolments/${encodeURIComponent(one.code)}/approve`, beside,
    fields: [...placing(places, one), text("device_code", t("admin.device_code"), { max: 30, hint: t("admin.device_code_hint") })],
    body: (values) => ({ kind: one.kind, ...said(values) }),
  });
  if (answer) page.done(t("admin.done.device", { code: answer.body.code }));
}

async function add(places, page) {
  const answer = await askForm({
    title: t("admin.device_add"), why: t("admin.device_add_why"), yes: t("admin.add"), url: `${API}/devices`,
    fields: [choice("kind", t("admin.col.kind"), KINDS.map((kind) => [kind, t(`admin.kind.${kind}`)]), { value: "kiosk" }),
      text("code", t("admin.device_code"), { required: true, max: 30, hint: t("admin.code_hint") }), ...placing(places, { kind: "kiosk" })],
    body: said, beside: { ...beside, already_exists: "code" },
  });
  if (!answer) return;
  const { code, url, token } = answer.body;
  page.done(t("admin.done.device", { code }));
  if (url || token) await showOnce(t("admin.device_made", { code }), t(url ? "admin.device_url" : "admin.device_token"), url || token);
}

const PACE = { interval_s: 60, per_minute: 600, pause_s: 600 };

/** A kiosk's own pace; all three empty: the server's. */
function pacing(kept) {
  return Object.keys(PACE).map((name, n) => number(`pace.${name}`, t(`admin.pace.${name}`),
    { value: kept?.pace?.[name] ?? null, max: PACE[name], hint: n === 0 ? t("admin.pace.hint") : null }));
}

function paced(values) {
  const own = Object.fromEntries(Object.keys(PACE).map((name) => [name, values[`pace.${name}`]]));
  const rest = Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("pace.")));
  return { ...rest, pace: Object.values(own).every((one) => one === null) ? null : own };
}

async function change(one, kept, places, page) {
  const isKiosk = one.kind === "kiosk";
  const answer = await askForm({ title: titleOf(one.name, one.code), yes: t("admin.save"),
    url: `${API}/devices/${encodeURIComponent(one.code)}`, fields: [...placing(places, one), ...(isKiosk ? pacing(kept) : [])], beside,
    body: (values) => ({ ...(isKiosk ? paced(values) : values), ...(kept ? { version: kept.version } : {}) }) });
  if (answer) page.done(t("admin.done.device", { code: one.code }));
}

async function revoke(one, kept, page) {
  const sure = await confirm(t("admin.revoke_of", { name: `${one.code} – ${one.name}` }), t("admin.revoke_why"), t("admin.revoke"), { danger: true });
  if (sure) await page.act(`revoke:${one.code}:${one.since}`, `${API}/devices/${encodeURIComponent(one.code)}/revoke`,
    kept ? { version: kept.version } : {}, t("admin.done.revoke", { code: one.code }));
}
