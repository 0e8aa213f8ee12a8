// One press, one intent, one key: a staff button is safe to press twice.
//
// While a press is on its way no other is taken. After it there is a short rest, because the
// big button changes its meaning at once and a double click must not press the new one too.
// An intent whose outcome is unknown (no answer) keeps its key: pressing again sends the same
// key, so the server gives the same answer instead of acting twice.

import { newKey, post } from "./http.js";

const DOUBLE_CLICK_MS = 700; // from the press on: a slow double click of an unpractised hand
const NEW_MEANING_MS = 300; // from the answer on: time to see what the button means now
const SETTLE_MAX_MS = 2000; // how long a press waits to see itself in a view
const KEYS_MAX = 50;

const unknown = new Map(); // intent name -> key of a press without an answer
let busy = null; // the name of the intent on its way
let restUntil = 0;

/** The name of the intent on its way, or null. */
export function pressing() {
  return busy;
}

/** Forgets all kept keys: the view has moved on, so the same word is a new intent. */
export function newTurn() {
  unknown.clear();
}

/** True while a press would be ignored. */
export function resting() {
  return busy !== null || performance.now() < restUntil;
}

/** Says on <html data-resting> what `resting()` says, for the looks of the page and for tests. */
function showResting() {
  const left_ms = restUntil - performance.now();
  document.documentElement.toggleAttribute("data-resting", resting());
  if (busy === null && left_ms > 0) setTimeout(showResting, left_ms + 1);
}

function keyFor(name) {
  if (!unknown.has(name)) {
    if (unknown.size >= KEYS_MAX) unknown.clear();
    unknown.set(name, newKey());
  }
  return unknown.get(name);
}

async function send(intent) {
  const key = intent.key || keyFor(intent.name);
  const answer = await post(intent.url, intent.body || {}, { key });
  // Only an answer that tells the outcome frees the key.
  if (answer.status !== 0 && answer.status !== 503) unknown.delete(intent.name);
  return answer;
}

/** Resolves when `done()` is true, looked at every 50 ms, or after `SETTLE_MAX_MS`. */
function settled(done) {
  const end = performance.now() + SETTLE_MAX_MS;
  return new Promise((resolve) => {
    const look = () => (done() || performance.now() > end ? resolve() : setTimeout(look, 50));
    look();
  });
}

/**
 * Presses `intent`: {name (the same for the same wish), url, body, key?, seen(answer) -> bool}.
 * `key` is for a wish whose key the page itself keeps; `seen` says whether the view shows the answer. `changed()` is called whenever
 * `pressing()` changes. Resolves to the answer, or to null when the press was not taken.
 */
export async function press(intent, changed = () => {}) {
  if (resting()) return null;
  const pressedAt = performance.now();
  busy = intent.name;
  showResting();
  changed();
  const answer = await send(intent);
  if (answer.status === 401) {
    window.location.reload(); // the session has ended: back to the log-in form
    return answer;
  }
  if (answer.ok && intent.seen) await settled(() => intent.seen(answer));
  restUntil = Math.max(pressedAt + DOUBLE_CLICK_MS, performance.now() + NEW_MEANING_MS);
  busy = null;
  showResting();
  changed();
  return answer;
}
