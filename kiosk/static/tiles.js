// What is touched to choose: a gerai or a service, with picture, word, zone and whether it is open.

import { el, whole } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { named, t } from "/shared/text.js";
import { zoneChip } from "/shared/zone.js";
import { closedWord } from "./words.js";

const closedTag = (one) => (one.open ? null : el("span", { class: "closed-tag" }, closedWord(one.reason)));

/** A gerai counts as open while any of its services gives numbers. */
function standing(services) {
  return services.find((one) => one.open) || services[0] || { open: false, reason: "closed" };
}

/** "Zona A" of "Zona A: Kependudukan dan Perizinan": what a small card has room for. */
const zoneWord = (zone) => zone?.name.split(":")[0];

/** A gerai of a kiosk's view `data`. */
export function geraiTile(data, gerai, act) {
  const zone = data.zones.find((one) => one.code === gerai.zone);
  const now = standing(data.services.filter((service) => service.gerai === gerai.code));
  return el("li", {}, el("button", {
    type: "button", class: "tile gerai-tile", data: { focus: `gerai:${gerai.code}`, gerai: gerai.code, open: now.open },
    onClick: () => act.toGerai(gerai.code),
  },
  pictogram(gerai.pictogram),
  el("span", { class: "tile-words" }, el("strong", {}, whole(gerai.short || gerai.name)),
    gerai.short && gerai.name !== gerai.short && [" ", el("span", { class: "quiet" }, gerai.name)], " ",
    el("span", { class: "tile-marks" }, zoneChip(zoneWord(zone), zone?.color), " ", closedTag(now)))));
}

/** A service, with the words `under` its name (its gerai, or null). */
export function serviceTile(service, under, act) {
  return el("li", {}, el("button", {
    type: "button", class: "tile service-tile",
    data: { focus: `service:${service.code}`, service: service.code, open: service.open },
    onClick: () => act.toService(service.code, service.gerai),
  },
  pictogram(service.pictogram),
  el("span", { class: "tile-words" }, el("strong", {}, whole(named(service.name))),
    under && [" ", el("span", { class: "quiet" }, under)], " ", closedTag(service))));
}
