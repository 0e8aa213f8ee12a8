// Announces calls one after the other, in order of call_id, never over another (P9). ES5.
//
// A call is remembered as spoken only when its sound has ended: a screen that dies in the middle
// repeats that one call and no other. A screen that may be relieved by another speaks only while
// it has leave (`turn`): when that ends it falls silent at once, in the middle of a word.

var MANY = 2; // with more waiting than this, the short form
var HOLD_MS = 4000; // a call stays large at least so long, while others wait
var HOLD_SHORT_MS = 2000;
var SOUND_MAX_MS = 60000; // the player has its own bound, by the length of the sound
var LOOK_MS = 200;
var LEAVE_MAX_MS = 30000; // so long a call waits for leave, then it is only shown
var CUTS_MAX = 2; // so often a call is begun again

/**
 * `env`: now() in ms; turn(): "speak", "wait" (for leave) or "silent" (another speaks);
 * play(call, isShort, done): sounds it, calls done(state) once it has ended, returns how to stop it;
 * begin(call) shows it; end(call, state) is told when it is over, with "ok", "chime", "locked", "error",
 * "muted" or "silent"; idle() when none is left.
 */
export function createAnnouncer(env) {
  var queue = [], asides = [], current = null, former = null, isBusy = false;

  function has(id) {
    return (current !== null && current !== former && current.call_id === id) || queue.some(function (call) { return call.call_id === id; });
  }

  function add(calls) {
    calls.forEach(function (call) { if (!has(call.call_id)) queue.push(call); });
    queue.sort(function (one, other) { return one.call_id - other.call_id; });
    if (!isBusy && queue.length) next();
  }

  /** Something else that sounds (a test), between two calls: `act(done)`. */
  function aside(act) {
    asides.push(act);
    if (!isBusy) next();
  }

  function next() {
    isBusy = true;
    if (asides.length) return asides.shift()(once(next));
    if (!queue.length) {
      isBusy = false;
      return env.idle();
    }
    current = queue.shift();
    env.begin(current);
    attempt({ call: current, isShort: queue.length >= MANY, since: env.now(), cuts: 0 });
  }

  function attempt(job) {
    var word = env.turn();
    if (word === "speak" && job.cuts <= CUTS_MAX) return sound(job);
    if (word === "wait" && job.cuts <= CUTS_MAX && env.now() - job.since < LEAVE_MAX_MS) {
      return setTimeout(function () { attempt(job); }, LOOK_MS);
    }
    over(job, "silent");
  }

  function sound(job) {
    var begun = env.now(), stop = null, watch = null;
    var ended = once(function (state) {
      clearInterval(watch);
      over(job, state);
    });
    watch = setInterval(function () {
      var isCut = env.turn() !== "speak", isLong = env.now() - begun > SOUND_MAX_MS;
      if (!isCut && !isLong) return;
      if (stop) stop();
      if (isLong) return ended("error");
      ended.forget();
      clearInterval(watch);
      job.cuts += 1;
      attempt(job);
    }, LOOK_MS);
    try {
      stop = env.play(job.call, job.isShort, ended);
    } catch (broken) {
      ended("error"); // shown and reported by the page; the next call tries again
    }
  }

  /** The call stays large for its time, however short its sound was. */
  function over(job, state) {
    var rest = (job.isShort ? HOLD_SHORT_MS : HOLD_MS) - (env.now() - job.since);
    if (rest > 0) setTimeout(end, rest);
    else end();
    function end() {
      current = null;
      env.end(job.call, state);
      next();
    }
  }

  return {
    add: add,
    aside: aside,
    has: has,
    waiting: function () { return queue.map(function (call) { return call.call_id; }); },
    /** Drops what waits (another epoch: those calls never were, and their ids are free). */
    forget: function () {
      queue = [];
      former = current;
    },
  };
}

/** `act` that runs at most once; forget() makes it never run. */
function once(act) {
  var isOver = false;
  function run(value) {
    if (isOver) return;
    isOver = true;
    act(value);
  }
  run.forget = function () { isOver = true; };
  return run;
}
