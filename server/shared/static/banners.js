// The two banners of base.html: "not up to date since", and the practice clock.

import { timeWithSeconds } from "./clock.js";
import { byId, setText } from "./dom.js";
import { t } from "./text.js";

/** Shows or hides the stale banner for a link {up, since}; marks <body data-link="up|down">. */
export function showLink(link) {
  const banner = byId("stale");
  document.body.dataset.link = link.up ? "up" : "down";
  banner.hidden = link.up;
  if (link.up) return;
  setText(banner, link.since ? t("common.stale", { time: timeWithSeconds(link.since) }) : t("common.stale_never"));
}

/** Shows "JAM SIMULASI" while the view says that the site's clock is a practice clock. */
export function showPractice(site) {
  byId("practice").hidden = !site?.simulated;
}
