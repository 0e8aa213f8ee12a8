// The kiosk's page: redraws from each pushed view and from the visitor's touches.

import { showLink, showPractice } from "/shared/banners.js";
import { byId, meta } from "/shared/dom.js";
import { enrol } from "/shared/enrol.js";
import { API, newKey, post } from "/shared/http.js";
import { connect } from "/shared/live.js";
import { redraw } from "/shared/redraw.js";
import { language } from "/shared/text.js";
import { createComfort } from "./comfort.js";
import { drawClock, drawFrame } from "./frame.js";
import { createListen } from "./listen.js";
import { createMore } from "./more.js";
import { drawAway, drawScreen, placeOf } from "./screens.js";
import { createStay } from "./stay.js";
import { createVisit } from "./visit.js";
import { paper } from "./words.js";

const SETTLE_MS = 400; // the second tap of a double tap must not press what has just appeared
const SLOW_PAPER_MS = 15000;
const ANSWER_MS = 5000;
const RELOAD_MS = 10000;
const RESULT_S = 40; // 20 s to read in peace, 20 s of "Masih di sini?"; a touch gives a minute
const AWAY_MS = 35000; // after the 25 s that make the page stale: a minute without the server

const device = meta("device");
const name = `mpp.kiosk.${device}`;
const screen = () => byId("screen");
let data = null;
let isUp = true;
let lost_ms = null; // since when the link is called down
let shown = ""; // which page is on the screen
let resultSince_ms = 0;
let stay = null;
let listen = null;
let focusDue = false;
let toldOf = null; // the slip of which the visitor has said whether it came out

const comfort = createComfort({ storage: sessionStorage, name, changed: () => {
  draw();
  if (document.body.dataset.screen === "home") attend("home");
} });
const visit = createVisit({
  storage: sessionStorage, name, newKey, changed: () => draw(),
  send: (body, key) => post(`${API}/tickets`, body, { key, timeout_ms: ANSWER_MS }),
});
const act = { ...visit, take: () => visit.take(comfort.ofTicket()), toHome: leave, tellPaper };

/** Whether the slip came out: one word for each slip; the view says what became of it. */
async function tellPaper(came_out) {
  const { id } = visit.state().result;
  const slip = data.prints.filter((job) => String(job.ticket) === String(id)).pop()?.job;
  if (slip === toldOf) return;
  toldOf = slip;
  const answer = await post(`${API}/tickets/${id}/paper`, { came_out }, { key: newKey(), timeout_ms: ANSWER_MS });
  if (!answer.ok) toldOf = null;
}

/** The visitor is done, or has gone: nothing of the visit is left for the next one. */
function leave() {
  if (visit.state().busy) return stay.restart();
  comfort.reset();
  return visit.toHome();
}

function draw() {
  const isAway = lost_ms !== null && performance.now() - lost_ms >= AWAY_MS;
  if (!data) return isAway && redraw(screen(), "away", () => drawAway(null, null));
  const state = visit.state();
  const where = placeOf(state, data, isAway);
  const page = [where, state.gerai, state.service].join(" ");
  const isNew = page !== shown;
  if (isNew) {
    focusDue = shown !== "";
    arrive(where);
  }
  const isSlow = where === "result" && performance.now() - resultSince_ms > SLOW_PAPER_MS;
  const picture = { page, where, language: language(), data: { ...data, prints: null }, state, isUp, isSlow,
    paper: where === "result" ? paper(state.result, data.prints, data.device) : null };
  redraw(screen(), picture, () => {
    queueMicrotask(drawn);
    return drawScreen(picture, act);
  });
  drawFrame(data, where, state.busy, comfort);
  listen.show(comfort.has("listen"), page);
  shown = page;
  return true;
}

/** After a redraw (which may wait for the finger): a new page's heading or field gets the focus. */
function drawn() {
  const first = () => screen().querySelector("[data-first]") || screen().querySelector("h1");
  if (focusDue) first()?.focus();
  focusDue = false;
  listen.drawn();
}

function arrive(where) {
  document.body.dataset.screen = where;
  attend(where);
  if (where === "result") resultSince_ms = performance.now();
  screen().scrollTop = 0;
  document.body.dataset.settling = "";
  setTimeout(() => delete document.body.dataset.settling, SETTLE_MS);
}

/** Watches for a visitor who has gone, wherever there is something to take back. */
function attend(where) {
  if (where === "away") return; // whoever was here is still counted
  if (where === "home" && comfort.isPlain()) stay.stop();
  else stay.restart(where === "result" ? RESULT_S : undefined);
}

function onLink(link) {
  // Revoked: the page loads again and then asks for a new approval.
  if (link.refused) setTimeout(() => window.location.reload(), RELOAD_MS);
  isUp = link.up;
  lost_ms = isUp ? null : lost_ms ?? performance.now();
  showLink(link);
  draw();
  if (isUp && data) visit.resume(comfort.ofTicket()); // what was sent and never answered
}

function onView(view) {
  const isFirst = data === null;
  data = view.data;
  showPractice(data.site);
  comfort.settle(data.site.languages?.[0] || "id");
  draw();
  if (isFirst) visit.resume(comfort.ofTicket());
}

function start() {
  stay = createStay(leave);
  listen = createListen({ area: screen(), bar: byId("listen"), begin: () => comfort.has("listen") || comfort.toggle("listen") });
  createMore(screen(), byId("more"));
  byId("home").addEventListener("click", visit.back);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") visit.back();
    if (event.key === "Enter" && event.repeat) event.preventDefault(); // a key held down is one press
  });
  setInterval(() => (visit.state().screen === "result" || lost_ms !== null ? draw() : drawClock()), 1000);
  connect({ room: `kiosk:${device}`, device, onLink, onView });
}

if (document.querySelector("[data-enrolled]")) start();
else enrol({ kind: "kiosk", code: device });
