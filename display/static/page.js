// The display's page: shows the calls of its sound group and sounds each new one once.

import { showLink, showPractice } from "/shared/banners.js";
import { clockRate, dateOf, now_ms, timeOf, zoneName } from "/shared/clock.js";
import { byId, meta, setText } from "/shared/dom.js";
import { enrol } from "/shared/enrol.js";
import { connect } from "/shared/live.js";
import { unlock } from "/shared/sound.js";
import { API, post } from "/shared/http.js";
import { t } from "/shared/text.js";
import { keepMoving } from "./calm.js";
import { createMemory } from "./memory.js";
import { createNow, createOrder } from "./order.js";
import { createReport } from "./report.js";
import { createScreen } from "./screen.js";
import { createVoice } from "./voice.js";

const TURN_MS = 10000;
const RELOAD_MS = 10000;

const device = meta("device");
let view = null;
let announced = null; // the call being announced
let isHushed = false;
let turn = 0;
let screen = null;
let drawn = 0; // the version on the screen

const REPORT_MS = 3000; // an answer that takes longer is of no use
const now = createNow(() => performance.now(), () => Date.now());
const voice = createVoice();
const memory = createMemory(sessionStorage, `mpp.display.${device}.spoken`);

const report = createReport({
  now, at: () => new Date(now_ms() ?? Date.now()).toISOString(),
  state: () => ({ epoch: view?.epoch ?? null, shown_seq: drawn, audio: voice.state(), visible: document.visibilityState === "visible", small: screen.isSmall() }),
  post: (body, done) => post(`${API}/displays/${encodeURIComponent(device)}/report`, body, { timeout_ms: REPORT_MS })
    .then((answer) => done(answer.ok ? answer.body : null)),
  answered: (asked_ms, answer) => order.leave(asked_ms, answer?.speaks === true),
});

const order = createOrder({
  memory, now, play: voice.play,
  begin: (call) => {
    announced = call;
    hush();
    voice.warm(view.data, order.waiting());
    draw();
  },
  end: (call, state, heard) => {
    if (heard) report.spoken(call);
    else report.send();
    drawSound();
  },
  idle: () => {
    announced = null;
    hush();
    draw();
  },
  command: (what, done) => {
    if (what === "reload") window.location.reload();
    else voice.test(done);
  },
});

function onView(next, { live }) {
  const before = view?.data.display;
  if (view && view.epoch !== next.epoch) report.forget();
  view = next;
  const { display } = next.data;
  voice.volume(display.volume ?? 100);
  report.every(display.beat_s ?? 5);
  order.take(next, { live, now_ms: Math.max(now_ms(), Date.parse(next.at)), rate: clockRate() });
  voice.warm(next.data, order.waiting());
  if (!before || before.speaks !== display.speaks) report.send();
  showPractice(next.data.site);
  draw();
}

/** Tells whoever else sounds on this page (a video) that a call goes before it, here or on the TV beside. */
function hush() {
  const on = announced !== null || order.unheard();
  if (on === isHushed) return;
  isHushed = on;
  window.dispatchEvent(new CustomEvent("mpp:announcing", { detail: { on } }));
}

function draw() {
  if (!view) return;
  screen.draw(view.data, { announced, turn });
  drawSound();
  drawClock();
  drawn = view.version;
}

/** A browser that forbids sound asks for one touch; a screen that need not speak does not. */
function drawSound() {
  const { speaks, deputy } = view?.data.display ?? {};
  const prompt = byId("sound");
  const audio = voice.state();
  prompt.hidden = !(speaks || deputy) || !["locked", "error", "chime"].includes(audio);
  prompt.dataset.audio = audio;
  setText(prompt, prompt.hidden ? "" : t(`display.sound_${audio}`));
}

function drawClock() {
  const now = now_ms();
  if (now === null) return;
  const words = { clock: `${timeOf(now)} ${zoneName()}`, date: dateOf(now) };
  for (const id of Object.keys(words)) {
    const node = document.getElementById(id); // a layout may do without it
    if (node) setText(node, words[id]);
  }
}

async function touch() {
  await unlock();
  drawSound();
  report.send();
}

function onLink(link) {
  // Revoked: the page loads again and then asks for a new approval.
  if (link.refused) setTimeout(() => window.location.reload(), RELOAD_MS);
  showLink(link);
}

function start() {
  screen = createScreen(byId("display"));
  keepMoving(byId("display"));
  window.addEventListener("resize", draw);
  unlock().then(drawSound);
  for (const kind of ["pointerdown", "click", "keydown"]) document.addEventListener(kind, touch);
  setInterval(() => {
    hush();
    drawClock();
    drawSound();
  }, 1000);
  setInterval(() => {
    turn += 1;
    draw();
  }, TURN_MS);
  connect({ room: `display:${device}`, device, onView, onLink });
}

if (document.querySelector("[data-enrolled]")) start();
else enrol({ kind: "display", code: device });
