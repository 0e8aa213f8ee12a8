// Notices: words that run on the displays, of the hall or of a zone, for some dates or until they are ended.

import { confirm } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { dates } from "./calendar.js";
import { choice, day, text } from "./fields.js";
import { askForm } from "./form.js";
import { adder, API, asked, listed, small, table } from "./part.js";

export async function load() {
  const [notices, plan] = await Promise.all([listed("/notices"), asked("/plan")]);
  return { notices, zones: plan.zones };
}

export function draw({ notices, zones, data, off }, page) {
  const rows = notices.filter((one) => !one.to || one.to >= data.date);
  const zoneName = (code) => (code ? zones.find((one) => one.code === code)?.name || code : t("admin.all_displays"));
  return [
    el("h1", {}, t("admin.notices"), el("span", { class: "count" }, rows.length)),
    el("p", { class: "quiet" }, t("admin.notices_why")),
    adder("admin.notice_add", off, () => add(zones, data, page)),
    table(["text", "where", "dates", "acts"], rows.map((one) => [{ notice: one.id }, [one.text, zoneName(one.zone), dates(one),
      small("admin.end", `end-${one.id}`, off, () => end(one, page))]])),
  ];
}

async function add(zones, data, page) {
  const answer = await askForm({
    title: t("admin.notice_add"), yes: t("admin.show"), url: `${API}/notices`,
    fields: [text("text", t("admin.notice_text"), { max: 200, required: true }),
      choice("zone", t("admin.zone"), zones.map((one) => [one.code, one.name]), { empty: t("admin.all_displays") }),
      day("from", t("admin.from"), { value: data.date, required: true }), day("to", t("admin.to"), { hint: t("admin.to_hint") })],
  });
  if (answer) page.done(t("admin.done.notice"));
}

async function end(one, page) {
  if (!await confirm(t("admin.notice_end"), one.text, t("admin.end"))) return;
  await page.act(`end:${one.id}`, `${API}/notices/${one.id}/end`, {}, t("admin.done.notice_end"));
}
