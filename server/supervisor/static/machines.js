// Devices and printers: the state of each in words, and since when.

import { timeOf, timeOrDate } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { slipWords } from "/shared/paper.js";
import { has, t } from "/shared/text.js";

/** Both lists, from {devices, printers, can, off}; `acts.display(one, body)`. */
export function machines({ devices, printers, can, off }, acts) {
  const device = (one) => (one.display ? display(one, can, off, acts) : plain(one));
  return [
    el("h2", {}, t("supervisor.devices"), el("span", { class: "count" }, devices.length)),
    el("ul", { class: "rows", data: { list: "devices" } }, devices.map(device)),
    el("h2", {}, t("supervisor.printers"), el("span", { class: "count" }, printers.length)),
    el("ul", { class: "rows", data: { list: "printers" } }, printers.map(printer)),
  ];
}

/** {state, words, since} of a device: a display's own worth while it is connected, else the link. */
export function deviceState(one) {
  const { condition = null, since = null } = one.display || {};
  if (one.state === "up" && condition !== null) return { state: condition, words: t(`supervisor.display.${condition}`), since };
  return { state: one.state, words: t(`supervisor.link.${one.state}`), since: one.state === "never" ? null : one.since };
}

/** The same of a printer. */
export function printerState({ state, cause, since }) {
  const more = cause && has(`printer.${cause}`) ? null : cause;
  return { state, words: [t(`printer.${state}`), more].filter(Boolean).join(": "), since };
}

function plain(one) {
  const where = [t(`supervisor.kind.${one.kind}`), one.zone_name,
    one.printer && t("supervisor.with_printer", { printer: one.printer })];
  const { words, since } = deviceState({ ...one, display: null });
  return row(one.code, one.name, where, words, one.state, since);
}

/** A display: the link when that is lost, else what it is worth, and what can be asked of it. */
function display(one, can, off, acts) {
  const { volume, speaks, is_deputy } = one.display;
  const where = [t("supervisor.kind.display"), one.zone_name,
    speaks ? t("supervisor.display.speaks") : is_deputy ? t("supervisor.display.deputy") : null];
  const { state, words, since } = deviceState(one);
  const item = state === one.state ? plain(one) : row(one.code, one.name, where, words, state, since);
  if (can && one.state === "up") item.append(asks(one, volume, off, acts));
  return item;
}

function asks(one, volume, off, acts) {
  const press = (what) => el("button", { type: "button", class: "small", disabled: off, data: { focus: `${what}-${one.code}` },
    onClick: () => acts.display(one, { do: what }) }, t(`supervisor.display.${what}`));
  const change = async ({ target }) => {
    if (!await acts.display(one, { do: "volume", volume: Number(target.value) })) target.value = String(volume);
  };
  const levels = [...new Set([0, 20, 40, 60, 80, 100, volume])].sort((a, b) => a - b);
  const choose = el("select", { class: "small", disabled: off, "aria-label": t("supervisor.display.volume", { name: one.name }),
    data: { focus: `volume-${one.code}` }, onChange: change },
  levels.map((n) => el("option", { value: String(n), selected: n === volume },
    n ? t("supervisor.display.percent", { n }) : t("supervisor.display.off"))));
  return el("span", { class: "asks" }, press("test_sound"), choose, press("reload"));
}

function printer(one) {
  const where = [one.host && t("supervisor.on_host", { host: one.host }),
    one.waiting_jobs ? t("supervisor.jobs", { n: one.waiting_jobs }) : null,
    one.slip && `${one.slip.number}: ${slipWords(one.slip)} (${timeOf(one.slip.at)})`];
  return row(one.code, one.name, where, printerState(one).words, one.state, one.since);
}

/** One line: who, where, a lamp with its words, and a time (`says`: the text around it). */
export function row(code, name, where, words, state, since, says = "supervisor.since") {
  return el("li", { data: { code, state } },
    el("span", { class: "who" }, el("b", {}, code), el("span", { class: "name" }, name && name !== code ? name : ""),
      el("span", { class: "quiet what" }, where.filter(Boolean).join(" · "))),
    el("span", { class: "lamp" }, words, since ? el("span", { class: "quiet" }, sinceWords(since, says)) : null));
}

/** "sejak 08.15", with the date when it is not today. */
function sinceWords(since, says) {
  return t(says, { time: timeOrDate(since) });
}
