// The chime, made by two oscillators: no file, no network. A browser may forbid sound until
// the screen was touched; then the state is "locked" and the page asks for a touch.

const CHIME = [[659.25, 0], [523.25, 0.45]]; // Hz (E5, C5) and start in s
const NOTE_S = 0.9;
const CHIME_S = 1.5;
const START_WAIT_MS = 600;

let context = null;
let failed = false;
let volume = 1;

/** Whether the browser would let a page sound now: asked without making it complain on the console. */
function permitted() {
  if (navigator.userActivation?.hasBeenActive) return true;
  if (navigator.getAutoplayPolicy) return navigator.getAutoplayPolicy("audiocontext") === "allowed";
  const probe = new Audio();
  probe.play()?.catch(() => undefined);
  const allowed = !probe.paused; // what may not play stays paused
  probe.pause();
  return allowed;
}

function audio() {
  if (!context && permitted()) {
    try {
      context = new AudioContext();
    } catch {
      failed = true;
    }
  }
  return context;
}

const within = (promise, ms) =>
  Promise.race([promise.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, ms))]);

/** "ok", "locked" (needs a touch), "error" or "muted". */
export function soundState() {
  if (volume === 0) return "muted";
  if (failed) return "error";
  return context?.state === "running" ? "ok" : "locked";
}

/** How loud this screen is, 0 (silenced on purpose) to 1. */
export function setVolume(part) {
  volume = part;
}

/** Tries to start sound; call it on load and from a touch or key. Resolves to soundState(). */
export async function unlock() {
  if (audio()) failed = false; // a device that failed once is tried again
  if (context && context.state !== "running") await within(context.resume(), START_WAIT_MS);
  return soundState();
}

function note(frequency_hz, start_s) {
  const oscillator = new OscillatorNode(context, { type: "sine", frequency: frequency_hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0.0001, start_s);
  gain.gain.exponentialRampToValueAtTime(Math.max(0.001, 0.5 * volume), start_s + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start_s + NOTE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start_s);
  oscillator.stop(start_s + NOTE_S);
  return new Promise((resolve) => oscillator.addEventListener("ended", resolve, { once: true }));
}

/**
 * Plays the chime (`short`: one note only) and resolves to soundState() when it has ended. It always resolves, at the
 * latest after twice its length: an audio device that died must not stop the calls behind it.
 */
export async function chime({ short = false } = {}) {
  if ((await unlock()) !== "ok") return soundState();
  try {
    const start_s = context.currentTime + 0.03;
    const ends = (short ? CHIME.slice(0, 1) : CHIME).map(([frequency_hz, after_s]) => note(frequency_hz, start_s + after_s));
    await within(Promise.all(ends), 2 * CHIME_S * 1000);
    failed = false;
  } catch {
    failed = true; // shown and reported; the next call tries again
  }
  return soundState();
}
