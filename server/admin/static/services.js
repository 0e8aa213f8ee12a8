// Services and gerai: one gerai at a time with its services, what is archived, and the plan as a file.

import { confirm, reason } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";
import { API, asked, small, table } from "./part.js";
import { changeGerai, changeService } from "./plan_forms.js";

let chosen = null; // code of the gerai that is shown

export async function load() {
  return { plan: await asked("/plan") };
}

export function draw({ plan, data, off }, page) {
  const gerai = plan.gerai.find((one) => one.code === chosen) || plan.gerai[0];
  chosen = gerai.code;
  const services = plan.services.filter((one) => one.gerai === chosen);
  return [
    el("h1", {}, t("admin.services")),
    el("div", { class: "presses" },
      el("label", { class: "pick" }, t("admin.gerai"), picker(plan, page)),
      small("admin.change_gerai", "change-gerai", off, () => changeGerai(gerai, page)),
      small("admin.archive_gerai", "archive-gerai", off, () => archive("gerai", gerai.code, gerai.name, gerai.version, page)),
      el("a", { class: "button small", href: `${API}/floor.toml`, download: "denah.toml" }, t("admin.export"))),
    el("p", { class: "quiet" }, [gerai.place, weekWords(gerai.hours, "admin.hours_of_site")].filter(Boolean).join(" · ")),
    table(["service", "promise", "quota", "hours", "acts"], services.map((one) => row(one, data, off, page))),
    archived(plan.archived, off, page),
  ];
}

function picker(plan, page) {
  const select = el("select", { class: "field", data: { focus: "gerai" }, onChange: () => {
    chosen = select.value;
    page.again();
  } }, plan.gerai.map((one) => el("option", { value: one.code }, one.name)));
  select.value = chosen;
  return select;
}

function weekWords(week, otherwise) {
  return t(week ? "admin.hours_own" : otherwise);
}

/** The closing override of the service that stands until it is ended: its pause. */
function pauseOf(service, data) {
  return data.overrides.find((one) => one.scope === "service" && one.target === service.code
    && one.kind === "closed" && !one.to && one.from <= data.date);
}

function row(one, data, off, page) {
  const pause = pauseOf(one, data);
  const { wait_s, service_s, version } = one.standard;
  return [{ service: one.code, state: pause ? "off" : "on" }, [
    [el("b", {}, named(one.name)), el("span", { class: "quiet under" }, one.code),
      pause ? el("span", { class: "badge" }, t("admin.paused", { reason: pause.reason })) : null],
    [t("admin.promise", { wait: wait_s / 60, service: service_s / 60 }), el("span", { class: "quiet under" }, version)],
    one.quota ?? "–", weekWords(one.hours, "admin.hours_of_gerai"),
    [small("admin.change", `change-${one.code}`, off, () => changeService(one, page)),
      pause ? small("admin.resume", `resume-${one.code}`, off, () => resume(one, pause, page))
        : small("admin.pause", `pause-${one.code}`, off, () => stop(one, data, page)),
      small("admin.archive", `archive-${one.code}`, off, () => archive("services", one.code, named(one.name), one.version, page))],
  ]];
}

async function stop(one, data, page) {
  const name = named(one.name);
  const why = await reason(t("admin.pause_of", { name }), { text: t("admin.pause_why"), yes: t("admin.pause"),
    presets: [1, 2, 3].map((n) => t(`admin.pause_preset.${n}`)) });
  if (!why) return;
  await page.act(`pause:${one.code}:${data.date}`, `${API}/overrides`,
    { scope: "service", target: one.code, kind: "closed", from: data.date, reason: why }, t("admin.done.pause", { name }));
}

async function resume(one, pause, page) {
  await page.act(`resume:${pause.id}`, `${API}/overrides/${pause.id}/end`, {}, t("admin.done.resume", { name: named(one.name) }));
}

async function archive(table_name, code, name, version, page) {
  const sure = await confirm(t("admin.archive_of", { name }), t(`admin.archive_why.${table_name}`), t("admin.archive"), { danger: true });
  if (!sure) return;
  await page.act(`archive:${code}:${version}`, `${API}/${table_name}/${encodeURIComponent(code)}/archive`, { version },
    t("admin.done.archive", { name }));
}

// The archive, over redraws.
let unfolded = false;

function archived({ gerai, services }, off, page) {
  const rows = [...gerai.map((one) => ["gerai", one]), ...services.map((one) => ["services", one])];
  if (!rows.length) return null;
  return el("details", { class: "archived", open: unfolded, onToggle: (event) => { unfolded = event.target.open; } }, el("summary", {}, t("admin.archived", { n: rows.length })),
    el("ul", { class: "rows" }, rows.map(([kind, one]) => el("li", { data: { archived: one.code } },
      el("span", { class: "name" }, t(`admin.archived.${kind}`), ": ", named(one.name), " ", el("span", { class: "quiet" }, one.code)),
      small("admin.restore", `restore-${one.code}`, off, () => page.act(`restore:${one.code}`,
        `${API}/${kind}/${encodeURIComponent(one.code)}/restore`, {}, t("admin.done.restore", { name: named(one.name) })))))));
}
