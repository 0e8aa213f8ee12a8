// Which views a screen accepts, and what a pulse tells it. Pure: no clock, no network.
// A position is {epoch: string, version: number}; null means nothing was seen yet.

/** True when `incoming` replaces `held`: another epoch always, else a newer version. */
export function accepts(held, incoming) {
  if (!incoming || typeof incoming.epoch !== "string") return false;
  if (!Number.isFinite(incoming.version)) return false;
  if (!held || held.epoch !== incoming.epoch) return true;
  return incoming.version > held.version;
}

/** True when a pulse shows that the server knows more than we hold, or another history. */
export function isBehind(held, pulse) {
  return accepts(held, pulse);
}

/** True when both name the same state (a pulse that confirms what is on the screen). */
export function isSame(held, other) {
  return Boolean(held && other) && held.epoch === other.epoch && held.version === other.version;
}

/** The position of a view or a pulse. */
export function positionOf(message) {
  return { epoch: message.epoch, version: message.version };
}

/** Whether the screen must say that it is stale. Times in ms of one monotonic clock. */
export function isStale(lastContact_ms, now_ms, limit_ms) {
  return now_ms - lastContact_ms >= limit_ms;
}

/** The pause before attempt n (from 0) in ms: 200, 400, 800 ... at most `max_ms`, 0.5 to 1 of it. */
export function backoff_ms(attempt, random, max_ms = 2000, first_ms = 200) {
  const whole = Math.min(max_ms, first_ms * 2 ** Math.min(attempt, 16));
  return Math.round(whole * (0.5 + 0.5 * random));
}
