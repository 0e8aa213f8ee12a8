// The list of a transfer's targets. Each row is made once and changed in place: news that comes
// between the moment a finger comes down and the click it makes must not lose the choice.

import { range } from "/shared/clock.js";
import { el, setText } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { named, t } from "/shared/text.js";
import { findTargets } from "./picture.js";

/** Every service as it stands now, with the expected wait that the view does not carry. */
export async function presentStanding() {
  const answer = await get("/api/v1/services");
  return new Map((answer.ok ? answer.body.items : []).map(({ code, open, waiting, estimate }) => [code, { open, waiting, estimate }]));
}

function targetRow(service, choose) {
  const name = el("b", {});
  const gerai = el("span", { class: "quiet" });
  const count = el("span", {});
  const wait = el("span", { class: "quiet" });
  const button = el("button", {
    type: "button", role: "option", class: "target", data: { focus: `to-${service}`, service }, onClick: () => choose(service),
  }, name, gerai, el("span", { class: "n" }, count, wait));
  function update(one, picked) {
    setText(name, named(one.name));
    setText(gerai, one.gerai_name);
    setText(count, one.open ? t("counter.waiting_n", { n: one.waiting }) : t("counter.closed"));
    setText(wait, one.open && one.estimate ? `± ${range(one.estimate)}` : "");
    button.setAttribute("aria-selected", String(picked));
    button.disabled = !one.open;
  }
  return { node: el("li", { role: "presentation" }, button), update };
}

/** {node, draw(words), chosen()}; `known()` gives every target as it stands now, `chose()` is told of a choice. */
export function targetList({ known, ownGerai, chose }) {
  const node = el("ul", { class: "targets", role: "listbox", "aria-label": t("counter.transfer_to") });
  const rows = new Map();
  let [chosen, shown, words] = [null, null, ""];

  function choose(service) {
    chosen = service;
    chose();
    draw(words);
  }

  function rowOf(one) {
    if (!rows.has(one.service)) rows.set(one.service, targetRow(one.service, choose));
    return rows.get(one.service);
  }

  function draw(typed) {
    words = typed;
    const found = findTargets(known(), words, ownGerai);
    found.forEach((one) => rowOf(one).update(one, one.service === chosen));
    const order = found.map((one) => one.service).join();
    if (order === shown) return;
    shown = order;
    node.replaceChildren(...(found.length ? found.map((one) => rowOf(one).node)
      : [el("li", { class: "quiet" }, t("staff.nothing_found"))]));
  }

  return { node, draw, chosen: () => chosen };
}
