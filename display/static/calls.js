// Which calls of a view are to be announced, and which are shown as current and as earlier.
// Pure: instants in, lists out. A call is known by its call_id within an epoch.

export const OLD_S = 30; // on connect or wake, an older call is shown, not sounded
const RECENT_MAX = 5;

const byId = (one, other) => one.call_id - other.call_id;

/**
 * The calls of `calls` that `known` (a Set of call_id) does not hold, in order of call_id:
 *   fresh: to be announced; old: too old to be sounded, to be remembered only.
 * A call received live is never too old. `now_ms` is the server's time; `rate` is how many of
 * its seconds pass in a real one (more than 1 only for a practice clock).
 */
export function sort(calls, known, { live, now_ms, rate = 1 }) {
  const unknown = calls.filter((call) => !known.has(call.call_id)).sort(byId);
  const isOld = (call) => !live && (now_ms - Date.parse(call.at)) / 1000 / rate > OLD_S;
  return { fresh: unknown.filter((call) => !isOld(call)), old: unknown.filter(isOld) };
}

/**
 * What stands large: the call being announced (unless it was set aside meanwhile), else the newest whose visitor is still called or
 * served at that very counter (`serving` of the view): a call that is over must not look like an
 * invitation. Null when there is none.
 */
export function currentOf(calls, announced, serving, aside = []) {
  if (announced && !aside.includes(announced.call_id)) return announced;
  const holds = (call) => serving.some((one) => one.number === call.number && one.counter === call.counter);
  return calls.filter(holds).sort(byId).pop() || null;
}

/**
 * The earlier calls, newest first, each number once and without the current one. A call that was set `aside`
 * (the number waits again, is held or was sent elsewhere) is left out: it would look like an invitation.
 */
export function earlierOf(calls, current, aside = []) {
  const shown = new Set(current ? [current.number] : []);
  const earlier = [];
  for (const call of [...calls].sort(byId).reverse()) {
    if (shown.has(call.number) || aside.includes(call.call_id)) continue;
    shown.add(call.number);
    earlier.push(call);
  }
  return earlier.slice(0, RECENT_MAX);
}
