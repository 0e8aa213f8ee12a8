// Which page is on the screen, and drawing it.

import { el } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { t } from "/shared/text.js";
import { drawGerai, drawHelp, drawHome } from "./choose.js";
import { drawResult } from "./result.js";
import { drawSearch } from "./search.js";
import { drawService } from "./service.js";

/**
 * Where the visitor is; what the floor plan lost leads home. After a minute without the server
 * (`isAway`) every page but a number that was given makes room for saying so.
 */
export function placeOf(state, data, isAway) {
  const known = (list, code) => list.some((one) => one.code === code);
  if (state.screen === "result") return "result";
  if (isAway) return "away";
  if (state.screen === "gerai" && !known(data.gerai, state.gerai)) return "home";
  if (state.screen === "service" && !known(data.services, state.service)) return "home";
  return state.screen;
}

/** The server is away: nothing can be taken here; where else, and that nobody needs to wait in doubt. */
export function drawAway(data, state) {
  const place = data?.site.front_desk;
  return el("div", { class: "away" }, pictogram("offline"),
    el("h1", { tabindex: "-1" }, t("kiosk.away_title")),
    el("p", {}, place ? t("kiosk.away_at", { place }) : t("kiosk.away_desk")),
    state?.sent && el("p", {}, t("kiosk.unsure_away")),
    el("p", { class: "quiet" }, t("kiosk.away_back")));
}

/** Draws the page of a picture {where, data, state, isUp, isSlow, paper}. */
export function drawScreen({ where, data, state, isUp, isSlow, paper }, act) {
  if (where === "away") return drawAway(data, state);
  if (where === "gerai") return drawGerai(data, state.gerai, act);
  if (where === "search") return drawSearch(data, state.query, act);
  if (where === "help") return drawHelp(data, act);
  if (where === "service") return drawService(data, state, isUp, act);
  if (where === "result") return drawResult(data, state.result, paper, isSlow, act);
  return drawHome(data, act);
}
