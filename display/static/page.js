// The display's page: shows the calls of its sound group and sounds each new one once.

import { showLink, showPractice } from "/shared/banners.js";
import { clockRate, dateOf, now_ms, timeOf, zoneName } from "/shared/clock.js";
import { byId, meta, setText } from "/shared/dom.js";
import { enrol } from "/shared/enrol.js";
import { connect } from "/shared/live.js";
import { chime, soundState, unlock } from "/shared/sound.js";
import { t } from "/shared/text.js";
import { createAnnouncer } from "./announcer.js";
import { sort } from "./calls.js";
import { keepMoving } from "./calm.js";
import { createMemory } from "./memory.js";
import { createReport } from "./report.js";
import { createScreen } from "./screen.js";

const TURN_MS = 10000;
const RELOAD_MS = 10000;

const device = meta("device");
let view = null;
let announced = null; // the call being announced
let audio = "ok";
let turn = 0;
let screen = null;

const memory = createMemory(sessionStorage, `mpp.display.${device}.spoken`);
const report = createReport(device, () => ({
  epoch: view?.epoch ?? null, shown_seq: view?.version ?? 0, audio: soundState(),
}));

const announcer = createAnnouncer({
  play: async (call, options) => {
    if (!view.data.display.speaks) return "silent"; // another screen of the sound group speaks
    audio = await chime(options);
    return audio;
  },
  begin: (call) => {
    announced = call;
    announce(true);
    draw();
  },
  end: (call, heard) => {
    memory.add(call.call_id);
    if (heard) report.spoken(call);
    else report.send();
  },
  idle: () => {
    announced = null;
    announce(false);
    draw();
  },
});

function onView(next, { live }) {
  view = next;
  if (memory.reset(next.epoch)) announcer.forget();
  const now = Math.max(now_ms(), Date.parse(next.at));
  const { fresh, old } = sort(next.data.calls, memory.ids(), { live, now_ms: now, rate: clockRate() });
  old.forEach((call) => memory.add(call.call_id));
  showPractice(next.data.site);
  announcer.add(fresh);
  draw();
}

/** Tells whoever else sounds on this page (a video) that a call goes before it. */
function announce(on) {
  window.dispatchEvent(new CustomEvent("mpp:announcing", { detail: { on } }));
}

function draw() {
  if (!view) return;
  screen.draw(view.data, { announced, turn });
  drawSound();
  drawClock();
}

/** A browser that forbids sound asks for one touch; a screen that need not speak does not. */
function drawSound() {
  audio = soundState();
  const prompt = byId("sound");
  prompt.hidden = !view?.data.display.speaks || !["locked", "error"].includes(audio);
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
