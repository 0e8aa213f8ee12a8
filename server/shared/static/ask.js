// A question in a dialog: a title, perhaps a text, a reason to write or choose, and the answers.

import { el } from "./dom.js";
import { NOT_BLANK } from "./filled.js";
import { t } from "./text.js";

const REASON_MAX = 200;
let opened = 0; // a dialog may ask its question over another one

/** Opens a modal dialog around `content`; `close(value)` inside ends it. Resolves to the value, or null. */
export function modal(title, content) {
  return new Promise((resolve) => {
    const id = `dialog-title-${opened += 1}`;
    const heading = el("h2", { id }, title);
    const box = el("dialog", { class: "dialog", "aria-labelledby": id }, heading);
    let value = null;
    const close = (given) => {
      value = given;
      box.close();
    };
    box.append(...[content(close)].flat());
    box.addEventListener("close", () => {
      box.remove();
      resolve(value);
    });
    document.body.append(box);
    box.showModal();
    box.querySelector("[data-first]")?.focus();
  });
}

/** The row of buttons that ends a dialog. */
export function endings(close, yes, { danger = false, form = false } = {}) {
  const confirm = form ? {} : { onClick: () => close(true) };
  return el("div", { class: "endings" },
    el("button", { type: "button", onClick: () => close(null) }, t("staff.cancel")),
    el("button", { type: form ? "submit" : "button", ...confirm,
      data: { kind: danger ? "bad" : "main", first: form ? null : "" } }, yes));
}

/** Asks yes or no; resolves to true or null. */
export function confirm(title, text, yes, options = {}) {
  return modal(title, (close) => [text ? el("p", {}, text) : null, endings(close, yes, options)].filter(Boolean));
}

/** Asks for a reason: presets fill the field at one press. Resolves to the text, or null. */
export function reason(title, { text = null, presets = [], yes = t("staff.send"), required = true, danger = false } = {}) {
  return modal(title, (close) => {
    const field = el("input", { id: "reason", class: "field", type: "text", maxlength: REASON_MAX, required,
      pattern: required ? NOT_BLANK : null,       autocomplete: "off", data: { first: "" } });
    const fill = (preset) => () => {
      field.value = preset;
      field.focus();
    };
    const submit = (event) => {
      event.preventDefault();
      const given = field.value.trim();
      if (given || !required) close(given);
      else field.focus();
    };
    return el("form", { onSubmit: submit },
      text ? el("p", {}, text) : null,
      presets.length ? el("div", { class: "presets" }, presets.map((preset) =>
        el("button", { type: "button", class: "chip", onClick: fill(preset) }, preset))) : null,
      el("label", { for: "reason" }, t(required ? "staff.reason" : "staff.reason_optional")),
      field, endings(close, yes, { form: true, danger }));
  });
}
