// A short sound for an alert that was not there before: only where this browser was told to, and never for the first view.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

const KEPT = "supervisor.sound";
const TONES_HZ = [660, 880];
const TONE_S = 0.18;

let context = null;
let known = null; // keys of the alerts of the last view

/** Whether this browser sounds; a browser that keeps nothing does not. */
export function sounds() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
}

/** Two tones, one after the other; silent where the browser has no sound. */
export function ring() {
  const Context = window.AudioContext;
  if (!Context) return;
  context ??= new Context();
  context.resume();
  TONES_HZ.forEach((hertz, n) => {
    const [tone, level] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hertz;
    level.gain.value = 0.2;
    tone.connect(level).connect(context.destination);
    tone.start(context.currentTime + n * TONE_S);
    tone.stop(context.currentTime + (n + 1) * TONE_S);
  });
}

/** Takes the alerts of a view; rings once when one is new. */
export function listen(alerts) {
  const keys = new Set(alerts.map((one) => one.key || `${one.code} ${one.text}`));
  const isNew = known !== null && Array.from(keys).some((key) => !known.has(key));
  known = keys;
  if (isNew && sounds()) ring();
}

/** The switch; pressing it on sounds once, so that one hears what will come. */
export function soundSwitch(changed) {
  const isOn = sounds();
  const toggle = () => {
    try {
      localStorage.setItem(KEPT, isOn ? "off" : "on");
    } catch {
      return;
    }
    if (!isOn) ring();
    changed();
  };
  return el("button", { type: "button", class: "small", "aria-pressed": isOn ? "true" : "false", data: { focus: "sound", sound: isOn },
    onClick: toggle }, t(isOn ? "supervisor.sound_on" : "supervisor.sound_off"));
}
