// What is announced, by whom and when: the part of a display that both pages share. ES5, without a document.
//
// `take(view, when)` is given every view that the page accepts; `leave(asked_ms, speaks)` every
// answer to a report. Where several displays hear each other, one may speak: the one whose view
// says so, for LEASE_MS after it asked for the last answer that let it. The server gives the
// turn to another only when that time has passed (server/domain/speaking.py).

import { OWED_S, ageOf, sort } from "./calls.js";
import { createAnnouncer } from "./announcer.js";

export var LEASE_MS = 3000;
var HUSH_S = 60; // after so long a call is taken for heard, if nobody tells of it
var COMMAND_S = 60; // a command that is older is not done any more
var SOUNDS = ["ok", "chime"];

/** A clock in ms that never goes back and counts through a sleep, from two that may do neither. */
export function createNow(monotonic, wall) {
  var at = 0, m = monotonic(), w = wall();
  return function () {
    var nextM = monotonic(), nextW = wall();
    at += Math.max(0, nextM - m, nextW - w);
    m = nextM;
    w = nextW;
    return at;
  };
}

/**
 * `env`: memory; now() in ms, counting through sleep; play, begin, idle as of createAnnouncer;
 * end(call, state, heard); command(what, done): a test sound or a reload.
 */
export function createOrder(env) {
  var data = null, when = null, leave_ms = 0, barred_ms = 0, epoch = null, begunIn = null;
  var announcer = createAnnouncer({
    now: env.now, turn: turn, play: env.play, begin: begin, idle: env.idle, end: end,
  });

  function turn() {
    if (!data || !data.display.speaks) return "silent";
    if (!data.display.shared || env.now() < leave_ms) return "speak";
    return "wait";
  }

  function begin(call) {
    begunIn = epoch;
    env.begin(call);
  }

  function end(call, state) {
    var heard = SOUNDS.indexOf(state) >= 0, isOurs = begunIn === epoch;
    if (!heard && state !== "silent") { // cannot speak: another may be let to at any moment
      leave_ms = 0;
      barred_ms = env.now();
    }
    if (isOurs) env.memory.add(call.call_id, state === "silent");
    env.end(call, state, heard && isOurs);
    setTimeout(pay, 0);
  }

  /** What was shown while another was to speak, and was not spoken by it, is spoken now. */
  function pay() {
    if (!data || !data.display.speaks) return;
    announcer.add(data.calls.filter(function (call) {
      return env.memory.owes(call.call_id) && ageOf(call, now()) <= OWED_S;
    }));
  }

  function now() {
    return { now_ms: when.now_ms + (env.now() - when.taken_ms) * (when.rate || 1), rate: when.rate };
  }

  function obey(commands) {
    env.memory.due(commands || []).forEach(function (one) {
      if (ageOf(one, now()) > COMMAND_S) return;
      announcer.aside(function (done) { env.command(one.do, done); });
    });
  }

  return {
    /** `at`: {live, now_ms, rate}; live is false for the first view after a (re)connect or a sleep. */
    take: function (view, at) {
      if (env.memory.reset(view.epoch)) announcer.forget();
      epoch = view.epoch;
      data = view.data;
      when = { now_ms: at.now_ms, rate: at.rate, taken_ms: env.now() };
      data.calls.forEach(function (call) { if (call.spoken) env.memory.settle(call.call_id); });
      var sorted = sort(data.calls, env.memory, at);
      sorted.old.forEach(function (call) { if (!announcer.has(call.call_id)) env.memory.add(call.call_id, false); });
      announcer.add(sorted.fresh);
      pay();
      obey(data.display.commands);
    },
    /** A report that was begun at `asked_ms` was answered: this display may speak, or not. */
    leave: function (asked_ms, speaks) {
      if (!speaks) leave_ms = 0;
      else if (asked_ms >= barred_ms) leave_ms = Math.max(leave_ms, asked_ms + LEASE_MS);
    },
    /** Whether another display may still be sounding a call that is over here. */
    unheard: function () {
      return data !== null && !data.display.speaks && data.calls.some(function (call) {
        return !call.spoken && ageOf(call, now()) <= HUSH_S;
      });
    },
    turn: turn,
    waiting: announcer.waiting,
  };
}
