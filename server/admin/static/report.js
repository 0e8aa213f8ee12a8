// The letter around the report: who writes to whom, who signs. Without it no report can be issued.
// Below it whether the history tells figures of single officers, which no report does.

import { confirm } from "/shared/ask.js";
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
  const [letter, policy] = await Promise.all([asked("/report-letter"), asked("/policy")]);
  return { letter, areTold: policy.officer_figures };
}

export function draw({ letter, areTold, off }, page) {
  return [
    el("h1", {}, t("admin.report")),
    el("p", {}, t("admin.report_why")),
    letter.missing.length
      ? el("p", { class: "notice", data: { kind: "warn" } }, t("admin.report_missing", { names: letter.missing.map(label).join(", ") })) : null,
    el("dl", { class: "facts" }, NAMES.map((name) => [el("dt", {}, label(name)), el("dd", { data: { letter: name } }, shown(letter[name]))])),
    small("admin.change", "change-letter", off, () => change(letter, page)),
    el("h2", {}, t("history.officers")),
    el("p", { data: { told: String(areTold) } }, t(`admin.officers_${areTold ? "on" : "off"}`)),
    small(`admin.officers_${areTold ? "hide" : "show"}`, "switch-officers", off, () => turn(!areTold, page)),
  ];
}

/** Asked first: it is about people, and stands in the log with who did it. */
async function turn(shown, page) {
  const word = `admin.officers_${shown ? "show" : "hide"}`;
  if (!await confirm(t(word), t(`${word}_why`), t(word))) return;
  await page.act(`officers:${shown}`, `${API}/policy`, { officer_figures: shown }, t(`admin.done.officers_${shown ? "show" : "hide"}`));
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
