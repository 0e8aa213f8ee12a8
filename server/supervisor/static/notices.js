// Words on the displays today: what runs, one more, and an end to each.

import { endings, modal } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { NOT_BLANK } from "/shared/filled.js";
import { t } from "/shared/text.js";

const TEXT_MAX = 200;

/** The notices of today; `acts.addNotice()`, `acts.endNotice(one)`. */
export function noticeList({ notices, can, off }, acts) {
  return [
    el("h2", {}, t("supervisor.notices"), el("span", { class: "count" }, notices.length)),
    notices.length ? el("ul", { class: "rows", data: { list: "notices" } }, notices.map((one) => el("li", { data: { notice: one.id } },
      el("span", { class: "name" }, one.text),
      can ? el("button", { type: "button", class: "small", disabled: off, data: { focus: `notice-${one.id}` },
        onClick: () => acts.endNotice(one) }, t("supervisor.end")) : null)))
      : el("p", { class: "quiet" }, t("supervisor.no_notices")),
    can ? el("button", { type: "button", class: "small", disabled: off, data: { focus: "notice" }, onClick: acts.addNotice },
      t("supervisor.notice_add")) : null,
  ];
}

/** Resolves to {text, zone?} or null; `zones` as [[code, name]]. */
export function askNotice(zones) {
  return modal(t("supervisor.notice_add"), (close) => {
    const submit = (event) => {
      event.preventDefault();
      const { words, where } = Object.fromEntries(new FormData(event.target));
      if (words.trim()) close({ text: words.trim(), ...(where ? { zone: where } : {}) });
    };
    return el("form", { onSubmit: submit },
      el("p", {}, t("supervisor.notice_why")),
      el("label", { for: "words" }, t("supervisor.notice_text")),
      el("input", { id: "words", name: "words", class: "field", type: "text", maxlength: TEXT_MAX, required: true, pattern: NOT_BLANK,
        autocomplete: "off", data: { first: "" } }),
      el("label", { for: "where" }, t("supervisor.zone")),
      el("select", { id: "where", name: "where", class: "field" }, el("option", { value: "" }, t("supervisor.all_displays")),
        zones.map(([code, name]) => el("option", { value: code }, name))),
      endings(close, t("supervisor.notice_show"), { form: true }));
  });
}
