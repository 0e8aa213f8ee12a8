// One gerai in detail, as long as its dialog stands: services, lokets, who waits in order, who missed the call.

import { age } from "/shared/ages.js";
import { endings, modal } from "/shared/ask.js";
import { closedBy } from "/shared/closed.js";
import { el } from "/shared/dom.js";
import { connect } from "/shared/live.js";
import { pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { sender } from "/shared/send.js";
import { has, named, t } from "/shared/text.js";
import { actsOn } from "./detail_acts.js";
import { loket, opens, stateOf } from "./gerai.js";
import { watched, word } from "./standing.js";

/** Opens the dialog; `hall()` gives the floor's newest data, `can` whether there is anything to press. */
export async function openDetail(gerai, { can, hall }) {
  const place = el("div", { class: "detail" });
  const says = el("p", { class: "notice", role: "alert", hidden: true });
  const state = { data: null, up: false };
  const { send } = sender({ node: says, isUp: () => state.up, changed: draw });
  const acts = actsOn(send, () => state.data, hall);

  function draw() {
    const one = state.data?.gerai[0];
    if (!one) return;
    const off = !state.up || pressing() !== null;
    redraw(place, { one, overrides: state.data.overrides, date: state.data.date, can, off }, (picture) => parts(picture, acts));
  }
  const live = connect({
    room: `floor:${gerai.code}`,
    onView: (view) => {
      state.data = view.data;
      draw();
    },
    onLink: (link) => {
      state.up = link.up;
      draw();
    },
  });
  await modal(gerai.name, (close) => [place, says, closing(close)]);
  live.close();
}

function closing(close) {
  const row = endings(close, t("supervisor.done_looking"));
  row.firstChild.remove(); // there is nothing to cancel
  return row;
}

/** The closure in force today that names this gerai or service alone, or undefined. */
export function closureOf({ overrides, date }, scope, code) {
  return overrides.find((rule) => rule.kind !== "open" && rule.scope === scope && rule.target === code
    && rule.from <= date && (!rule.to || date <= rule.to));
}

function parts(picture, acts) {
  const { one, can, off } = picture;
  const button = (key, focus, onClick, kind = null) => (can ? el("button", { type: "button", class: "small", disabled: off,
    data: { focus, kind }, onClick }, t(key)) : null);
  const gate = (scope, row, name) => {
    const rule = closureOf(picture, scope, row.code);
    return rule ? button("supervisor.reopen", `reopen-${row.code}`, () => acts.reopen(rule, name))
      : button(`supervisor.close_${scope}`, `close-${row.code}`, () => acts.closeToday(scope, row.code, name));
  };
  return [
    el("p", { class: "load", data: watched(one) }, el("b", {}, one.waiting), el("span", {}, t("supervisor.waiting")),
      one.longest_queued_at ? el("span", {}, t("supervisor.longest"), " ", age(one.longest_queued_at), " / ",
        t("staff.age.minutes", { minutes: Math.round(one.promised_wait_s / 60) })) : null, word(one), gate("gerai", one, one.name)),
    section("services", one.services, (row) => el("li", { data: { service: row.code, open: row.open } },
      el("span", { class: "name" }, named(row.name), row.open ? null : el("span", { class: "quiet what" }, closed(row))),
      el("span", { class: "n" }, t("supervisor.n_waiting", { n: row.waiting })), gate("service", row, named(row.name)))),
    section("counters", one.counters, (row) => {
      const item = loket(row);
      if (stateOf(row) !== "closed") item.append(button("supervisor.release", `release-${row.code}`, () => acts.release(one, row)) || "");
      return item;
    }),
    section("line", one.line, (row) => visitor(row, "queued_at",
      row.priority ? priority(row, button, acts) : null,
      button("supervisor.transfer", `transfer-${row.ticket}`, () => acts.transfer(row)))),
    one.missed.length ? section("missed", one.missed, (row) => visitor(row, "last_called_at",
      button("supervisor.give_back", `return-${row.ticket}`, () => acts.giveBack(row)))) : null,
  ];
}

function section(name, rows, draw) {
  return el("section", {}, el("h3", {}, t(`supervisor.detail.${name}`), el("span", { class: "count" }, rows.length)),
    rows.length ? el(name === "line" ? "ol" : "ul", { class: name === "counters" ? "lokets" : "rows", data: { list: name } }, rows.map(draw))
      : el("p", { class: "quiet" }, t("supervisor.detail.none")));
}

function closed({ reason, opens_at, why }) {
  return (closedBy({ reason, why }) || t(`reason.${reason}`)) + opens(opens_at);
}

function visitor(row, since, ...more) {
  return el("li", { data: { ticket: row.number } }, el("b", { class: "n" }, row.number),
    el("span", { class: "name" }, named(row.service_name)), row[since] ? age(row[since]) : null, more);
}

/** What was asked for and how it stands; asked can be confirmed, asked and confirmed removed. */
function priority(row, button, acts) {
  const { code, state } = row.priority;
  const name = has(`priority.${code}`) ? t(`priority.${code}`) : code;
  return el("span", { class: "priority" }, el("span", { class: "chip-word" }, `${name}, ${t(`priority.${state}`).toLowerCase()}`),
    state === "asked" ? button("supervisor.priority_yes", `yes-${row.ticket}`, () => acts.confirmPriority(row)) : null,
    state !== "removed" ? button("supervisor.priority_no", `no-${row.ticket}`, () => acts.removePriority(row)) : null);
}
