// Reports: make and issue one, see how far it is, and fetch those that were issued.

import { endings, modal } from "/shared/ask.js";
import { shortDate } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { API, get } from "/shared/http.js";
import { t } from "/shared/text.js";
import { lastOf, periods, periodWords } from "./report_period.js";

const LOOK_AGAIN_MS = 1500;
const EACH = "*"; // an extract for each gerai
const isUnderWay = ({ state }) => state === "making" || state === "waiting";

/** Keeps the list of reports; `changed` is called when there is something new to draw. */
export function reportsOf(changed) {
  const state = { items: [], making: [] };
  let timer = null;
  async function look() {
    clearTimeout(timer);
    const answer = await get(`${API}/reports`);
    if (answer.ok) Object.assign(state, { items: answer.body.items, making: answer.body.making });
    changed();
    if (state.making.some(isUnderWay) || !answer.ok) timer = setTimeout(look, LOOK_AGAIN_MS);
  }
  return { look, picture: () => ({ items: state.items, jobs: state.making.filter(({ wish }) => wish === state.making[0].wish) }) };
}

/** The block of the page; `acts.makeReport()` asks and begins. */
export function reports({ items, jobs, off, can, gerai }, acts) {
  const job = jobs.find(({ state }) => state === "making") || jobs.find(isUnderWay) || jobs.find(({ state }) => state === "failed");
  return [
    el("h2", {}, t("supervisor.reports")),
    can ? el("button", { type: "button", class: "small", disabled: off || jobs.some(isUnderWay), data: { focus: "report" }, onClick: acts.makeReport },
      t("supervisor.report_make")) : null,
    job ? el("p", { class: "notice", role: "status", data: { kind: job.state === "failed" ? "bad" : "calm", job: job.state } }, told(job, jobs)) : null,
    items.length ? el("ul", { class: "rows", data: { list: "reports" } }, items.map((row) => one(row, gerai))) : el("p", { class: "quiet" }, t("supervisor.no_reports")),
  ];
}

/** How far it is: of several how many are left, or which were not issued. */
function told({ state, step, form, period: code }, jobs) {
  const period = periodWords(form, code);
  const failed = jobs.filter((one) => one.state === "failed").flatMap((one) => one.gerai || []);
  const words = t(state === "failed" ? "supervisor.report_failed" : `supervisor.report_step.${step}`, { period: [period, ...(state === "failed" ? failed : [])].join(" ") });
  const left = jobs.filter(isUnderWay).length;
  return jobs.length > 1 && left ? `${words} ${t("supervisor.report_left", { n: jobs.length - left + 1, of: jobs.length })}` : words;
}

function one(row, gerai) {
  const names = row.gerai?.map((code) => gerai.find((found) => found.code === code)?.name || code);
  const period = periodWords(row.form, row.period);
  const what = [t(`supervisor.report_form.${row.form}`), names?.join(", "), row.revision ? t("supervisor.report_revision", { n: row.revision }) : null,
    row.number, t("supervisor.report_at", { date: shortDate(row.issued_at) })];
  return el("li", { data: { report: row.id } },
    el("span", { class: "who" }, el("b", {}, period), el("span", { class: "quiet what" }, what.filter(Boolean).join(" · "))),
    ["pdf", "xlsx", "csv"].map((kind) => el("a", { class: "button small", href: `${API}/reports/${row.id}/${kind}`, download: "",
      "aria-label": t("supervisor.report_fetch", { kind: kind.toUpperCase(), period }) }, kind.toUpperCase())));
}

/** Asks which report; resolves to what is sent, or null. The month that has ended is proposed. */
export function askReport(date, gerai) {
  return modal(t("supervisor.report_title"), (close) => {
    const choices = periods(date);
    const which = pick("report-period", choices.map(([form, period]) => [`${form} ${period}`, periodWords(form, period)]));
    which.value = choices[1].join(" ");
    const where = pick("report-gerai", [["", t("supervisor.whole_site")], [EACH, t("supervisor.each_gerai")], ...gerai.map((row) => [row.code, row.name])]);
    const number = el("input", { id: "report-number", class: "field", type: "text", maxlength: 80, autocomplete: "off" });
    const submit = (event) => {
      event.preventDefault();
      const [form, period] = which.value.split(" ");
      const scope = where.value === EACH ? { each: true } : { gerai: where.value ? [where.value] : null };
      close({ form, period, number: number.value.trim(), ...scope });
    };
    // The PDF as it would be now, in a tab of its own: what is looked at stays beside what is asked here.
    const look = el("a", { class: "button", target: "_blank", data: { focus: "draft" } }, t("supervisor.draft"));
    const early = el("p", { class: "notice", role: "status", data: { kind: "warn" } }, t("supervisor.report_early"));
    const aim = () => {
      const [form, period] = which.value.split(" ");
      Object.assign(look, { href: draftOf([form, period], where.value), hidden: where.value === EACH });
      early.hidden = lastOf(form, period) < date;
    };
    [which, where].forEach((one) => one.addEventListener("change", aim));
    aim();
    return el("form", { class: "entries", onSubmit: submit }, el("p", {}, t("supervisor.report_why")),
      entry("report-period", "supervisor.report_period", which), entry("report-gerai", "supervisor.report_gerai", where),
      entry("report-number", "supervisor.report_number", number), early, look, endings(close, t("supervisor.report_yes"), { form: true }));
  });
}

const draftOf = ([form, period], gerai) => `${API}/reports/draft?${new URLSearchParams({ form, period, ...(gerai ? { gerai } : {}) })}`;
const pick = (id, options) => el("select", { id, class: "field" }, options.map(([value, words]) => el("option", { value }, words)));
const entry = (id, word, control) => el("div", { class: "entry" }, el("label", { for: id }, t(word)), control);
