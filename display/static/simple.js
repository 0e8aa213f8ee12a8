// The display for old TVs: plain HTML, ES5, XMLHttpRequest and one audio element. It decides what
// is spoken with the very modules of the other page (order.js); here are its polling and drawing.
// Sent as one plain script (`asset.plain()`).

import { currentOf, earlierOf } from "./calls.js";
import { createMemory } from "./memory.js";
import { createNow, createOrder } from "./order.js";
import { createReport } from "./report.js";
import { byId, drawFoot, drawPage, isSmall, setText, t } from "./simple_draw.js";
import { createFollower } from "./simple_poll.js";
import { createSound } from "./simple_sound.js";

var STALE_MS = 25000;
var ASTRAY_MS = 10000; // no answer is so late: the TV's own clock was set meanwhile
var device = document.body.getAttribute("data-device");
var now = createNow(function () { return window.performance ? performance.now() : 0; }, function () { return new Date().getTime(); });
var sound = createSound(document.body.getAttribute("data-chime"));
var view = null, announced = null, drawn = 0, heard_ms = null, offset_ms = null, refused = false, stuck = false;

function serverNow() {
  return offset_ms === null ? null : now() + offset_ms;
}

var memory = createMemory(storage(), "mpp.simple." + device + ".spoken");

function storage() {
  try {
    return window.sessionStorage;
  } catch (forbidden) {
    return null; // the memory does without
  }
}

var follower = createFollower({
  device: device, now: now, taken: taken,
  stuck: function (yes) { stuck = yes; },
  refused: function () {
    refused = true;
    drawState();
  },
});

var report = createReport({
  now: now,
  at: function () { return new Date(serverNow()).toISOString(); },
  state: function () {
    return { epoch: view && view.epoch, shown_seq: drawn, audio: sound.state(), visible: !document.hidden, small: isSmall() };
  },
  post: function (body, done) { follower.post("/report", body, done); },
  answered: function (asked_ms, answer) { order.leave(asked_ms, answer.speaks === true); },
});

var order = createOrder({
  memory: memory, now: now, play: sound.play,
  begin: function (call) {
    announced = call;
    draw();
  },
  end: function (call, state, isHeard) {
    if (isHeard) report.spoken(call);
    else report.send();
    drawState();
  },
  idle: function () {
    announced = null;
    draw();
  },
  command: function (what, done) {
    if (what === "reload") window.location.reload();
    else sound.test(done);
  },
});

/** A view with every call since the one before; null: nothing new, but the server answered. */
function taken(next, isLive) {
  heard_ms = now();
  refused = false;
  if (next) {
    var speaks = view && view.data.display.speaks;
    if (view && view.epoch !== next.epoch) report.forget();
    if (next !== view) observe(Date.parse(next.at) - heard_ms);
    view = next;
    sound.volume(view.data.display.volume);
    report.every(view.data.display.beat_s);
    order.take(view, { live: isLive, now_ms: serverNow(), rate: 1 });
    if (speaks !== view.data.display.speaks) report.send();
    draw();
  }
  drawState();
}

/** What a view that was just made says of the time; the one that was on its way shortest is right. */
function observe(found_ms) {
  if (offset_ms === null || found_ms > offset_ms || found_ms < offset_ms - ASTRAY_MS) offset_ms = found_ms;
}

function draw() {
  var data = view.data;
  var current = currentOf(data.calls, announced, data.serving, data.set_aside);
  drawPage(data, current, earlierOf(data.calls, current, data.set_aside));
  drawn = view.version;
}

/** What may be wrong: the sound, the link. And the clock, in site time. */
function drawState() {
  var display = view ? view.data.display : {}, state = sound.state();
  var isAsked = (display.speaks || display.deputy) && (state === "locked" || state === "error");
  byId("unlock").style.display = isAsked ? "block" : "none";
  var isStale = heard_ms === null || now() - heard_ms > STALE_MS;
  var words = refused ? t("display.simple_refused") : "";
  if (!words && heard_ms === null) words = t("display.simple_opening");
  else if (!words && isStale) words = t("common.stale").replace("{time}", clock(heard_ms + offset_ms));
  else if (!words && stuck) words = t("common.storage");
  setText("stale", words);
  byId("stale").style.display = words ? "block" : "none";
  if (serverNow() !== null) setText("clock", clock(serverNow()));
  if (view) drawFoot(view.data, now());
}

/** "08.15 WITA" from ms since 1970. */
function clock(ms) {
  var zone = { "Asia/Makassar": [8, "WITA"], "Asia/Jayapura": [9, "WIT"] }[view.data.site.timezone] || [7, "WIB"];
  var at = new Date(ms + zone[0] * 3600000).toISOString();
  return at.slice(11, 13) + "." + at.slice(14, 16) + " " + zone[1];
}

function unlock() {
  if (sound.state() !== "locked" && sound.state() !== "error") return; // what sounds now goes on
  sound.test(function () {
    drawState();
    report.send();
  });
}

document.onkeydown = unlock; // any key of the remote
document.onclick = unlock;
setText("unlock", t("display.simple_unlock"));
sound.probe(drawState);
drawState();
setInterval(drawState, 1000);
follower.start();
