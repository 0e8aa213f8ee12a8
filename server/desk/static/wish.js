// The wish for a number, and its one key. The key is made when the service is shown and kept,
// with the body once it was sent, until the result is put away (P5): a press again, a lost
// answer or a reload sends the very same request, so it can never give a second number.

import { duration, range, timeOf } from "/shared/clock.js";
import { closedBy } from "/shared/closed.js";
import { el } from "/shared/dom.js";
import { newKey } from "/shared/http.js";
import { named, t } from "/shared/text.js";

const KEPT = "desk.wish";
const PRINTER = "desk.printer";

/** The wish being made: {service, key, body (once sent), priority, language}, or null. */
export function keptWish() {
  return JSON.parse(sessionStorage.getItem(KEPT) || "null");
}

/** Keeps a wish; null puts it away. */
export function keepWish(wish) {
  if (wish) sessionStorage.setItem(KEPT, JSON.stringify(wish));
  else sessionStorage.removeItem(KEPT);
  return wish;
}

/** A new wish for a service that is shown now. */
export function newWish(service) {
  return keepWish({ service, key: newKey(), body: null, priority: "", language: "id" });
}

/** The printer used last at this desk; "" is no paper. */
export function lastPrinter(printers) {
  const kept = localStorage.getItem(PRINTER);
  if (kept === "") return "";
  return printers.some((one) => one.code === kept) ? kept : printers[0]?.code || "";
}

/** The body of a wish; only what was chosen. */
export function bodyOf(wish, printer) {
  return {
    service: wish.service, language: wish.language,
    ...(wish.priority ? { priority: wish.priority } : {}), ...(printer ? { printer } : {}),
  };
}

/** The panel of a service; `actions` {change(part), printer(code), take(), cancel()}. */
export function wishPanel(picture, actions) {
  const { service, gerai, wish, off, busy } = picture;
  const locked = wish.body !== null;
  return el("article", { class: "card" },
    el("p", { class: "quiet" }, Array.from(new Set([gerai?.name, gerai?.agency])).join(" · ")),
    el("h1", {}, named(service.name)),
    standing(service),
    facts(service),
    priorities(picture, locked, actions),
    el("div", { class: "choices-row" }, languages(picture, locked, actions), printers(picture, locked, actions)),
    locked && !busy ? el("p", { class: "notice", data: { kind: "warn" } }, t("desk.unsure")) : null,
    el("div", { class: "endings" },
      el("button", { type: "button", data: { focus: "back" }, disabled: locked, onClick: actions.cancel }, t("staff.cancel")),
      el("button", { type: "button", class: "take", data: { kind: "main", focus: "take" }, disabled: off || !(service.open || locked),
        onClick: actions.take }, busy ? t("desk.sending") : t(locked ? "desk.again" : "desk.take"), el("kbd", {}, "F2"))));
}

function standing(service) {
  if (!service.open) {
    const back = service.opens_at ? ` ${t("desk.opens", { time: timeOf(service.opens_at) })}` : "";
    return el("p", { class: "notice", data: { kind: "warn" } }, closedBy(service) || t(`reason.${service.reason}`), ".", back);
  }
  const wait = service.estimate ? t("desk.estimate", { range: range(service.estimate) }) : t("desk.no_estimate");
  return el("p", { class: "headline" }, t("desk.waiting_n", { n: service.waiting }), el("span", { class: "quiet" }, wait));
}

function facts(service) {
  const row = (label, words) => (words ? [el("dt", {}, label), el("dd", {}, words)] : null);
  return el("dl", { class: "facts" },
    row(t("desk.requirements"), service.requirements?.length ? el("ul", {}, service.requirements.map((one) => el("li", {}, one))) : null),
    row(t("desk.cost"), service.cost),
    row(t("desk.standard"), service.standard ? duration(service.standard.service_s) : null));
}

function priorities({ site, wish }, locked, actions) {
  const rows = [{ code: "", name: t("desk.no_priority") }, ...site.priorities.filter((one) => one.code !== "umum")];
  return el("fieldset", { class: "priorities", disabled: locked }, el("legend", {}, t("desk.priority")),
    rows.map((one) => el("label", { class: "pick" },
      el("input", { type: "radio", name: "priority", value: one.code, checked: wish.priority === one.code, disabled: locked,
        data: { focus: `priority-${one.code}` }, onChange: () => actions.change({ priority: one.code }) }), named(one.name))));
}

function languages({ site, wish }, locked, actions) {
  return el("div", {}, el("label", { for: "language" }, t("desk.language")),
    el("select", { id: "language", class: "field", disabled: locked, data: { focus: "language" },
      onChange: (event) => actions.change({ language: event.target.value }) },
    site.languages.map((code) => el("option", { value: code, selected: code === wish.language }, t(`language.${code}`)))));
}

function printers({ printers: all, printer }, locked, actions) {
  const words = (one) => `${one.name || one.code} – ${t(`printer.${one.state}`)}`;
  return el("div", {}, el("label", { for: "printer" }, t("desk.printer")),
    el("select", { id: "printer", class: "field", disabled: locked, data: { focus: "printer" },
      onChange: (event) => {
        localStorage.setItem(PRINTER, event.target.value);
        actions.printer(event.target.value);
      } },
    all.map((one) => el("option", { value: one.code, selected: one.code === printer }, words(one))),
    el("option", { value: "", selected: printer === "" }, t("desk.no_paper"))));
}
