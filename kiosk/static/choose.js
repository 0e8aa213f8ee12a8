// The two pages of choosing: the hall (most wanted services, all gerai) and one gerai's services.

import { el } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { named, t } from "/shared/text.js";
import { zoneChip } from "/shared/zone.js";

const POPULAR_MAX = 6;

const closedTag = (isOpen) => (isOpen ? null : el("span", { class: "closed-tag" }, t("kiosk.closed_tag")));

function geraiTile(gerai, zone, services, act) {
  const isOpen = services.some((service) => service.open);
  return el("li", {}, el("button", {
    type: "button", class: "tile gerai-tile", data: { focus: `gerai:${gerai.code}`, gerai: gerai.code, open: isOpen },
    onClick: () => act.toGerai(gerai.code),
  },
  pictogram(gerai.pictogram),
  el("span", { class: "tile-words" }, el("strong", {}, gerai.short || gerai.name),
    gerai.short && gerai.name !== gerai.short && el("span", { class: "quiet" }, gerai.name),
    el("span", { class: "tile-marks" }, zoneChip(zone?.name, zone?.color), closedTag(isOpen)))));
}

function serviceTile(service, under, act) {
  return el("li", {}, el("button", {
    type: "button", class: "tile service-tile",
    data: { focus: `service:${service.code}`, service: service.code, open: service.open },
    onClick: () => act.toService(service.code, service.gerai),
  },
  pictogram(service.pictogram),
  el("span", { class: "tile-words" }, el("strong", {}, named(service.name)),
    under && el("span", { class: "quiet" }, under), closedTag(service.open))));
}

/** The services asked for most, as the floor plan ranks them (popular: 0 means unranked). */
export function mostWanted(services) {
  return services.filter((one) => one.popular > 0).sort((a, b) => b.popular - a.popular).slice(0, POPULAR_MAX);
}

/** The first page of the kiosk. */
export function drawHome(data, act) {
  const zones = new Map(data.zones.map((zone) => [zone.code, zone]));
  const gerai = new Map(data.gerai.map((one) => [one.code, one]));
  const wanted = mostWanted(data.services);
  const tiles = data.gerai.map((one) =>
    geraiTile(one, zones.get(one.zone), data.services.filter((service) => service.gerai === one.code), act));
  return el("div", { class: "home" },
    el("h1", { tabindex: "-1" }, t("kiosk.home_question")),
    wanted.length > 0 && el("section", { class: "popular" }, el("h2", {}, t("kiosk.popular")),
      el("ul", { class: "tiles" }, wanted.map((one) => serviceTile(one, gerai.get(one.gerai)?.short, act)))),
    el("section", { class: "all-gerai" }, el("h2", {}, t("kiosk.all_gerai")), el("ul", { class: "tiles" }, tiles)));
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
