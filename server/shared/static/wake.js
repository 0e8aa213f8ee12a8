// Notices that the page or the machine slept: a tick came much too late on either clock.

const SLEPT_MS = 6000;

/** {tick, late}: call tick() from a fast timer; late() is true when the last tick is long ago. */
export function sleepWatch() {
  let mono_ms = performance.now();
  let wall_ms = Date.now(); // counts through a suspended machine, where the other may stand still
  return {
    late: () => Math.max(performance.now() - mono_ms, Date.now() - wall_ms) > SLEPT_MS,
    tick: () => {
      mono_ms = performance.now();
      wall_ms = Date.now();
    },
  };
}

/** Calls `wake` whenever the page comes back to sight or to the network; returns how to stop. */
export function onWake(wake) {
  const visible = () => document.visibilityState === "visible" && wake();
  const sources = [[document, "visibilitychange"], [window, "pageshow"], [window, "online"]];
  sources.forEach(([target, name]) => target.addEventListener(name, visible));
  return () => sources.forEach(([target, name]) => target.removeEventListener(name, visible));
}
