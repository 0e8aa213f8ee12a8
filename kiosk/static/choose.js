// The pages of choosing: the hall (most wanted services, all gerai), one gerai, and "I don't know".

import { el } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { named, t } from "/shared/text.js";
import { zoneChip } from "/shared/zone.js";
import { geraiTile, serviceTile } from "./tiles.js";
import { hallClosed, whenOpen, whyHallClosed } from "./words.js";

const POPULAR_MAX = 6;

/** The services asked for most, as the floor plan ranks them (popular: 0 means unranked). */
export function mostWanted(services) {
  return services.filter((one) => one.popular > 0).sort((a, b) => b.popular - a.popular).slice(0, POPULAR_MAX);
}

const shortOf = (data, service) => data.gerai.find((one) => one.code === service.gerai)?.short;

function way(name, drawing, words, onClick) {
  return el("button", { type: "button", id: name, class: "way", data: { focus: name }, onClick }, pictogram(drawing), el("span", {}, words));
}

/** The whole hall gives no numbers: why, and from when; the pages behind stay open to read. */
function hallNotice(data) {
  const closed = hallClosed(data.services);
  return closed && el("div", { class: "notice hall-closed", role: "status", data: { kind: "warn", reason: closed.reason } },
    el("strong", {}, whyHallClosed(closed)), " ", whenOpen(closed), " ", t("kiosk.look_around"));
}

/** The first page of the kiosk. */
export function drawHome(data, act) {
  const wanted = mostWanted(data.services);
  return el("div", { class: "home" },
    el("h1", { tabindex: "-1" }, t("kiosk.home_question")),
    el("div", { class: "ways" },
      way("search", "search", t("kiosk.search"), () => act.toSearch()),
      way("unknown", "help", t("kiosk.unknown"), act.toHelp)),
    hallNotice(data),
    wanted.length > 0 && el("section", { class: "popular" }, el("h2", {}, t("kiosk.popular")),
      el("ul", { class: "tiles" }, wanted.map((one) => serviceTile(one, shortOf(data, one), act)))),
    el("section", { class: "all-gerai" }, el("h2", {}, t("kiosk.all_gerai")),
      el("ul", { class: "tiles" }, data.gerai.map((one) => geraiTile(data, one, act)))));
}

/** The services of one gerai. */
export function drawGerai(data, code, act) {
  const gerai = data.gerai.find((one) => one.code === code);
  const zone = data.zones.find((one) => one.code === gerai.zone);
  const services = data.services.filter((one) => one.gerai === code);
  return el("div", { class: "gerai" },
    el("div", { class: "title" }, pictogram(gerai.pictogram),
      el("div", {}, el("h1", { tabindex: "-1" }, t("kiosk.choose_service", { gerai: gerai.short || gerai.name })),
        el("p", { class: "quiet" }, gerai.agency, " ", zoneChip(zone?.name, zone?.color)))),
    el("ul", { class: "tiles" }, services.map((one) => serviceTile(one, null, act))));
}

/** "Saya tidak tahu": to people who know, and where they are; else to what informs. */
export function drawHelp(data, act) {
  const place = data.site.front_desk;
  const informing = data.services.filter((one) => one.pictogram === "info");
  return el("div", { class: "help" },
    el("div", { class: "title" }, pictogram("desk"), el("h1", { tabindex: "-1" }, t("kiosk.help_title"))),
    el("div", { class: "card help-desk" },
      el("p", { class: "desk-place" }, place ? t("kiosk.help_at", { place }) : t("kiosk.help_desk")),
      el("p", {}, t("kiosk.help_what"))),
    el("div", { class: "ways" }, way("search", "search", t("kiosk.search"), () => act.toSearch())),
    informing.length > 0 && el("section", {}, el("h2", {}, t("kiosk.help_or")),
      el("ul", { class: "tiles" }, informing.map((one) => serviceTile(one, shortOf(data, one) || named(one.name), act)))));
}
