// The kiosk's page: redraws from each pushed view and from the visitor's touches.

import { showLink, showPractice } from "/shared/banners.js";
import { byId, meta } from "/shared/dom.js";
import { enrol } from "/shared/enrol.js";
import { API, newKey, post } from "/shared/http.js";
import { connect } from "/shared/live.js";
import { redraw } from "/shared/redraw.js";
import { language, setLanguage } from "/shared/text.js";
import { drawGerai, drawHome } from "./choose.js";
import { drawClock, drawFrame } from "./frame.js";
import { createMore } from "./more.js";
import { drawResult } from "./result.js";
import { drawService } from "./service.js";
import { createStay } from "./stay.js";
import { createVisit } from "./visit.js";
import { paper } from "./words.js";

const SETTLE_MS = 400; // the second tap of a double tap must not press what has just appeared
const SLOW_PAPER_MS = 15000;
const ANSWER_MS = 5000;
const RELOAD_MS = 10000;
const RESULT_S = 20; // the next visitor waits; a touch gives a minute

const device = meta("device");
const screen = () => byId("screen");
let data = null;
let isUp = true;
let shown = ""; // which page is on the screen
let resultSince_ms = 0;
let stay = null;
let focusDue = false;

const visit = createVisit({
  storage: sessionStorage, name: `mpp.kiosk.${device}`, newKey, changed: () => draw(),
  send: (body, key) => post(`${API}/tickets`, body, { key, timeout_ms: ANSWER_MS }),
});
const act = { ...visit, take: () => visit.take(language()) };

/** Where the visitor is; a service or gerai that the floor plan lost leads home. */
function place(state) {
  const known = (list, code) => list.some((one) => one.code === code);
  if (state.screen === "gerai" && !known(data.gerai, state.gerai)) return "home";
  if (state.screen === "service" && !known(data.services, state.service)) return "home";
  return state.screen;
}

function draw() {
  if (!data) return;
  const state = visit.state();
  const where = place(state);
  const name = [where, state.gerai, state.service].join(" ");
  const isNew = name !== shown;
  if (isNew) {
    focusDue = shown !== "";
    arrive(where);
  }
  const isSlow = where === "result" && performance.now() - resultSince_ms > SLOW_PAPER_MS;
  const picture = { name, language: language(), data: { ...data, prints: null }, state, isUp, isSlow,
    paper: where === "result" ? paper(state.result, data.prints) : null };
  redraw(screen(), picture, () => {
    focusNew();
    if (where === "gerai") return drawGerai(data, state.gerai, act);
    if (where === "service") return drawService(data, state, isUp, act);
    if (where === "result") return drawResult(data, state.result, picture.paper, isSlow, act);
    return drawHome(data, act);
  });
  drawFrame(data, where, state.busy, (code) => chooseLanguage(code) && draw());
  shown = name;
}

/** Moves the focus to a new page's heading, once it stands (a redraw may wait for the finger). */
function focusNew() {
  if (focusDue) queueMicrotask(() => screen().querySelector("h1")?.focus());
  focusDue = false;
}

function arrive(where) {
  document.body.dataset.screen = where;
  if (where === "home") {
    stay.stop();
    if (shown) chooseLanguage(data.site.languages?.[0] || "id");
  } else stay.restart(where === "result" ? { seconds: RESULT_S, always: true } : {});
  if (where === "result") resultSince_ms = performance.now();
  screen().scrollTop = 0;
  document.body.dataset.settling = "";
  setTimeout(() => delete document.body.dataset.settling, SETTLE_MS);
}

function chooseLanguage(code) {
  return code !== language() && setLanguage(code);
}

function goBack() {
  const state = visit.state();
  if (state.screen === "service" && state.from === "gerai") visit.toGerai(state.gerai);
  else visit.toHome();
}

function onLink(link) {
  // Revoked: the page loads again and then asks for a new approval.
  if (link.refused) setTimeout(() => window.location.reload(), RELOAD_MS);
  isUp = link.up;
  showLink(link);
  draw();
  if (isUp && data) visit.resume(language()); // what was sent and never answered
}

function start() {
  stay = createStay(visit.toHome);
  createMore(screen(), byId("more"));
  byId("home").addEventListener("click", goBack);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") goBack();
    if (event.key === "Enter" && event.repeat) event.preventDefault(); // a key held down is one press
  });
  setInterval(() => (visit.state().screen === "result" ? draw() : drawClock()), 1000);
  connect({ room: `kiosk:${device}`, device, onLink, onView: (view) => {
    const isFirst = data === null;
    data = view.data;
    showPractice(data.site);
    draw();
    if (isFirst) visit.resume(language());
  } });
}

if (document.querySelector("[data-enrolled]")) start();
else enrol({ kind: "kiosk", code: device });
