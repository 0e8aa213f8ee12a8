// What an act must ask before it can be sent: where to, or why.

import { confirm, endings, modal, reason } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { presentStanding, targetList } from "./targets.js";

const REASON_MAX = 200;

const presets = (name) => [1, 2, 3, 4].map((n) => t(`counter.${name}.${n}`));

/** What an act needs before it is sent: resolves to its body, or null when it is not to be sent. */
export async function askFirst(id, { counter, stage }, data) {
  if (id === "pause") return askPause();
  if (id === "transfer") return askTransfer(counter.leg, () => data().targets, data().gerai.code);
  return stage !== "called" || !["finish", "finish_next"].includes(id) || await askUnserved(id, counter.leg) ? {} : null;
}

/** Nothing takes a finish back, and this visitor was not served yet: resolves to true, or null. */
function askUnserved(id, { number }) {
  return confirm(t("counter.unserved_title", { number }), t("counter.unserved_why"), t(`counter.act.${id}`));
}

/** Why the counter pauses. Resolves to {reason}, or null. */
async function askPause() {
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
function askTransfer(leg, targets, ownGerai) {
  return modal(t("counter.transfer_title", { number: leg.number }), (close) => {
    const why = el("input", { id: "why", class: "field", type: "text", maxlength: REASON_MAX, autocomplete: "off" });
    const says = el("p", { class: "says", role: "alert" });
    let standing = new Map();
    const list = targetList({ ownGerai, chose: () => { says.textContent = ""; },
      known: () => targets().filter((one) => one.service !== leg.service).map((one) => ({ ...one, ...standing.get(one.service) })) });
    const search = el("input", { id: "search", class: "field", type: "search", autocomplete: "off",
      data: { first: "" }, onInput: () => list.draw(search.value) });
    presentStanding().then((found) => {
      standing = found;
      list.draw(search.value);
    });
    const submit = (event) => {
      event.preventDefault();
      const service = list.chosen();
      if (!service) says.textContent = t("counter.transfer_choose");
      else close({ service, ...(why.value.trim() ? { reason: why.value.trim() } : {}) });
    };
    list.draw("");
    return el("form", { onSubmit: submit },
      el("label", { for: "search" }, t("counter.transfer_search")), search, list.node,
      el("label", { for: "why" }, t("staff.reason_optional")), why, says,
      endings(close, t("counter.act.transfer"), { form: true }));
  });
}
