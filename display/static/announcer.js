// Announces calls one after the other, in order of call_id, never over another (P9).
//
// A call is remembered as spoken only when its sound has ended: a screen that dies in the middle
// repeats that one call and no other. The sound is awaited with a bound, so that an audio device
// that hangs delays the next call and does not stop it.

const MANY = 2; // with more waiting than this, the short form
const HOLD_MS = 4000; // a call stays large at least so long, while others wait
const HOLD_SHORT_MS = 2000;
const SOUND_MAX_MS = 8000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * `play(call, {short})` sounds a call and resolves to the state of the sound ("ok" when it was
 * heard); `begin(call)` shows it; `end(call, heard)` is told when it is over; `idle()` when none
 * is left. Returns {add(calls), waiting(), forget()}.
 */
export function createAnnouncer({ play, begin, end, idle, pause_ms = pause }) {
  let queue = [];
  let current = null;

  function add(calls) {
    const known = new Set(queue.map((call) => call.call_id));
    if (current) known.add(current.call_id);
    queue.push(...calls.filter((call) => !known.has(call.call_id)));
    queue.sort((one, other) => one.call_id - other.call_id);
    if (!current && queue.length) run();
  }

  async function run() {
    while (queue.length) {
      current = queue.shift();
      const short = queue.length >= MANY;
      begin(current);
      const [state] = await Promise.all([
        Promise.race([sound(current, short), pause_ms(SOUND_MAX_MS).then(() => "error")]),
        pause_ms(short ? HOLD_SHORT_MS : HOLD_MS),
      ]);
      end(current, state === "ok");
      current = null;
    }
    idle();
  }

  async function sound(call, short) {
    try {
      return await play(call, { short });
    } catch {
      return "error"; // shown and reported by the page; the next call tries again
    }
  }

  return {
    add,
    waiting: () => queue.map((call) => call.call_id),
    has: (id) => current?.call_id === id || queue.some((call) => call.call_id === id),
    /** Drops what waits (another epoch: those calls never were). */
    forget: () => (queue = []),
  };
}
