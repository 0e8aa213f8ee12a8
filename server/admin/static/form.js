// A dialog with fields that sends one wish under one key. A mistake is said beside its field and what was
// typed stays; the dialog ends when the server has taken the wish, or the person puts it away.

import { modal } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { newKey, post } from "/shared/http.js";
import { late } from "/shared/send.js";
import { problem, t } from "/shared/text.js";
import { keep, putBack, standing } from "./draft.js";

let freshen = () => {}; // reads the page's lists again

/** What the page does when a form has learnt that its row is another one by now. */
export function whenLate(act) {
  freshen = act;
}

/**
 * Asks and sends. `fields`: from fields.js. `url`: the address, or (body) -> address. `beside`: {code of a
 * refusal: name of the field it belongs to}. `body(values)`: what is sent. Resolves to the answer, or null.
 */
export function askForm({ title, why = null, fields, yes, url, beside = {}, body = (values) => values, danger = false }) {
  const opened = standing(fields);
  const isBack = putBack(url, fields);
  let isLate = false;
  const key = newKey(); // made when the question is shown: however often it is sent, it is done once
  return modal(title, (close) => {
    const says = el("p", { class: "says", role: "alert" });
    const button = el("button", { type: "submit", data: { kind: danger ? "bad" : "main" } }, yes);
    const submit = async (event) => {
      event.preventDefault();
      if (button.disabled || !checked(fields)) return;
      button.disabled = true;
      says.textContent = "";
      const wish = body(Object.fromEntries(fields.map((one) => [one.name, one.read()])));
      const answer = await post(typeof url === "function" ? url(wish) : url, wish, { key, timeout_ms: 20000 });
      button.disabled = false;
      if (answer.status === 401) window.location.reload();
      else if (answer.ok) close(answer);
      else {
        if (answer.body?.code === "changed_meanwhile" && !isLate) freshen();
        isLate ||= answer.body?.code === "changed_meanwhile";
        says.textContent = told(answer, fields, beside);
        // In a long form the sentence stands below what is in sight: whoever pressed must see it.
        (says.textContent ? says : event.target.querySelector("[aria-invalid=true]"))?.scrollIntoView({ block: "center" });
      }
    };
    fields[0]?.node.querySelector("input, select, textarea")?.setAttribute("data-first", "");
    return el("form", { class: "entries", novalidate: true, onSubmit: submit },
      why ? el("p", {}, why) : null, isBack ? el("p", { class: "notice", data: { kind: "warn" } }, t("admin.restored")) : null, fields.map((one) => one.node), says,
      el("div", { class: "endings" }, el("button", { type: "button", onClick: () => close(null) }, t("staff.cancel")), button));
  }).then((answer) => {
    if (!answer && isLate) keep(url, fields, opened);
    return answer;
  });
}

/** What the page itself can see: something required is empty, hours cannot be read. */
function checked(fields) {
  const wrong = fields.filter((one) => {
    const text = one.wrong?.() || (one.required && isEmpty(one.read()) ? t("invalid.missing") : "");
    one.says(text);
    return text;
  });
  wrong[0]?.focus();
  return wrong.length === 0;
}

function isEmpty(value) {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Puts each mistake beside its field; the sentence for what belongs to none. */
function told(answer, fields, beside) {
  const mistakes = (answer.body?.errors || []).map(({ field, message }) => [field, message]);
  if (beside[answer.body?.code]) mistakes.push([beside[answer.body.code], refusal(answer)]);
  const placed = mistakes.filter(([path, message]) => {
    const field = fields.find((one) => path === one.name || path.startsWith(`${one.name}.`));
    field?.says(message, path);
    return field;
  });
  if (placed.length) {
    fields.find((one) => one.node.querySelector("[aria-invalid=true]"))?.focus();
    return placed.length === mistakes.length ? "" : problem(answer);
  }
  if (answer.status === 0) return t("staff.no_answer");
  if (mistakes.length) return `${problem(answer)} ${mistakes[0][1]}`;
  return late(answer) ? `${late(answer)} ${t("admin.reopen")}` : problem(answer);
}

/** The server's sentence; of a colour also how far it is from readable. */
function refusal(answer) {
  const { code, ratio, least } = answer.body;
  const told = (number) => String(number).replace(".", ",");
  return code === "low_contrast" ? `${problem(answer)} ${t("admin.contrast", { ratio: told(ratio), least: told(least) })}` : problem(answer);
}

/** Shows a secret once, large, to be written down. */
export function showOnce(title, why, secret) {
  return modal(title, (close) => [
    el("p", {}, why), el("p", { class: "secret", tabindex: "0", data: { first: "" } }, secret),
    el("div", { class: "endings" }, el("button", { type: "button", data: { kind: "main" }, onClick: () => close(true) }, t("admin.noted"))),
  ]);
}
