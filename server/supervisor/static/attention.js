// What needs a hand now: alerts, devices that ask to be let in, locked accounts. Nothing is a good sign.

import { age } from "/shared/ages.js";
import { timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { dates } from "./record.js";

const MANY = 3; // more do not fit beside the hall: their number is said above them
const GRAVE = /^(clock|device_down|kiosk_paused|(backup|copy|drill)_failed|display_(frozen|mute|stale)|printer_(cover_open|error|offline|paper_out))$/;
const PEOPLE = /^(officer_lost|queue_over|wait_over)$/;

/** The plain data from which the part is drawn; `nonstop` is what opens the whole hall round the clock today. */
export function attentionPicture({ alerts, enrolments, locked, overrides, date }) {
  const nonstop = overrides.filter((rule) => rule.kind === "open" && rule.scope === "site" && !rule.intervals.length
    && rule.from <= date && (!rule.to || date <= rule.to));
  return { alerts, enrolments, locked, nonstop };
}

/** The rows; `acts` as in acts.js. */
export function attention(picture, acts) {
  const { alerts, enrolments, locked, nonstop, can, off } = picture;
  const button = (word, focus, onClick) => (can
    ? el("button", { type: "button", class: "small", disabled: off, data: { focus }, onClick }, t(word)) : null);
  const rows = [
    ...enrolments.map((one) => row("enrolment", "warn",
      [el("b", { class: "code" }, one.code), t("supervisor.asks", { kind: t(`supervisor.kind.${one.kind}`) })],
      one.asked_at, button("supervisor.approve", `approve-${one.code}`, () => acts.approve(one)))),
    ...locked.map((one) => row("locked", "warn",
      [t("supervisor.locked", { name: one.username, time: timeOf(one.until) })],
      null, button("supervisor.unlock", `unlock-${one.username}`, () => acts.unlock(one)))),
    ...nonstop.map((rule) => row("nonstop", "warn",
      [t("supervisor.nonstop", { reason: rule.reason || t("supervisor.override.open"), dates: dates(rule) })],
      null, button("supervisor.end", `nonstop-${rule.id}`, () => acts.endOverride(rule, rule.reason || "")))),
    ...[...alerts].sort(graver).map((one) => row(`alert-${one.code}`, one.code === "clock" ? "bad" : one.acked ? "calm" : "warn",
      [one.text, taken(one)], one.since, one.code === "clock" ? button("supervisor.clock_yes", "clock", () => acts.confirmClock(one))
        : one.key && !one.acked ? button("supervisor.ack", `ack-${one.key}`, () => acts.acknowledge(one)) : null)),
  ];
  const open = rows.length - alerts.filter((one) => one.acked).length;
  return rows.length
    ? [rows.length > MANY ? el("p", { class: "many" }, t("supervisor.attention_count", { n: rows.length, open })) : null,
      el("ul", { class: "alerts" }, rows)]
    : el("p", { class: "notice", data: { kind: "good" } }, t("supervisor.all_well"));
}

/** The clock, what is out of order, who waits, what may wait; last of all what is taken on. Of the same weight the newest on top. */
function graver(one, other) {
  const weight = ({ code, acked }) => (code === "clock" ? 0 : acked ? 4 : GRAVE.test(code) ? 1 : PEOPLE.test(code) ? 2 : 3);
  return weight(one) - weight(other) || (other.since || "").localeCompare(one.since || "");
}

/** Who has taken it on, and when. */
function taken({ acked }) {
  return acked && el("span", { class: "taken" }, t("supervisor.acked", { name: acked.by.replace(/^\w+:/, ""), time: timeOf(acked.at) }));
}

function row(what, kind, words, since, button) {
  return el("li", { class: "notice", data: { kind, what } },
    el("span", { class: "words" }, words,
      since ? el("span", { class: "since" }, t("supervisor.since", { time: timeOf(since) }), " · ", age(since)) : null),
    button);
}
