// The table of gerai: who waits, the longest wait against its standard, who serves whom.

import { age } from "/shared/ages.js";
import { timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** The plain data from which the table is drawn. */
export function geraiPicture({ gerai }) {
  return { gerai };
}

/** The table; `acts.release(gerai, counter)`. */
export function geraiTable({ gerai, can, off }, acts) {
  const sum = (pick) => gerai.reduce((total, one) => total + pick(one), 0);
  const open = sum((one) => one.counters.filter((counter) => counter.state === "open").length);
  const heads = ["gerai", "waiting", "longest", "counters", "served"];
  return el("table", {},
    el("caption", {}, t("supervisor.summary", { waiting: sum((one) => one.waiting), open,
      served: sum((one) => one.today.served), issued: sum((one) => one.today.issued) })),
    el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col", data: { col: name } }, t(`supervisor.col.${name}`))))),
    el("tbody", {}, gerai.map((one) => row(one, can, off, acts))));
}

function row(gerai, can, off, acts) {
  return el("tr", { data: { gerai: gerai.code } },
    el("th", { scope: "row" }, el("span", { class: "name" }, gerai.name), closedWords(gerai.services)),
    el("td", { data: { col: "waiting" } }, el("b", {}, gerai.waiting)),
    el("td", { data: { col: "longest" } }, gerai.longest_queued_at
      ? age(gerai.longest_queued_at, { limit_s: gerai.promised_wait_s }) : "–"),
    el("td", { data: { col: "counters" } }, el("ul", { class: "counters" },
      gerai.counters.map((counter) => desk(gerai, counter, can, off, acts)))),
    el("td", { data: { col: "served" } }, el("b", {}, gerai.today.served), ` / ${gerai.today.issued}`,
      gerai.today.no_show ? el("span", { class: "quiet" }, t("supervisor.no_show_n", { n: gerai.today.no_show })) : null));
}

/** What is closed now, and until when, in one quiet line. */
function closedWords(services) {
  const closed = services.filter((one) => !one.open);
  if (!closed.length) return null;
  const first = closed[0];
  const reason = t(`reason.${first.reason}`).toLowerCase();
  const back = first.opens_at ? ` – ${t("supervisor.opens", { time: timeOf(first.opens_at) })}` : "";
  const words = closed.length === services.length ? t("supervisor.all_closed", { reason }) : t("supervisor.some_closed", { n: closed.length });
  return el("span", { class: "quiet" }, closed.length === services.length ? words + back : words);
}

/** One loket: a quiet word when closed; else a tile that opens what can be done with it. */
function desk(gerai, counter, can, off, acts) {
  const { state, leg } = counter;
  const inside = [
    el("span", { class: "label" }, counter.label, leg ? ` · ${leg.number}` : ""),
    el("span", { class: "what" }, deskWords(counter)),
    state === "closed" && !leg ? null : el("span", { class: "officer" }, counter.officer?.name || t("supervisor.nobody")),
  ];
  const press = { type: "button", class: "tile", disabled: off, title: t("supervisor.release"),
    data: { focus: `counter-${counter.code}` }, onClick: () => acts.release(gerai, counter) };
  return el("li", { data: { state: counter.lost_since ? "lost" : leg?.state || state, counter: counter.code } },
    can && state !== "closed" ? el("button", press, inside) : el("span", { class: "tile" }, inside));
}

function deskWords(counter) {
  const { state, leg } = counter;
  if (leg) {
    const since = leg.state === "serving" ? leg.started_at : leg.last_called_at;
    return [`${t(`state.${leg.state}`).toLowerCase()} `,
      age(since, { limit_s: leg.state === "serving" ? leg.promised_service_s : null }),
      counter.lost_since ? el("span", { class: "lost" }, ` ${t("supervisor.lost")}`) : null];
  }
  if (state === "closed") return t("supervisor.state.closed");
  const words = t(`supervisor.state.${state}`);
  return state === "paused"
    ? [`${words}: ${counter.pause_reason || ""} `, age(counter.since)]
    : [words, counter.lost_since ? el("span", { class: "lost" }, ` ${t("supervisor.lost")}`) : null];
}
