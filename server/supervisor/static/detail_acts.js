// What a supervisor can do with one gerai, its services, lokets and visitors, each with the question it asks first.

import { confirm, endings, modal, reason } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { NOT_BLANK } from "/shared/filled.js";
import { named, t } from "/shared/text.js";
import { releaseWith } from "./acts.js";

const API = "/api/v1";
const PRESETS = [1, 2, 3];

/** The acts; `send(intent, done)` presses, `data()` is the gerai's newest view, `hall()` the floor's. */
export function actsOn(send, data, hall) {
  const onTicket = (row, path, body, done) => send({ name: `${path}:${row.leg}:${JSON.stringify(body)}`, body,
    url: `${API}/tickets/${row.ticket}/${path}` }, t(`supervisor.done.${done}`, { number: row.number }));

  return {
    release: releaseWith(send),

    async closeToday(scope, code, name) {
      const { date } = data();
      const why = await reason(t("supervisor.close_title", { name }), {
        text: t("supervisor.close_why"), presets: PRESETS.map((n) => t(`supervisor.close_preset.${n}`)),
        yes: t("supervisor.close_yes"), danger: true,
      });
      if (!why) return;
      await send({ name: `close:${scope}:${code}:${date}:${why}`, url: `${API}/overrides`,
        body: { scope, target: code, kind: "closed", from: date, to: date, reason: why } },
      t("supervisor.done.close", { name }));
    },

    async reopen(rule, name) {
      const text = t(rule.from === rule.to ? "supervisor.reopen_why" : "supervisor.reopen_long", { reason: rule.reason || "–" });
      if (!await confirm(t("supervisor.reopen_title", { name }), text, t("supervisor.reopen"))) return;
      await send({ name: `end:${rule.id}`, url: `${API}/overrides/${rule.id}/end` }, t("supervisor.done.reopen", { name }));
    },

    async confirmPriority(row) {
      await onTicket(row, "priority", { value: row.priority.code }, "priority_yes");
    },

    async removePriority(row) {
      const why = await reason(t("supervisor.priority_title", { number: row.number }), {
        text: t("supervisor.priority_why"), yes: t("supervisor.priority_no") });
      if (why) await onTicket(row, "priority", { value: null, reason: why }, "priority_no");
    },

    async transfer(row) {
      const wish = await askTarget(row, hall());
      if (wish) await onTicket(row, "transfer", wish, "transfer");
    },

    async giveBack(row) {
      if (!await confirm(t("supervisor.give_back_title", { number: row.number }), t("supervisor.give_back_why"),
        t("supervisor.give_back"))) return;
      await onTicket(row, "return", {}, "give_back");
    },
  };
}

/** Resolves to {service, reason} or null: every open service of the hall but the visitor's own. */
function askTarget(row, { gerai }) {
  return modal(t("supervisor.transfer_title", { number: row.number }), (close) => {
    const submit = (event) => {
      event.preventDefault();
      const { service, why } = Object.fromEntries(new FormData(event.target));
      if (service && why.trim()) close({ service, reason: why.trim() });
    };
    const groups = gerai.map((one) => [one, one.services.filter((service) => service.open && service.code !== row.service)]);
    return el("form", { onSubmit: submit },
      el("p", {}, t("supervisor.transfer_why")),
      el("label", { for: "service" }, t("supervisor.transfer_to")),
      el("select", { id: "service", name: "service", class: "field", required: true, data: { first: "" } },
        el("option", { value: "" }, ""),
        groups.filter(([, services]) => services.length).map(([one, services]) => el("optgroup", { label: one.name },
          services.map((service) => el("option", { value: service.code },
            `${named(service.name)} (${t("supervisor.n_waiting", { n: service.waiting })})`))))),
      el("label", { for: "why" }, t("staff.reason")),
      el("input", { id: "why", name: "why", class: "field", type: "text", maxlength: 200, required: true, pattern: NOT_BLANK, autocomplete: "off" }),
      endings(close, t("supervisor.transfer"), { form: true }));
  });
}
