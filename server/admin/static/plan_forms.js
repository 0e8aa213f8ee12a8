// The forms of a gerai and of a service. Each names the row's version it was opened on: who comes second is told.

import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";
import { hours, lines, number, text, tick } from "./fields.js";
import { askForm } from "./form.js";
import { API, titleOf } from "./part.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const OFFICE = DAYS.slice(0, 4);
/** The civil servants' weeks of Perpres 21/2023 Ps 4-5, to begin with. */
const WEEKS = {
  regular: week([["07:30", "12:00"], ["13:00", "16:00"]], [["07:30", "11:30"], ["13:00", "16:30"]]),
  ramadan: week([["08:00", "12:00"], ["12:30", "15:00"]], [["08:00", "11:30"], ["12:30", "15:30"]]),
};

function week(office, friday) {
  return { ...Object.fromEntries(OFFICE.map((one) => [one, office])), fri: friday, sat: [], sun: [] };
}

/** A week of hours that may be its own or that of whatever stands above; one value, seven fields. */
function weekOf(value, otherwise) {
  const own = tick("own_hours", t("admin.own_hours"), { value: value !== null });
  const days = DAYS.map((one) => hours(`hours.${one}`, t(`admin.day.${one}`), { value: value?.[one] || [] }));
  const fill = (preset) => () => days.forEach((field, n) => field.put(WEEKS[preset][DAYS[n]]));
  const box = el("div", { class: "week" }, el("p", { class: "quiet" }, t("admin.hours_form")),
    el("div", { class: "presses" }, Object.keys(WEEKS).map((preset) =>
      el("button", { type: "button", class: "small", onClick: fill(preset) }, t(`admin.preset.${preset}`)))),
    days.map((one) => one.node));
  const fit = () => (box.hidden = !own.read());
  own.box.addEventListener("change", fit);
  fit();
  const node = el("div", { class: "entry", data: { field: "hours" } }, el("h3", {}, t("admin.hours")),
    el("p", { class: "quiet" }, t(otherwise)), own.node, box);
  const wrong = () => {
    const found = own.read() ? days.filter((one) => {
      one.says(one.wrong());
      return one.wrong();
    }) : [];
    found[0]?.focus();
    return found.length ? " " : "";
  };
  const says = (message, path = "") => {
    if (message && !path) return; // `wrong` has said it at the day itself
    days.forEach((one) => one.says(path.startsWith(one.name) ? message : ""));
  };
  const read = () => (own.read() ? Object.fromEntries(DAYS.map((one, n) => [one, days[n].read() || []])) : null);
  return { name: "hours", node, read, wrong, says, focus: () => box.querySelector("[aria-invalid=true]")?.focus() };
}

const cutoff = (value) => number("cutoff_min", t("admin.cutoff"), { value, hint: t("admin.cutoff_hint") });

export async function changeGerai(gerai, page) {
  const answer = await askForm({
    title: titleOf(gerai.name, gerai.code), yes: t("admin.save"), url: `${API}/gerai/${encodeURIComponent(gerai.code)}`,
    fields: [text("name", t("admin.name"), { value: gerai.name, required: true }),
      text("short", t("admin.short"), { value: gerai.short, max: 24, required: true }),
      text("place", t("admin.place"), { value: gerai.place, max: 160 }),
      weekOf(gerai.hours, "admin.hours_of_site"), cutoff(gerai.cutoff_min)],
    body: (values) => ({ ...values, version: gerai.version }),
  });
  if (answer) page.done(t("admin.done.saved", { name: answer.body.name }));
}

export async function changeService(service, page) {
  const { wait_s, service_s, version, decree } = service.standard;
  const english = service.name.en === service.name.id ? "" : service.name.en;
  const answer = await askForm({
    title: titleOf(named(service.name), service.code), why: t("admin.service_why"), yes: t("admin.save"),
    url: `${API}/services/${encodeURIComponent(service.code)}`,
    fields: [text("name", t("admin.name"), { value: service.name.id, required: true }),
      text("name_en", t("admin.name_en"), { value: english }),
      lines("requirements", t("admin.requirements"), { value: service.requirements, hint: t("admin.requirements_hint") }),
      text("cost", t("admin.cost"), { value: service.cost, max: 160 }),
      number("wait_min", t("admin.wait_min"), { value: wait_s / 60, required: true }),
      number("service_min", t("admin.service_min"), { value: service_s / 60, required: true }),
      text("standard_version", t("admin.standard_version"), { value: version, max: 24, required: true, hint: t("admin.standard_hint") }),
      text("standard_decree", t("admin.standard_decree"), { value: decree, max: 160 }),
      number("quota", t("admin.quota"), { value: service.quota, hint: t("admin.quota_hint") }),
      weekOf(service.hours, "admin.hours_of_gerai"), cutoff(service.cutoff_min)],
    body: (values) => ({ ...values, version: service.version }),
  });
  if (answer) page.done(t("admin.done.saved", { name: named(answer.body.name) }));
}
