// A ticket looked up by its number: where it stands, what happened, and what may be done with it.

import { timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { slipWords } from "/shared/paper.js";
import { named, t } from "/shared/text.js";

const CANCELLABLE = ["planned", "waiting", "called", "on_hold"];

/** "a12" and "A 012" are meant as "A-012"; what is complete is taken as typed. */
export function spellings(typed) {
  const text = typed.trim().toUpperCase();
  const parts = /^([A-Z]+[A-Z0-9]*?)[\s-]*(\d+)$/.exec(text);
  const widths = parts ? [3, 2, 4].map((width) => `${parts[1]}-${String(Number(parts[2])).padStart(width, "0")}`) : [];
  return Array.from(new Set([text, ...widths]));
}

/** The tickets of a date with this number: the first spelling that has any. Resolves to {answer, items}. */
export async function lookUp(typed, date) {
  let answer = null;
  for (const number of spellings(typed)) {
    answer = await get(`/api/v1/tickets?${new URLSearchParams({ date, number })}`);
    if (!answer.ok || answer.body.items.length) break;
  }
  return { answer, items: answer.ok ? answer.body.items : [] };
}

/** The card of a ticket; `actions` {cancel(ticket), giveBack(ticket), reprint(ticket)}. */
export function ticketCard({ ticket, services, gerai, off }, actions) {
  const leg = ticket.legs[ticket.legs.length - 1];
  const button = (word, name, kind = null) => el("button", { type: "button", class: "small", disabled: off,
    data: { focus: `${name}-${ticket.id}`, kind }, onClick: () => actions[name](ticket) }, t(word));
  const place = gerai.find((one) => one.code === ticket.gerai)?.name || ticket.gerai;
  return el("article", { class: "found", data: { ticket: ticket.number, state: ticket.state } },
    el("p", { class: "head" }, el("b", { class: "n" }, ticket.number), el("span", { class: "badge" }, t(`state.${ticket.state}`))),
    el("p", {}, nameOf(services, ticket.service), " · ", place),
    el("p", { class: "quiet" }, t("desk.issued", { time: timeOf(ticket.issued_at) }),
      ticket.ahead === null ? "" : ` · ${t("desk.ahead", { n: ticket.ahead })}`,
      ticket.priority && ticket.priority.state !== "removed" ? ` · ${t(`priority.${ticket.priority.code}`)}` : ""),
    history(ticket),
    el("div", { class: "endings" },
      CANCELLABLE.includes(leg.state) ? button("desk.cancel", "cancel", "bad") : null,
      leg.state === "no_show" ? button("desk.return", "giveBack") : null,
      button("desk.reprint", "reprint")));
}

function nameOf(services, code) {
  return named(services.find((one) => one.code === code)?.name) || code;
}

function history(ticket) {
  const rows = [
    ...ticket.calls.map((one) => [one.at, t("desk.called_at", { counter: one.counter_label })]),
    ...ticket.prints.map((one) => [one.at, one.copy ? t("desk.copy_n", { n: one.copy, state: slipWords(one) }) : slipWords(one)]),
  ].sort((a, b) => Date.parse(a[0]) - Date.parse(b[0]));
  return rows.length ? el("ol", { class: "history" }, rows.map(([at, words]) => el("li", {}, `${timeOf(at)} ${words}`))) : null;
}

/** Who was missed today and may come back; `look(number)` opens one. */
export function missedList({ missed }, look) {
  if (!missed.length) return null;
  return [
    el("h2", {}, t("desk.missed"), el("span", { class: "count" }, missed.length)),
    el("div", { class: "presets" }, missed.slice(0, 30).map((one) =>
      el("button", { type: "button", class: "small", data: { focus: `missed-${one.ticket}` }, onClick: () => look(one.number) }, one.number))),
  ];
}
