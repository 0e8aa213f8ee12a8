// What a supervisor can do from this page, each with the question it asks first.

import { confirm, reason } from "/shared/ask.js";
import { dateOf, now_ms, timeWithSeconds, zoneName } from "/shared/clock.js";
import { t } from "/shared/text.js";
import { askApproval, zonesOf } from "./approval.js";
import { askNotice } from "./notices.js";
import { askReport } from "./reports.js";

const API = "/api/v1";

/** Frees a loket with a reason, pressed by `send`. */
export function releaseWith(send) {
  return async (gerai, counter) => {
    const number = counter.leg ? ` ${t("supervisor.release_leg", { number: counter.leg.number })}` : "";
    const why = await reason(t("supervisor.release_title", { label: counter.label, gerai: gerai.name }), {
      text: t("supervisor.release_why", { name: counter.officer?.name || "?" }) + number,
      presets: [1, 2].map((n) => t(`supervisor.release_preset.${n}`)), yes: t("supervisor.release"),
    });
    if (!why) return;
    await send({ name: `release:${counter.code}:${counter.since}`, body: { reason: why },
      url: `${API}/counters/${encodeURIComponent(counter.code)}/release` },
    t("supervisor.done.release", { label: counter.label, gerai: gerai.name }));
  };
}

/** The acts on the hall; `send(intent, done)` presses, `data()` gives the newest view's data, `kept` looks after the reports. */
export function actsOf(send, data, kept) {
  return {
    async endOverride(rule, words) {
      if (!await confirm(t("supervisor.end_title", { words }), t("supervisor.end_why"), t("supervisor.end"))) return;
      await send({ name: `end:${rule.id}`, url: `${API}/overrides/${rule.id}/end` }, t("supervisor.done.end", { words }));
    },

    async unlock(account) {
      await send({ name: `unlock:${account.username}:${account.until}`,
        url: `${API}/users/${encodeURIComponent(account.username)}/unlock` },
      t("supervisor.done.unlock", { name: account.username }));
    },

    async approve(asked) {
      const body = await askApproval(asked, data());
      if (!body) return;
      await send({ name: `approve:${asked.code}:${JSON.stringify(body)}`, body,
        url: `${API}/enrolments/${encodeURIComponent(asked.code)}/approve` },
      t("supervisor.done.approve", { code: asked.code }));
    },

    async confirmClock(alert) {
      const now = `${dateOf(now_ms())}, ${timeWithSeconds(now_ms())} ${zoneName()}`;
      if (!await confirm(t("supervisor.clock_title"), t("supervisor.clock_why", { now }), t("supervisor.clock_yes"))) return;
      await send({ name: `clock:${alert.since}`, url: `${API}/clock/confirm` }, t("supervisor.done.clock"));
    },

    /** Whether the display was asked. */
    async display(one, body) {
      const answer = await send({ name: `display:${one.code}:${JSON.stringify(body)}`, body,
        url: `${API}/displays/${encodeURIComponent(one.code)}/command` }, t(`supervisor.done.${body.do}`, { name: one.name }));
      return answer?.ok === true;
    },

    async acknowledge(alert) {
      await send({ name: `ack:${alert.key}:${alert.since}`, url: `${API}/alerts/${encodeURIComponent(alert.key)}/ack` },
        t("supervisor.done.ack"));
    },

    async addNotice() {
      const { date, gerai } = data();
      const words = await askNotice(zonesOf(gerai));
      if (!words) return;
      await send({ name: `notice:${JSON.stringify(words)}`, url: `${API}/notices`, body: { ...words, from: date, to: date } },
        t("supervisor.done.notice"));
    },

    async endNotice(one) {
      if (!await confirm(t("supervisor.notice_end"), one.text, t("supervisor.end"))) return;
      await send({ name: `notice-end:${one.id}`, url: `${API}/notices/${one.id}/end` }, t("supervisor.done.notice_end"));
    },

    async makeReport() {
      const body = await askReport(data().date, data().gerai);
      if (!body) return;
      await send({ name: `report:${JSON.stringify(body)}`, body, url: `${API}/reports` }, t("supervisor.done.report"));
      await kept.look();
    },

    async closeDay() {
      const { date, gerai } = data();
      const waiting = gerai.reduce((sum, one) => sum + one.waiting, 0);
      const open = gerai.flatMap((one) => one.counters).filter((one) => one.state !== "closed").length;
      const yes = await confirm(t("supervisor.close_day_title"),
        t("supervisor.close_day_why", { waiting, open }), t("supervisor.close_day"), { danger: true });
      if (!yes) return;
      await send({ name: `day:${date}`, url: `${API}/day/close` }, t("supervisor.done.day"));
    },
  };
}
