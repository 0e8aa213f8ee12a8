// What an act must ask before it can be sent: where to, or why.

import { endings, modal, reason } from "/shared/ask.js";
import { range } from "/shared/clock.js";
import { el, replace } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { named, t } from "/shared/text.js";
import { findTargets } from "./picture.js";

const REASON_MAX = 200;

const presets = (name) => [1, 2, 3, 4].map((n) => t(`counter.${name}.${n}`));

/** Why the counter pauses. Resolves to {reason}, or null. */
export async function askPause() {
  const text = await reason(t("counter.pause_title"), { presets: presets("pause_preset"), yes: t("counter.act.pause") });
  return text && { reason: text };
}

/** Why a visitor is called out of order. Resolves to {ticket, reason}, or null. */
export async function askPick(ticket) {
  const text = await reason(t("counter.pick_title", { number: ticket.number }), {
    text: t("counter.pick_why"), presets: presets("pick_preset"), yes: t("counter.pick") });
  return text && { ticket: ticket.ticket, reason: text };
}

/** Where a visitor goes on; `targets()` gives the view's newest list. Resolves to {service, reason?}, or null. */
export function askTransfer(leg, targets, ownGerai) {
  return modal(t("counter.transfer_title", { number: leg.number }), (close) => {
    const list = el("ul", { class: "targets", role: "listbox", "aria-label": t("counter.transfer_to") });
    const why = el("input", { id: "why", class: "field", type: "text", maxlength: REASON_MAX, autocomplete: "off" });
    const says = el("p", { class: "says", role: "alert" });
    const search = el("input", { id: "search", class: "field", type: "search", autocomplete: "off",
      data: { first: "" }, onInput: () => draw() });
    let chosen = null;
    let standing = new Map();
    presentStanding().then((found) => { standing = found; draw(); });
    const choose = (service) => {
      chosen = service;
      says.textContent = "";
      draw();
    };
    function draw() {
      const found = findTargets(targets().map((one) => ({ ...one, ...standing.get(one.service) })), search.value, ownGerai).filter((one) => one.service !== leg.service);
      replace(list, found.length ? found.map((one) => target(one, chosen, choose)) : el("li", { class: "quiet" }, t("staff.nothing_found")));
    }
    const submit = (event) => {
      event.preventDefault();
      if (!chosen) says.textContent = t("counter.transfer_choose");
      else close({ service: chosen, ...(why.value.trim() ? { reason: why.value.trim() } : {}) });
    };
    draw();
    return el("form", { onSubmit: submit },
      el("label", { for: "search" }, t("counter.transfer_search")), search, list,
      el("label", { for: "why" }, t("staff.reason_optional")), why, says,
      endings(close, t("counter.act.transfer"), { form: true }));
  });
}

/** Every service as it stands now, with the expected wait that the view does not carry. */
async function presentStanding() {
  const answer = await get("/api/v1/services");
  return new Map((answer.ok ? answer.body.items : []).map(({ code, open, waiting, estimate }) => [code, { open, waiting, estimate }]));
}

function target(one, chosen, choose) {
  const picked = one.service === chosen;
  return el("li", { role: "presentation" }, el("button", {
    type: "button", role: "option", class: "target", "aria-selected": String(picked), disabled: !one.open,
    data: { focus: `to-${one.service}`, service: one.service }, onClick: () => choose(one.service),
  },
  el("b", {}, named(one.name)), el("span", { class: "quiet" }, one.gerai_name),
  el("span", { class: "n" }, one.open ? t("counter.waiting_n", { n: one.waiting }) : t("counter.closed"),
    one.open && one.estimate ? el("span", { class: "quiet" }, `± ${range(one.estimate)}`) : null)));
}
