// Who is served at this counter, for how long against the standard, and with which priority.

import { age } from "/shared/ages.js";
import { duration, timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";
import { priorityWords } from "./words.js";
import { standardOf, waitingFor } from "./picture.js";

/** The plain data from which the card is drawn. */
export function cardPicture({ data, counter, stage, off }) {
  return {
    stage, off, leg: counter?.leg || null, since: counter?.since, reason: counter?.pause_reason,
    standard: counter?.leg ? standardOf(data, counter.leg.service) : null,
    waiting: waitingFor(data, counter), call_starts: data.site.rules.call_starts_service,
  };
}

/** The card of the visitor at the counter; `actions` {priority(leg, value)}. */
export function card(picture, actions) {
  const { stage, leg } = picture;
  const chip = el("p", { class: "stage" }, t(`counter.stage.${stage}`));
  if (!leg) return el("article", { class: "card visitor", data: { stage } }, chip, idle(picture));
  return el("article", { class: "card visitor", data: { stage } },
    chip,
    el("p", { class: "number", data: { number: leg.number } }, leg.number),
    el("p", { class: "service" }, named(leg.service_name)),
    badge(leg, actions, picture.off),
    stage === "serving" ? serving(picture) : called(leg),
    leg.language && leg.language !== "id" ? el("p", { class: "quiet" }, t(`language.${leg.language}`)) : null,
    el("button", { type: "button", class: "small reprint", data: { focus: "reprint-card" }, disabled: picture.off,
      onClick: () => actions.reprint({ ticket: leg.ticket, number: leg.number, at: leg.last_called_at }) }, t("counter.act.reprint")));
}

function idle({ stage, since, reason, waiting }) {
  if (stage === "paused") {
    return [el("p", { class: "headline" }, reason || t("counter.paused")),
      since ? el("p", { class: "quiet" }, t("counter.since", { time: timeOf(since) }), " · ", age(since)) : null];
  }
  return el("p", { class: "headline" }, waiting ? t("counter.waiting_n", { n: waiting }) : t("counter.nobody_waits"));
}

function called(leg) {
  const waited_s = (Date.parse(leg.first_called_at) - Date.parse(leg.queued_at)) / 1000;
  return [
    el("p", { class: "clock" }, t("counter.called_n", { n: leg.call_count }), " · ",
      age(leg.last_called_at, { style: "watch" })),
    el("p", { class: "quiet" }, t("counter.waited", { time: duration(Math.floor(Math.max(0, waited_s) / 60) * 60) })),
  ];
}

function serving({ leg, standard }) {
  const limit_s = leg.promised_service_s || standard?.service_s || null;
  return [
    el("p", { class: "clock" }, age(leg.started_at, { style: "watch", limit_s }),
      limit_s ? el("span", { class: "standard" }, t("counter.standard", { time: duration(limit_s) })) : null,
      el("span", { class: "over" }, t("counter.over"))),
  ];
}

/** The priority with its one-press answers; what was removed stays visible as removed. */
function badge(leg, actions, off) {
  const { priority } = leg;
  if (!priority) return null;
  const button = (word, value, focus) => el("button", { type: "button", class: "small", data: { focus },
    disabled: off, onClick: () => actions.priority(leg, value) }, t(word));
  return el("div", { class: "priority", data: { state: priority.state } },
    el("span", { class: "badge" }, priorityWords(priority.code)),
    el("span", { class: "quiet" }, t(`priority.${priority.state}`).toLowerCase()),
    priority.state === "confirmed" ? null : button("counter.priority.confirm", priority.code, "confirm"),
    priority.state === "removed" ? null : button("counter.priority.remove", null, "remove"));
}
