// The two banners of base.html: what is wrong with the link or behind it, and the practice clock.

import { timeWithSeconds } from "./clock.js";
import { byId, setText } from "./dom.js";
import { t } from "./text.js";

/** Shows or hides the banner for a link {up, since, stuck}; marks <body data-link="up|down">. */
export function showLink(link) {
  const banner = byId("stale");
  document.body.dataset.link = link.up ? "up" : "down";
  banner.hidden = link.up && !link.stuck;
  if (banner.hidden) return;
  if (link.up) return setText(banner, t("common.storage"));
  setText(banner, link.since ? t("common.stale", { time: timeWithSeconds(link.since) }) : t("common.stale_never"));
}

/** Shows "JAM SIMULASI" while the view says that the site's clock is a practice clock. */
export function showPractice(site) {
  byId("practice").hidden = !site?.simulated;
}
