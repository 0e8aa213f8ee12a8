// Which calls of a view are to be announced, and which are shown as current and as earlier.
// Pure: instants in, lists out. A call is known by its call_id within an epoch.
// ES5, like all that decides what is spoken: the page for old TVs runs the same.

export var OLD_S = 30; // on connect or wake, an older call is shown, not sounded
// A younger call that nobody spoke is spoken by who takes over: as long as the 12 calls that a view always has
// take to be said.
export var OWED_S = 120;
var RECENT_MAX = 5;

function byId(one, other) {
  return one.call_id - other.call_id;
}

/** How old a call is in real seconds. `when` is {now_ms, rate}: the server's time, and how many of its seconds
 * pass in a real one (more than 1 only for a practice clock). */
export function ageOf(call, when) {
  return (when.now_ms - Date.parse(call.at)) / 1000 / (when.rate || 1);
}

/**
 * The calls of `calls` that `known` (has(call_id)) does not hold, in order of call_id:
 *   fresh: to be announced; old: too old to be sounded, or heard already, to be remembered only.
 * A call received live (`when.live`) is never too old.
 */
export function sort(calls, known, when) {
  var unknown = calls.filter(function (call) { return !known.has(call.call_id); }).sort(byId);
  function isOld(call) {
    return call.spoken === true || (!when.live && ageOf(call, when) > OLD_S);
  }
  return {
    fresh: unknown.filter(function (call) { return !isOld(call); }),
    old: unknown.filter(isOld),
  };
}

/**
 * What stands large: the call being announced (unless it was set aside meanwhile), else the newest whose visitor is still called or
 * served at that very counter (`serving` of the view): a call that is over must not look like an
 * invitation. Null when there is none.
 */
export function currentOf(calls, announced, serving, aside) {
  if (announced && (aside || []).indexOf(announced.call_id) < 0) return announced;
  function holds(call) {
    return serving.some(function (one) { return one.number === call.number && one.counter === call.counter; });
  }
  return calls.filter(holds).sort(byId).pop() || null;
}

/**
 * The earlier calls, newest first, each number once and without the current one. A call that was set `aside`
 * (the number waits again, is held or was sent elsewhere) is left out: it would look like an invitation.
 */
export function earlierOf(calls, current, aside) {
  var shown = {};
  if (current) shown[current.number] = true;
  return calls.slice().sort(byId).reverse().filter(function (call) {
    if (shown[call.number] || (aside || []).indexOf(call.call_id) >= 0) return false;
    shown[call.number] = true;
    return true;
  }).slice(0, RECENT_MAX);
}
