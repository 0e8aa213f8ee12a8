// The playlist of the displays: pictures and videos with the days and hours at which they are shown.

import { confirm, modal } from "/shared/ask.js";
import { dateOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { newKey, sendFile } from "/shared/http.js";
import { problem, t } from "/shared/text.js";
import { choice, day, hours, number, several, text, tick } from "./fields.js";
import { askForm } from "./form.js";
import { adder, API, asked, small, table, titleOf } from "./part.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MB = 1000000;

export async function load() {
  const [told, plan] = await Promise.all([asked("/media"), asked("/plan")]);
  return { media: told.items, limits: told.limits, zones: plan.zones };
}

export function draw({ media, limits, zones, off }, page) {
  const zoneName = (code) => (code ? zones.find((one) => one.code === code)?.name || code : t("admin.all_displays"));
  return [
    el("h1", {}, t("admin.media"), el("span", { class: "count" }, media.length)),
    el("p", { class: "quiet" }, t("admin.media_why", { image: limits.image_max_mb, video: limits.video_max_mb, minutes: Math.floor(limits.video_max_s / 60) })),
    adder("admin.media_add", off, () => add(limits, zones, page)),
    table(["media", "name", "when", "where", "acts"], media.map((one) => [{ medium: one.id, state: one.trouble ? "down" : "up" }, [
      one.kind === "image" ? el("img", { class: "thumb", src: one.url, alt: "" }) : t("admin.video", { s: Math.ceil(one.length_ms / 1000) }),
      [one.name, one.trouble ? el("span", { class: "under lamp" }, t(`admin.trouble.${one.trouble}`)) : null], when(one), zoneName(one.zone),
      [small("admin.change", `change-${one.id}`, off, () => change(one, zones, page)), small("admin.remove", `remove-${one.id}`, off, () => remove(one, page))],
    ]])),
  ];
}

/** "Setiap hari", "Senin, Jumat 08.00–12.00", with the dates. */
function when(one) {
  const days = one.days.length === 7 ? t("admin.every_day") : [...one.days].map((n) => t(`admin.day.${DAYS[n - 1]}`)).join(", ");
  const span = one.from === "00:00" && one.to === "24:00" ? "" : ` ${one.from}–${one.to}`.replaceAll(":", ".");
  const date = (iso) => dateOf(`${iso}T12:00:00Z`);
  const dates = [one.date_from && t("admin.from_date", { date: date(one.date_from) }), one.date_to && t("admin.to_date", { date: date(one.date_to) })].filter(Boolean);
  return [days + span, dates.length ? el("span", { class: "under" }, dates.join(" ")) : null];
}

/** A file goes as it is, not as text: it may be large. */
function add(limits, zones, page) {
  const key = newKey();
  return modal(t("admin.media_add"), (close) => {
    const file = el("input", { id: "file", type: "file", class: "field", accept: "image/png,image/jpeg,image/webp,video/mp4,video/webm", data: { first: "" } });
    const name = text("name", t("admin.col.name"), { max: 80 });
    const zone = choice("zone", t("admin.zone"), zones.map((one) => [one.code, one.name]), { empty: t("admin.all_displays") });
    const says = el("p", { class: "says mistake", role: "alert" });
    const button = el("button", { type: "submit", data: { kind: "main" } }, t("admin.media_send"));
    file.addEventListener("change", () => file.files[0] && !name.read() && (name.node.querySelector("input").value = file.files[0].name.replace(/\.\w+$/, "").slice(0, 80)));
    const submit = async (event) => {
      event.preventDefault();
      const chosen = file.files[0];
      if (button.disabled) return;
      if (!chosen || !name.read()) return void (says.textContent = t(chosen ? "admin.media_name" : "admin.media_choose"));
      const most = Math.max(limits.image_max_mb, limits.video_max_mb);
      if (chosen.size > most * MB) return void (says.textContent = t("admin.media_large", { n: most }));
      button.disabled = true;
      says.textContent = t("admin.media_sending");
      const wish = new URLSearchParams({ name: name.read(), ...(zone.read() ? { zone: zone.read() } : {}) });
      const answer = await sendFile(`${API}/media?${wish}`, chosen, key);
      button.disabled = false;
      if (answer.ok) return close(answer);
      const first = answer.body?.errors?.[0]?.message;
      says.textContent = [answer.status === 0 ? t("staff.no_answer") : problem(answer), first].filter(Boolean).join(" ");
    };
    return el("form", { class: "entries", novalidate: true, onSubmit: submit },
      el("div", { class: "entry" }, el("label", { for: "file" }, t("admin.media_file")), file), name.node, zone.node, says,
      el("div", { class: "endings" }, el("button", { type: "button", onClick: () => close(null) }, t("staff.cancel")), button));
  }).then((answer) => answer && page.done(t("admin.done.media", { name: answer.body.name })));
}

async function change(one, zones, page) {
  const span = one.from === "00:00" && one.to === "24:00" ? [] : [[one.from, one.to]];
  const answer = await askForm({
    title: titleOf(one.name), yes: t("admin.save"), url: `${API}/media/${one.id}`,
    fields: [text("name", t("admin.col.name"), { value: one.name, required: true }),
      ...(one.kind === "image" ? [number("seconds", t("admin.media_seconds"), { value: one.seconds, min: 3, max: 600 })] : [tick("sound", t("admin.media_sound"), { value: one.sound })]),
      several("days", t("admin.media_days"), DAYS.map((name, n) => [String(n + 1), t(`admin.day.${name}`)]), { value: [...one.days], required: true }),
      hours("from", t("admin.media_hours"), { value: span, hint: t("admin.media_hours_hint") }),
      day("date_from", t("admin.from"), { value: one.date_from }), day("date_to", t("admin.to"), { value: one.date_to }),
      choice("zone", t("admin.zone"), zones.map((row) => [row.code, row.name]), { value: one.zone, empty: t("admin.all_displays") }),
      number("position", t("admin.media_position"), { value: one.position, min: 1, max: 1000 })],
    body: ({ days, from, ...rest }) => ({ ...rest, days: days.join(""), from: from[0]?.[0] || "00:00", to: from[0]?.[1] || "24:00", version: one.version }),
  });
  if (answer) page.done(t("admin.done.media", { name: answer.body.name }));
}

async function remove(one, page) {
  if (!await confirm(t("admin.media_remove", { name: one.name }), t("admin.media_remove_why"), t("admin.remove"), { danger: true })) return;
  await page.act(`remove:${one.id}`, `${API}/media/${one.id}/remove`, {}, t("admin.done.media_remove", { name: one.name }));
}
