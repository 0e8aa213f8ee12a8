// The letter around the report: who writes to whom, who signs. Without it no report can be issued.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { lines, text } from "./fields.js";
import { askForm } from "./form.js";
import { API, asked, small } from "./part.js";

const URL = `${API}/report-letter`;
const LISTS = ["head", "copies"];
const NAMES = ["head", "basis", "addressee", "through", "addressee_place", "copies", "place", "office", "name", "rank", "nip", "note", "nature", "enclosure", "opening", "closing"];
const LONG = { basis: 600, note: 600, opening: 600, closing: 600 };
const HINTED = ["head", "copies", "basis", "note", "nature", "enclosure", "opening", "closing"];

export async function load() {
  return { letter: await asked("/report-letter") };
}

export function draw({ letter, off }, page) {
  return [
    el("h1", {}, t("admin.report")),
    el("p", {}, t("admin.report_why")),
    letter.missing.length
      ? el("p", { class: "notice", data: { kind: "warn" } }, t("admin.report_missing", { names: letter.missing.map(label).join(", ") })) : null,
    el("dl", { class: "facts" }, NAMES.map((name) => [el("dt", {}, label(name)), el("dd", { data: { letter: name } }, shown(letter[name]))])),
    small("admin.change", "change-letter", off, () => change(letter, page)),
  ];
}

const label = (name) => t(`admin.letter.${name}`);

function shown(value) {
  if (!Array.isArray(value)) return value || "–";
  return value.length ? value.map((line) => el("div", {}, line)) : "–";
}

function field(name, value) {
  const hint = HINTED.includes(name) ? t(`admin.letter_hint.${name}`) : null;
  if (LISTS.includes(name)) return lines(name, label(name), { value, hint });
  return text(name, label(name), { value, max: LONG[name] || 160, hint });
}

async function change(letter, page) {
  const answer = await askForm({
    title: t("admin.report"), yes: t("admin.save"), url: URL,
    fields: NAMES.map((name) => field(name, letter[name])),
    body: (values) => ({ ...values, version: letter.version }),
  });
  if (answer) page.done(t("admin.done.report"));
}
