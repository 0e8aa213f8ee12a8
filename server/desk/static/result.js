// The number just given, large enough to show across the desk, and what became of its paper.

import { modal } from "/shared/ask.js";
import { range } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { slipWords } from "/shared/paper.js";
import { named, t } from "/shared/text.js";

/** What the view knows of the newest slip of a ticket; before that, what the answer said. */
export function paperOf(result, prints) {
  const slips = prints.filter((one) => one.ticket === result.id);
  return slips[slips.length - 1] || { state: result.print?.state || "none", cause: null };
}

/** "Dukcapil · Zona Biru · Loket 1, Loket 2". */
function whereWords(result) {
  return [result.gerai_name, result.zone_name, (result.counters || []).join(", ")].filter(Boolean).join(" · ");
}

/** The panel; `actions` {done(), reprint(), cancel(), large()}. */
export function resultPanel({ result, paper, off }, actions) {
  const button = (word, focus, onClick, kind = null) =>
    el("button", { type: "button", disabled: off && focus !== "done", data: { focus, kind }, onClick }, word);
  return el("article", { class: "card result" },
    el("p", { class: "quiet" }, t("desk.given")),
    el("p", { class: "number", data: { number: result.number } }, result.number),
    el("p", { class: "service" }, named(result.service_name)),
    el("p", { class: "where" }, whereWords(result)),
    el("p", {}, t("desk.ahead", { n: result.ahead }),
      result.estimate ? ` · ${t("desk.estimate", { range: range(result.estimate) })}` : ""),
    result.priority ? el("p", {}, el("span", { class: "badge" }, t(`priority.${result.priority.code}`))) : null,
    el("p", { class: "paper", data: { state: paper.state } }, slipWords(paper)),
    el("div", { class: "endings" },
      button(t("desk.cancel_this"), "cancel", actions.cancel, "bad"),
      button(t("desk.reprint"), "reprint", actions.reprint),
      button(t("desk.large"), "large", actions.large),
      button([t("desk.next_visitor"), el("kbd", {}, "F2")], "done", actions.done, "main")));
}

/** The number over the whole screen, to turn towards the visitor. */
export function showLarge(result) {
  return modal(named(result.service_name), (close) => el("div", { class: "large" },
    el("p", { class: "number" }, result.number),
    el("p", {}, whereWords(result)),
    el("button", { type: "button", data: { kind: "main", first: "" }, onClick: () => close(null) }, t("desk.close"))));
}
