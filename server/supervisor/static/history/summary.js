// The figures of a stretch beside the one before and that of a year ago, named as the monthly report names them.

import { el } from "/shared/dom.js";
import { has, t } from "/shared/text.js";
import { clock, count, decimal, opened, percent } from "./numbers.js";
import { beside, dateWords, periodWords } from "./periods.js";
import { scrolled, tableOf } from "./svg.js";
import { legsOf } from "./wish.js";

const STATS = ["n", "mean", "median", "p90", "max"];
const COUNTS = ["issued", "called", "served", "no_show", "expired"];
const UNMET = ["closed", "after_cutoff", "quota", "other"];

/** [key of its name, what its legs count or null, its text in a stretch's total] */
const times = (kind) => STATS.map((stat) => [`${kind}_${stat}`, kind, (total) => (stat === "n" ? count : clock)(total[kind][stat])]);
const share = (key) => [key, key, (total) => percent(total[key])];
const GROUPS = [
  ["visits", [...COUNTS.map((key) => [key, key, (total) => count(total[key])]), ["unmet", null, unmetWords]]],
  ["wait", [...times("wait"), share("within_standard")]],
  ["service", [...times("service_time"), share("within_standard_service")]],
];

function unmetWords({ unmet }) {
  return typeof unmet === "object" ? count(UNMET.reduce((sum, key) => sum + unmet[key], 0)) : t("history.not_recorded");
}

export function summary(data, wish) {
  const stretches = beside(data).map((name) => data[name]);
  const heads = beside(data).map((name, n) => [t(`history.line.${name}`), el("span", { class: "which" }, periodWords(wish.period, stretches[n]))]);
  const table = el("table", { class: "summary" }, el("caption", { class: "visually-hidden" }, t("history.figures")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("history.figure")), heads.map((head) => el("th", { scope: "col" }, head)))),
    GROUPS.map(([group, rows]) => el("tbody", {}, el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: 1 + stretches.length }, t(`history.group.${group}`))),
      rows.map((row) => line(row, stretches, wish)))));
  return el("section", { class: "box figures", data: { chart: "figures" } },
    el("h2", {}, t("history.figures")),
    data.to >= data.today ? el("p", { class: "notice", data: { kind: "warn" } }, t("history.unfinished", { date: dateWords(data.today) })) : null,
    scrolled(t("history.figures"), table), el("p", { class: "quiet" }, t("history.figures_note")), unmet(data.now.total));
}

function line([key, counts, words], stretches, wish) {
  const name = t(`history.figure.${key}`);
  return el("tr", { data: { figure: key } }, el("th", { scope: "row" }, has(`history.short.${key}`) ? t(`history.short.${key}`) : name), stretches.map((stretch) => {
    if (!stretch.days) return el("td", { class: "quiet" }, t("history.not_recorded"));
    const text = words(stretch.total);
    return el("td", {}, counts ? opened(text, legsOf(wish, stretch, { counts }), `${name}, ${periodWords(wish.period, stretch)}`, text !== "0") : text);
  }));
}

/** Wishes that were refused have no legs to open: their reasons instead. */
function unmet({ unmet: found }) {
  if (typeof found !== "object" || unmetWords({ unmet: found }) === "0") return null;
  return el("p", { class: "quiet" }, t("history.unmet_note", Object.fromEntries(UNMET.map((key) => [key, count(found[key])]))));
}

/** By officer, where the site's rules allow it; `found`: figures told by officer. */
export function officers(found, wish) {
  const title = t("history.officers");
  const heads = ["officer", "served", "service_time_n", "service_time_mean", "service_time_median", "service_time_p90", "per_hour"];
  const rows = found.rows.filter((row) => row.officer !== null).map((row) => {
    const name = found.names.officer?.[row.officer] || row.officer;
    const open = (text, counts) => opened(text, legsOf(wish, found, { officer: row.officer, counts }), `${name}, ${t(`history.figure.${counts === "served" ? counts : "service_time_n"}`)}`, text !== "0");
    const time = row.service_time;
    return [name, open(count(row.served), "served"), open(count(time.n), "service_time"), clock(time.mean), clock(time.median), clock(time.p90),
      decimal(row.throughput?.per_hour)];
  });
  return el("section", { class: "box", data: { chart: "officers" } }, el("h2", {}, title), el("p", { class: "quiet" }, t("history.officers_say")),
    scrolled(title, tableOf(title, heads.map((key) => t(`history.officer.${key}`)), rows)));
}
