// Beside the work: who is set aside, who was missed, what colleagues do, today's figures, paper.

import { age } from "/shared/ages.js";
import { timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { slipWords } from "/shared/paper.js";
import { named, t } from "/shared/text.js";
import { printTrouble } from "./picture.js";

/** The plain data from which the side is drawn. */
export function sidePicture({ data, counter, stage, off, keys, own }) {
  return {
    keys, held: data.held, missed: data.missed, today: data.today, own, trouble: printTrouble(data), off,
    free: stage === "free", others: data.counters.filter((one) => one.code !== counter?.code),
  };
}

/** All boxes; `actions` {resumeLeg(leg), giveBack(leg), reprint(slip), toggleKeys()}. */
export function side(picture, actions) {
  return [
    trouble(picture, actions),
    box("held", t("counter.held"), picture.held, (leg) => [
      person(leg, age(leg.held_at)),
      small("counter.act.resume_leg", `resume-${leg.leg}`, picture.off || !picture.free, () => actions.resumeLeg(leg)),
    ], picture.held.length && !picture.free ? t("counter.resume_when_free") : null),
    box("missed", t("counter.missed"), picture.missed, (leg) => [
      person(leg, null, t("counter.last_call", { time: timeOf(leg.last_called_at) })),
      small("counter.act.give_back", `back-${leg.leg}`, picture.off, () => actions.giveBack(leg)),
    ]),
    figures("counter.today_own", picture.own, ["served", "no_show"]),
    figures("counter.today", picture.today, ["issued", "served", "no_show"]),
    colleagues(picture.others),
    el("button", { type: "button", class: "small", title: t("counter.keys_why"), data: { focus: "keys" },
      "aria-pressed": String(picture.keys), onClick: actions.toggleKeys }, t(picture.keys ? "counter.keys_on" : "counter.keys_off")),
  ];
}

function person(leg, when, more = null) {
  return el("span", { class: "who" }, el("b", { class: "n" }, leg.number), when,
    el("span", { class: "what" }, [more, named(leg.service_name)].filter(Boolean).join(" · ")));
}

function small(word, focus, disabled, onClick) {
  return el("button", { type: "button", class: "small", data: { focus }, disabled, onClick }, t(word));
}

function box(name, title, rows, draw, note = null) {
  return el("section", { class: "box" },
    el("h2", {}, title, el("span", { class: "count" }, rows.length)),
    note ? el("p", { class: "quiet" }, note) : null,
    rows.length
      ? el("ul", { class: "rows", data: { list: name } },
        rows.map((one) => el("li", { data: { ticket: one.number } }, draw(one))))
      : el("p", { class: "quiet" }, t("counter.none")));
}

function figures(title, today, keys) {
  if (!today) return null;
  return el("section", { class: "box", data: { figures: title } }, el("h2", {}, t(title)),
    el("dl", { class: "figures" }, keys.map((key) =>
      el("div", { data: { key } }, el("dt", {}, t(`counter.today.${key}`)), el("dd", {}, today[key])))));
}

function colleagues(counters) {
  if (!counters.length) return null;
  return el("section", { class: "box" }, el("h2", {}, t("counter.colleagues")),
    el("ul", { class: "rows plain" }, counters.map((one) => el("li", { data: { state: one.state } },
      el("span", { class: "name" }, one.label),
      el("span", { class: "quiet" }, one.officer?.name || t("counter.state.closed")),
      el("b", { class: "n" }, one.leg?.number || (one.state === "paused" ? t("counter.state.paused") : ""))))));
}

function trouble({ trouble: slip, off }, actions) {
  if (!slip) return null;
  return el("section", { class: "box alarm" },
    el("p", {}, el("b", {}, slip.number), " ", slipWords(slip), ` (${timeOf(slip.at)})`),
    small("counter.act.reprint", "reprint", off, () => actions.reprint(slip)));
}
