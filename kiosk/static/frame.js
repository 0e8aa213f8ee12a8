// What stands around each page: way back, site, clock, languages, and the printer's trouble.

import { now_ms, timeOf, zoneName } from "/shared/clock.js";
import { byId, el, setText } from "/shared/dom.js";
import { redraw } from "/shared/redraw.js";
import { language, t } from "/shared/text.js";
import { printerTrouble } from "./words.js";

const LANGUAGES = { id: "Bahasa Indonesia", en: "English" };

/** Redraws the frame around the page `where`; `choose(code)` changes the language. */
export function drawFrame(data, where, isBusy, choose) {
  const home = byId("home");
  home.hidden = where === "home" || where === "result";
  home.disabled = isBusy;
  setText(home, `‹ ${t(where === "service" ? "kiosk.back" : "kiosk.home")}`);
  const trouble = byId("printer");
  trouble.hidden = !printerTrouble(data.device);
  setText(trouble, trouble.hidden ? "" : t("kiosk.printer_trouble"));
  setText(byId("site"), data.site.name);
  const known = (data.site.languages || []).filter((code) => LANGUAGES[code]);
  redraw(byId("languages"), [language(), known], () => drawLanguages(known, choose));
  drawClock();
}

function drawLanguages(known, choose) {
  byId("languages").setAttribute("aria-label", t("kiosk.language"));
  return known.map((code) => el("button", {
    type: "button", lang: code, "aria-pressed": String(code === language()), data: { focus: `lang:${code}`, language: code },
    onClick: () => choose(code),
  }, LANGUAGES[code]));
}

/** Shows the site's time, once it is known. */
export function drawClock() {
  if (now_ms() !== null) setText(byId("clock").firstChild, `${timeOf(now_ms())} ${zoneName()}`);
}
