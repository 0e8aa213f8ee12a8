// What stands around each page: site, clock and printer's trouble above; below, within reach of
// everybody, the way back, the languages and the wishes (letters, contrast, reach, reading aloud).

import { now_ms, timeOf, zoneName } from "/shared/clock.js";
import { byId, el, setText } from "/shared/dom.js";
import { pictogram } from "/shared/pictogram.js";
import { redraw } from "/shared/redraw.js";
import { language, languages, t } from "/shared/text.js";
import { printerTrouble } from "./words.js";

const LANGUAGES = { id: "Indonesia", en: "English", mkn: "Melayu Kupang" };
const WISHES = { text: "text-size", contrast: "contrast", reach: "reach", listen: "listen" };

/** Redraws the frame around the page `where`; `comfort` holds the visitor's wishes. */
export function drawFrame(data, where, isBusy, comfort) {
  const home = byId("home");
  home.hidden = where === "home" || where === "result" || where === "away";
  home.disabled = isBusy;
  setText(home, `‹ ${t(where === "service" ? "kiosk.back" : "kiosk.home")}`);
  const trouble = byId("printer");
  trouble.hidden = !printerTrouble(data.device);
  setText(trouble, trouble.hidden ? "" : t("kiosk.printer_trouble"));
  setText(byId("site"), data.site.name);
  const known = (data.site.languages || []).filter((code) => LANGUAGES[code] && languages().includes(code));
  redraw(byId("languages"), [language(), known], () => drawLanguages(known, comfort));
  redraw(byId("comfort"), [language(), Object.keys(WISHES).map(comfort.has)], () => drawWishes(comfort));
  const draft = byId("draft");
  draft.hidden = language() === "id" || language() === "en";
  setText(draft, draft.hidden ? "" : t("kiosk.language_draft"));
  drawClock();
}

function drawLanguages(known, comfort) {
  byId("languages").setAttribute("aria-label", t("kiosk.language"));
  return known.map((code) => el("button", {
    type: "button", lang: code, "aria-pressed": String(code === language()), data: { focus: `lang:${code}`, language: code },
    onClick: () => comfort.speak(code),
  }, LANGUAGES[code]));
}

function drawWishes(comfort) {
  byId("comfort").setAttribute("aria-label", t("kiosk.wishes"));
  return Object.keys(WISHES).map((wish) => el("button", {
    type: "button", "aria-pressed": String(comfort.has(wish)), data: { focus: `wish:${wish}`, wish },
    onClick: () => comfort.toggle(wish),
  }, pictogram(WISHES[wish]), el("span", {}, t(`kiosk.wish_${wish}`))));
}

/** Shows the site's time, once it is known. */
export function drawClock() {
  if (now_ms() !== null) setText(byId("clock").firstChild, `${timeOf(now_ms())} ${zoneName()}`);
}
