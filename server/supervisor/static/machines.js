// Devices and printers: the state of each in words, and since when.

import { now_ms, sameDay, shortDate, timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { slipWords } from "/shared/paper.js";
import { has, t } from "/shared/text.js";

/** Both lists, from {devices, printers}. */
export function machines({ devices, printers }) {
  return [
    el("h2", {}, t("supervisor.devices"), el("span", { class: "count" }, devices.length)),
    el("ul", { class: "rows", data: { list: "devices" } }, devices.map(device)),
    el("h2", {}, t("supervisor.printers"), el("span", { class: "count" }, printers.length)),
    el("ul", { class: "rows", data: { list: "printers" } }, printers.map(printer)),
  ];
}

function device(one) {
  const where = [t(`supervisor.kind.${one.kind}`), one.zone_name,
    one.printer && t("supervisor.with_printer", { printer: one.printer })];
  return row(one.code, one.name, where, t(`supervisor.link.${one.state}`), one.state,
    one.state === "never" ? null : one.since);
}

function printer(one) {
  const where = [one.host && t("supervisor.on_host", { host: one.host }),
    one.waiting_jobs ? t("supervisor.jobs", { n: one.waiting_jobs }) : null,
    one.slip && `${one.slip.number}: ${slipWords(one.slip)} (${timeOf(one.slip.at)})`];
  const cause = one.cause && has(`printer.${one.cause}`) ? null : one.cause;
  const words = [t(`printer.${one.state}`), cause].filter(Boolean).join(": ");
  return row(one.code, one.name, where, words, one.state, one.since);
}

function row(code, name, where, words, state, since) {
  return el("li", { data: { code, state } },
    el("span", { class: "who" }, el("b", {}, code), el("span", { class: "name" }, name && name !== code ? name : ""),
      el("span", { class: "quiet what" }, where.filter(Boolean).join(" · "))),
    el("span", { class: "lamp" }, words, since ? el("span", { class: "quiet" }, sinceWords(since)) : null));
}

/** "sejak 08.15", with the date when it is not today. */
function sinceWords(since) {
  const today = now_ms() === null || sameDay(since, now_ms());
  return t("supervisor.since", { time: today ? timeOf(since) : `${timeOf(since)}, ${shortDate(since)}` });
}
