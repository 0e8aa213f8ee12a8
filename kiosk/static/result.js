// The number, at once and very large; then where to go and what became of the paper.

import { range } from "/shared/clock.js";
import { el, whole } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { named, t } from "/shared/text.js";
import { zoneChip } from "/shared/zone.js";
import { counters, people } from "./words.js";

const PAPER = { busy: "kiosk.print_busy", sent: "kiosk.print_sent", done: "kiosk.print_done", failed: "kiosk.print_failed" };
const KINDS = { busy: "plain", sent: "plain", done: "good", failed: "warn" };

/** Nobody knows whether it came out but the visitor. */
function paperQuestion(act) {
  const key = (name, came_out) => el("button", { type: "button", data: { focus: `paper-${name}` }, onClick: () => act.tellPaper(came_out) },
    t(`kiosk.paper_${name}`));
  return el("div", { class: "paper notice ask", role: "group", "aria-label": t("kiosk.paper_ask"), data: { paper: "unsure", kind: "warn" } },
    pictogram("printer"), el("p", { role: "status" }, t("kiosk.paper_ask")), el("div", { class: "keys" }, key("yes", true), key("no", false)));
}

/** Where to take it from, when that is not here; then whether it is there yet. */
function paperWords({ is, at }, isSlow) {
  const words = at && is === "done" ? t("kiosk.collect_at", { name: at }) : t(PAPER[is]);
  const more = [at && KINDS[is] === "plain" && t("kiosk.collect_at", { name: at }), KINDS[is] === "plain" && isSlow && t("kiosk.print_slow")];
  return el("p", { class: "paper notice", role: "status", data: { paper: is, kind: KINDS[is] } },
    pictogram("printer"), el("span", {}, [words, ...more.filter(Boolean)].join(" ")));
}

function place(result, data) {
  const gerai = data.gerai.find((one) => one.code === result.gerai);
  const zone = data.zones.find((one) => one.code === result.zone);
  const desks = counters(result.counters || []);
  return el("section", { class: "go-to card" },
    el("h2", {}, t("kiosk.wait_at")),
    el("div", { class: "place" }, pictogram(gerai?.pictogram || "place"),
      el("div", {}, el("p", { class: "place-name" }, result.gerai_name || gerai?.name, " ",
        zoneChip(result.zone_name || zone?.name, zone?.color)),
      el("p", { class: "quiet" }, whole(named(result.service_name))))),
    el("p", {}, desks ? t("kiosk.called_to", { counters: desks }) : t("kiosk.wait_call")));
}

function facts(result) {
  return el("dl", { class: "facts" },
    el("div", { class: "fact" }, el("dt", {}, pictogram("people"), t("kiosk.ahead")),
      el("dd", { data: { ahead: result.ahead } }, result.ahead ? people(result.ahead) : t("kiosk.ahead_none"))),
    result.estimate && el("div", { class: "fact" }, el("dt", {}, pictogram("clock"), t("kiosk.wait")),
      el("dd", {}, range(result.estimate))));
}

function priorityWords(result, data) {
  const code = result.priority?.code || result.priority;
  const found = data.site.priorities.find((one) => one.code === code);
  return found && el("p", { class: "quiet" }, t("kiosk.priority_asked", { name: named(found.name) }));
}

/** The same ticket on the visitor's phone; nothing where the site has no address for phones. */
function onPhone(result, data) {
  if (!result.url || !data.device) return null;
  const box = el("figure", { class: "qr" },
    el("img", { src: `/kiosk/${data.device.code}/qr/${result.token}.svg`, alt: t("kiosk.qr_alt"), onError: () => box.remove() }),
    el("figcaption", {}, t("kiosk.qr")));
  return box;
}

/** "B-014" for the ear: "B, 0 1 4". */
const spelled = (number) => number.split("-").map((part) => [...part].join(" ")).join(", ");

/** The result page; `paper` is that of words.js, `isSlow` true when it takes long. */
export function drawResult(data, result, paper, isSlow, act) {
  return el("div", { class: "result" },
    el("div", { class: "number-part" },
      el("h1", { tabindex: "-1" }, t("kiosk.your_number")),
      el("p", { class: "big number", id: "number", data: { ticket: result.id, say: spelled(result.number) }, css: { "--chars": String(result.number.length) } }, result.number),
      paper.is !== "unsure" && paperWords(paper, isSlow)),
    el("div", { class: "result-body" }, place(result, data), el("div", { class: "side" }, facts(result), onPhone(result, data), priorityWords(result, data))),
    paper.is === "unsure" && paperQuestion(act),
    el("button", { type: "button", id: "done", class: "done", data: { kind: "main", focus: "done" }, onClick: act.toHome }, t("kiosk.done")));
}
