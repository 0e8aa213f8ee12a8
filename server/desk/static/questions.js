// What the desk asks before it changes a number that was given.

import { endings, modal } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

const REASON_MAX = 200;

/** Who wishes the cancellation and why. Resolves to {by, reason}, or null. */
export function askCancel(number) {
  return modal(t("desk.cancel_title", { number }), (close) => {
    const why = el("input", { id: "why", class: "field", type: "text", maxlength: REASON_MAX, autocomplete: "off", required: true });
    const by = (value, word, checked) => el("label", { class: "pick" },
      el("input", { type: "radio", name: "by", value, checked, data: checked ? { first: "" } : {} }), t(word));
    const submit = (event) => {
      event.preventDefault();
      if (!why.value.trim()) return why.focus();
      return close({ by: new FormData(event.target).get("by"), reason: why.value.trim() });
    };
    const preset = (n) => el("button", { type: "button", class: "chip", onClick: () => { why.value = t(`desk.cancel_preset.${n}`); } },
      t(`desk.cancel_preset.${n}`));
    return el("form", { onSubmit: submit },
      el("fieldset", { class: "priorities" }, el("legend", {}, t("desk.cancel_by")),
        by("visitor", "desk.by_visitor", true), by("staff", "desk.by_staff", false)),
      el("div", { class: "presets" }, [1, 2, 3].map(preset)),
      el("label", { for: "why" }, t("staff.reason")), why,
      endings(close, t("desk.cancel_yes"), { form: true, danger: true }));
  });
}
