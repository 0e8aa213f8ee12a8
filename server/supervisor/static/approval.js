// The question before a device is let in: what it is called, where it stands, where it prints.

import { endings, modal } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** Resolves to the body of the approval, or null. Empty fields are left out: the server then keeps what the page asked for. */
export function askApproval(asked, data) {
  const kind = t(`supervisor.kind.${asked.kind}`);
  return modal(t("supervisor.approve_title", { kind, code: asked.code }), (close) => {
    const submit = (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(event.target));
      const body = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
      close({ kind: asked.kind, ...body });
    };
    return el("form", { onSubmit: submit },
      el("p", {}, t("supervisor.approve_why")),
      text("name", t("supervisor.device_name"), 80, true),
      choice("zone", t("supervisor.zone"), zonesOf(data.gerai)),
      asked.kind === "kiosk"
        ? choice("printer", t("supervisor.prints_at"), data.printers.map((one) => [one.code, `${one.code} – ${one.name}`])) : null,
      text("device_code", t("supervisor.device_code"), 30),
      endings(close, t("supervisor.approve"), { form: true }));
  });
}

/** [[code, name]] of every zone in which a gerai stands. */
export function zonesOf(gerai) {
  return [...new Map(gerai.map((one) => [one.zone, one.zone_name]))].sort();
}

function text(name, label, maxlength, first = false) {
  return [el("label", { for: name }, label),
    el("input", { id: name, name, class: "field", type: "text", maxlength, autocomplete: "off", data: first ? { first: "" } : {} })];
}

function choice(name, label, options) {
  return [el("label", { for: name }, label),
    el("select", { id: name, name, class: "field" }, el("option", { value: "" }, t("supervisor.not_set")),
      options.map(([value, words]) => el("option", { value }, words)))];
}
