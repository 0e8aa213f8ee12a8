// The calendar: holidays, cuti bersama, other hours of the hall, a gerai or a service, whole weeks at once.

import { confirm } from "/shared/ask.js";
import { dateOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";
import { choice, day, hours, spanWords, text } from "./fields.js";
import { askForm } from "./form.js";
import { adder, API, listed, small, table } from "./part.js";

const HOLIDAYS = ["national", "shared", "regional"];
const PRESETS = ["ramadan", "regular", "friday"];

export async function load() {
  return { rules: await listed("/overrides") };
}

export function draw({ rules, data, off }, page) {
  const coming = rules.filter((one) => !one.to || one.to >= data.date);
  return [
    el("h1", {}, t("admin.calendar"), el("span", { class: "count" }, coming.length)),
    el("div", { class: "presses" },
      adder("admin.holiday_add", off, () => addHoliday(data, page)),
      el("button", { type: "button", disabled: off, data: { focus: "hours" }, onClick: () => addHours(data, page) }, t("admin.hours_add")),
      el("button", { type: "button", disabled: off, data: { focus: "preset" }, onClick: () => addPreset(data, page) }, t("admin.preset_add"))),
    table(["dates", "what", "where", "reason", "acts"], coming.map((one) => row(one, data, off, page))),
  ];
}

function row(one, data, off, page) {
  const words = [t(`admin.override.${one.kind}`), spanWords(one.intervals)].filter(Boolean).join(" ");
  return [{ override: one.id, kind: one.kind }, [dates(one), words, target(one, data), one.reason,
    small("admin.end", `end-${one.id}`, off, () => end(one, page))]];
}

/** "11 November 2026", "11 – 13 November 2026" or "mulai 11 November 2026, sampai diakhiri". */
export function dates({ from, to }) {
  const [first, last] = [from, to].map((one) => one && dateOf(`${one}T12:00:00Z`));
  if (!last) return t("admin.from_on", { from: first });
  return from === to ? first : `${first} – ${last}`;
}

function target(one, data) {
  if (one.scope === "site") return t("admin.whole_site");
  if (one.scope === "gerai") return data.gerai.find((row) => row.code === one.target)?.name || one.target;
  const found = data.gerai.flatMap((row) => row.services).find((row) => row.code === one.target);
  return found ? named(found.name) : one.target;
}

/** Hall, gerai and services in one list: "site", "gerai:DKC", "service:DKC-KTP". */
function places(data) {
  return [["site", t("admin.whole_site")], ...data.gerai.flatMap((gerai) => [
    [`gerai:${gerai.code}`, gerai.name],
    ...gerai.services.map((one) => [`service:${one.code}`, `${gerai.name} · ${named(one.name)}`]),
  ])];
}

function placed({ place, ...values }) {
  const [scope, target] = place.split(":");
  return { ...values, scope, ...(target ? { target } : {}) };
}

const span = (today) => [day("from", t("admin.from"), { value: today, required: true }),
  day("to", t("admin.to"), { value: today, hint: t("admin.to_hint") })];
const where = (data) => choice("place", t("admin.col.where"), places(data), { value: "site" });
const beside = { unknown_gerai: "place", unknown_service: "place" };

async function addHoliday(data, page) {
  const kinds = choice("why", t("admin.holiday_kind"), HOLIDAYS.map((one) => [one, t(`admin.holiday.${one}`)]), { value: "national" });
  await add(page, { title: t("admin.holiday_add"), why: t("admin.holiday_why"), url: `${API}/overrides`, beside,
    fields: [kinds, text("name", t("admin.holiday_name"), { max: 120, hint: t("admin.holiday_hint") }), ...span(data.date), where(data)],
    body: ({ why, name, ...values }) => ({ ...placed(values), kind: "holiday", reason: [t(`admin.holiday.${why}`), name].filter(Boolean).join(": ") }) });
}

async function addHours(data, page) {
  const kind = choice("kind", t("admin.col.what"), [["open", t("admin.override.open")], ["closed", t("admin.override.closed")]], { value: "open" });
  const times = hours("intervals", t("admin.times"), { hint: t("admin.times_hint") });
  kind.onChange(() => (times.node.hidden = kind.read() !== "open"));
  await add(page, { title: t("admin.hours_add"), url: `${API}/overrides`, beside,
    fields: [where(data), kind, times, ...span(data.date), text("reason", t("staff.reason"), { max: 200, required: true })],
    body: (values) => ({ ...placed(values), intervals: values.kind === "open" ? values.intervals : [] }) });
}

async function addPreset(data, page) {
  const [from, to] = span(data.date);
  await add(page, { title: t("admin.preset_add"), why: t("admin.preset_why"), url: `${API}/overrides/preset`, beside,
    fields: [choice("preset", t("admin.preset"), PRESETS.map((one) => [one, t(`admin.preset.${one}`)]), { value: "ramadan" }),
      from, { ...to, required: true }, where(data), text("reason", t("staff.reason"), { max: 200, required: true, value: "" })],
    body: placed });
}

async function add(page, form) {
  const answer = await askForm({ ...form, yes: t("admin.add") });
  if (answer) page.done(t("admin.done.calendar"));
}

async function end(one, page) {
  const sure = await confirm(t("admin.end_of", { words: one.reason }), t("admin.end_why"), t("admin.end"));
  if (sure) await page.act(`end:${one.id}`, `${API}/overrides/${one.id}/end`, {}, t("admin.done.end", { words: one.reason }));
}
