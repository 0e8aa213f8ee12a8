// Before the work: which gerai (for an officer of several), then which loket to open.

import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";

/** The plain data from which the choice of a loket is drawn. */
export function loketPicture({ data, off }) {
  return { gerai: data.gerai.name, counters: data.counters, services: data.services, off };
}

/** The list of loket; `open(code)` is called for a free one. A taken one says who has it. */
export function chooseLoket(picture, open) {
  return [
    el("h1", {}, t("counter.choose_loket")),
    el("p", { class: "quiet" }, picture.gerai),
    picture.counters.length ? null : el("p", { class: "notice", data: { kind: "warn" } }, t("counter.no_loket")),
    el("ul", { class: "choices" }, picture.counters.map((one, index) => loket(one, index, picture, open))),
  ];
}

function loket(counter, index, picture, open) {
  const taken = counter.state !== "closed";
  return el("li", {}, el("button", {
    type: "button", class: "choice", disabled: taken || picture.off,
    data: { focus: `open-${counter.code}`, counter: counter.code, state: counter.state, first: index ? null : "" },
    onClick: () => open(counter.code),
  },
  el("b", {}, counter.label),
  el("span", {}, taken ? t("counter.taken_by", { name: counter.officer?.name || "?" }) : t("counter.free")),
  counter.leg ? el("span", { class: "badge" }, t("counter.still_there", { number: counter.leg.number })) : null,
  el("span", { class: "quiet" }, serviceWords(counter, picture.services))));
}

function serviceWords(counter, services) {
  const own = services.filter((one) => counter.services.includes(one.code));
  const waiting = own.reduce((sum, one) => sum + one.waiting, 0);
  if (!own.length) return "";
  return `${own.length === services.length ? t("counter.all_services") : own.map((one) => named(one.name)).join(", ")} · ${
    t("counter.waiting_n", { n: waiting })}`;
}

/** The list of an officer's gerai: [{code, name}]. */
export function chooseGerai(list, choose) {
  return [
    el("h1", {}, t("counter.choose_gerai")),
    list.length ? null : el("p", { class: "notice", data: { kind: "warn" } }, t("counter.no_gerai")),
    el("ul", { class: "choices" }, list.map((one) => el("li", {}, el("button", {
      type: "button", class: "choice", data: { gerai: one.code }, onClick: () => choose(one.code),
    }, el("b", {}, one.name || one.code))))),
  ];
}
