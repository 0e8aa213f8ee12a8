// The choice of a service: every service of the hall by gerai, narrowed by the words typed.

import { el } from "/shared/dom.js";
import { named, t } from "/shared/text.js";

/** Services whose name, gerai or agency holds every word, with their gerai: [{gerai, services}]. */
export function found(data, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return data.gerai.map((gerai) => {
    const about = `${gerai.name} ${gerai.short} ${gerai.agency}`.toLowerCase();
    const services = data.services.filter((one) => one.gerai === gerai.code
      && wanted.every((word) => `${named(one.name)} ${one.name.en} ${about}`.toLowerCase().includes(word)));
    return { gerai, services };
  }).filter((group) => group.services.length);
}

/** The list; `choose(code)` is called for a press. A closed service can be chosen: its panel explains. */
export function serviceList({ groups, chosen, locked }, choose) {
  if (!groups.length) return el("p", { class: "quiet" }, t("staff.nothing_found"));
  return groups.map(({ gerai, services }) => el("section", {},
    el("h3", {}, gerai.short || gerai.name),
    el("ul", {}, services.map((one) => el("li", {}, el("button", {
      type: "button", class: "service", data: { focus: `service-${one.code}`, service: one.code, open: one.open },
      "aria-pressed": String(one.code === chosen), disabled: locked && one.code !== chosen, onClick: () => choose(one.code),
    },
    el("span", { class: "name" }, named(one.name)),
    el("span", { class: "n" }, one.open ? t("desk.waiting_n", { n: one.waiting }) : t(`reason.${one.reason}`))))))));
}
