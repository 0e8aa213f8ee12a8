// The line: waiting per service with the longest wait, and everybody who waits, in order.

import { age } from "/shared/ages.js";
import { closedBy } from "/shared/closed.js";
import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";
import { priorityMark } from "./words.js";
import { inOrder, servedServices, standardOf } from "./picture.js";

/** The plain data from which the line is drawn. */
export function linePicture({ data, counter, stage, off }) {
  const mine = servedServices(data, counter).map((one) => one.code);
  return { services: data.services, waiting: inOrder(data, counter), next: counter?.line?.[0], mine, canPick: stage === "free", off };
}

/** The two lists; `actions` {pick(row)}. */
export function line(picture, actions) {
  const total = picture.services.reduce((sum, one) => sum + one.waiting, 0);
  const waited = picture.services.filter((one) => one.waiting);
  const quiet = picture.services.filter((one) => !one.waiting);
  return [
    el("h2", {}, t("counter.line"), el("span", { class: "count" }, total)),
    closedToday(picture.services).map((words) => el("p", { class: "quiet closed-today" }, words)),
    !total ? null : el("div", { class: "services", role: "list" },
      el("p", { class: "heads", "aria-hidden": "true" }, el("span", {}), el("span", {}, t("counter.longest")),
        el("span", {}, t("counter.waiting"))),
      waited.map((one) => serviceRow(one, picture.mine))),
    total && quiet.length ? el("p", { class: "quiet rest" }, t("counter.rest_empty", { n: quiet.length })) : null,
    total
      ? el("ol", { class: "rows", data: { list: "waiting" } }, picture.waiting.map((one) => row(one, picture, actions)))
      : el("p", { class: "quiet" }, t("counter.nobody_waits")),
  ];
}

/** What was closed for today, as the visitors read it; a gerai closed as a whole is told once. */
function closedToday(services) {
  const told = services.map((one) => ({ one, words: closedBy(one) })).filter(({ words }) => words);
  return [...new Set(told.map(({ one, words }) => (one.reason.startsWith("service") ? `${named(one.name)} – ${words}` : words)))];
}

function serviceRow(service, mine) {
  const own = mine.includes(service.code);
  const mark = !own ? t("counter.other_counter") : service.open ? "" : t("counter.closed");
  return el("div", { role: "listitem", data: { own, open: service.open } },
    el("span", { class: "name" }, named(service.name), mark ? el("span", { class: "quiet" }, ` · ${mark}`) : null),
    el("span", { class: "wait" }, 
      age(service.longest_queued_at, { limit_s: service.standard?.wait_s })),
    el("b", { class: "n" }, service.waiting));
}

function row(ticket, picture, actions) {
  const standard = standardOf({ services: picture.services }, ticket.service);
  const isNext = ticket.ticket === picture.next;
  const marked = ticket.priority && ticket.priority.state !== "removed";
  return el("li", { data: { ticket: ticket.number, next: isNext } },
    el("span", { class: "who" },
      el("b", { class: "n" }, ticket.number),
      isNext ? el("span", { class: "badge next" }, t("counter.next_up")) : null,
      marked ? el("span", { class: "badge" }, priorityMark(ticket.priority)) : null,
      el("span", { class: "what" }, named(ticket.service_name))),
    age(ticket.queued_at, { limit_s: standard?.wait_s }),
    picture.canPick ? el("button", { type: "button", class: "small", data: { focus: `pick-${ticket.ticket}` },
      title: t("counter.pick_why"), disabled: picture.off, "aria-label": t("counter.pick_n", { number: ticket.number }),
      onClick: () => actions.pick(ticket) }, t("counter.pick")) : null);
}
