// One service: what to bring, what it costs, how long it takes, and the one big button.

import { duration, range } from "/shared/clock.js";
import { closedBy } from "/shared/closed.js";
import { el, whole } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { named, problem, t } from "/shared/text.js";
import { zoneChip } from "/shared/zone.js";
import { cost, people, whenOpen, whyClosed } from "./words.js";

function fact(drawing, label, value) {
  return el("div", { class: "fact" }, el("dt", {}, pictogram(drawing), label), el("dd", {}, value));
}

function facts(service) {
  return el("dl", { class: "facts" },
    service.open && fact("people", t("kiosk.waiting"), people(service.ahead)),
    service.open && service.estimate && fact("clock", t("kiosk.wait"), range(service.estimate)),
    service.open && service.standard?.wait_s ? fact("check", t("kiosk.promised_wait"), duration(service.standard.wait_s)) : null,
    service.standard?.service_s ? fact("document", t("kiosk.service_time"), duration(service.standard.service_s)) : null,
    fact("money", t("kiosk.cost"), cost(service)));
}

function bring(service) {
  const list = service.requirements || [];
  return el("section", { class: "bring card" },
    el("h2", {}, pictogram("bring"), t("kiosk.bring")),
    list.length ? el("ul", {}, list.map((one) => el("li", {}, whole(one)))) : el("p", {}, t("kiosk.bring_nothing")));
}

function priorities(list, visit, act) {
  const option = (code, words) => el("button", {
    type: "button", class: "option", "aria-pressed": String((visit.priority || null) === code),
    disabled: visit.sent, data: { focus: `priority:${code}`, priority: code || "none" }, onClick: () => act.choose(code),
  }, words);
  return el("fieldset", { class: "priority card" },
    el("legend", {}, t("kiosk.priority_question")),
    el("div", { class: "options" }, option(null, t("kiosk.priority_none")),
      list.map((one) => option(one.code, named(one.name)))),
    el("p", { class: "quiet" }, t("kiosk.priority_note")));
}

/** Where only staff give a priority: who may have it, and whom to tell. */
function priorityTold(list) {
  return el("p", { class: "priority-told quiet" }, t("kiosk.priority_staff", { names: list.map((one) => named(one.name)).join(", ") }));
}

function closed(service) {
  return el("div", { class: "closed notice", data: { kind: "warn", reason: service.reason } },
    el("h2", {}, t("kiosk.not_now")), el("p", {}, whyClosed(service)), el("p", {}, whenOpen(service)));
}

/** What stands above the button: the one thing the visitor must know now, or null. */
function message(visit, isUp) {
  if (visit.resting) return ["plain", t("kiosk.resting")];
  if (visit.busy && visit.unsure) return ["warn", t("kiosk.unsure")];
  if (visit.busy) return null;
  if (visit.refusal?.unsure) return ["bad", t(isUp ? "kiosk.gave_up" : "kiosk.unsure_away")];
  if (!isUp) return ["bad", t("kiosk.away")];
  return visit.refusal ? ["warn", closedBy(visit.refusal.body ?? {}) || problem(visit.refusal)] : null;
}

function takeButton(visit, isUp, act) {
  const words = visit.busy ? "kiosk.taking" : visit.refusal?.unsure ? "kiosk.try_again" : "kiosk.take";
  return el("button", {
    type: "button", id: "take", class: "take", data: { kind: "main", focus: "take" },
    disabled: visit.busy || !isUp, onClick: act.take,
  }, t(words));
}

/** The service page. `isUp`: the kiosk hears the server. */
export function drawService(data, visit, isUp, act) {
  const service = data.services.find((one) => one.code === visit.service);
  const gerai = data.gerai.find((one) => one.code === service.gerai);
  const zone = data.zones.find((one) => one.code === gerai.zone);
  const list = data.site.priorities;
  const asks = data.site.priority_mode === "ask";
  const said = message(visit, isUp);
  const canTake = service.open || visit.sent; // what was sent is carried through
  return el("div", { class: "service" },
    el("div", { class: "title" }, pictogram(service.pictogram || gerai.pictogram),
      el("div", {}, el("h1", { tabindex: "-1" }, whole(named(service.name))),
        el("p", {}, gerai.name, " ", zoneChip(zone?.name, zone?.color)))),
    el("div", { class: "service-body" }, bring(service), el("div", { class: "side" }, facts(service),
      canTake && list.length > 0 && (asks ? priorities(list, visit, act) : priorityTold(list)))),
    el("div", { class: "service-foot" },
      said && el("p", { class: "notice", role: "alert", data: { kind: said[0] } }, said[1]),
      canTake ? takeButton(visit, isUp, act) : closed(service)));
}
